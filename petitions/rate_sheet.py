"""The table of rates as an Excel sheet: every rate with both its parts, signed with who took it and when."""

import io
from datetime import datetime

import xlsxwriter
from django.utils import timezone

from accounts.models import Access, User
from petitions import ranking, rates
from petitions.exports import OPTIONS, Sheet
from petitions.ranking import Asked, Standing

NOTE = "“剔除前”为未剔除任何诉求时的数；剔除须两人、有理由代码。口径见“考核口径”页。"


def sheet_of(asked: Asked, *, by: User, at: datetime) -> Sheet:
    said, when = ranking.said(asked), timezone.localtime(at)
    Access.objects.create(by=by, at=at, kind=Access.Kind.EXPORT, subject="rates", field="考核指标", reason=said[:200])
    lines = [*ranking.standings(by, asked, at), ranking.total(by, asked, at)]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet("考核指标")
        bold, percent = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "0.0%"})
        sheet.write_string(0, 0, f"导出人：{by}（{by.username}）　导出时间：{when:%Y-%m-%d %H:%M}　条件：{said}")
        sheet.write_string(1, 0, NOTE)
        sheet.set_column(0, 0, 28)
        for column, label in enumerate(_heads()):
            sheet.write_string(2, column, label, bold)
        sheet.freeze_panes(3, 1)
        for row, line in enumerate(lines, start=3):
            sheet.write_string(row, 0, line.name)
            for column, value in enumerate(_values(line), start=1):
                if value is not None:
                    sheet.write_number(row, column, value, percent if _is_rate(column) else None)
            if line.odd:
                sheet.write_string(row, len(_heads()) - 1, "满意率异常")
    file.seek(0)
    return Sheet(f"考核指标-{when:%Y%m%d-%H%M}.xlsx", file)


def _heads() -> list[str]:
    heads = [GROUP]
    for measure in rates.MEASURES.values():
        heads += [f"{measure.label}（分子）", f"{measure.label}（分母）", measure.label, f"{measure.label}（剔除前）"]
    return [*heads, *(rates.MARKS[one.mark] for one in rates.DEDUCTIONS), "扣分", "综合得分", "提示"]


GROUP = "名称"
OF_A_MEASURE = 4  # part, whole, rate, rate with what was left out


def _values(line: Standing) -> list[float | None]:
    values: list[float | None] = []
    for rate, raw in zip(line.line.rates, line.line.raw_rates, strict=True):
        values += [rate.part, rate.whole, rate.value, raw.value]
    score = line.value
    deductions = [line.line.counts[one.mark] for one in rates.DEDUCTIONS]
    return [*values, *deductions, line.deducted, None if score is None else round(score, 2)]


def _is_rate(column: int) -> bool:
    return column <= OF_A_MEASURE * len(rates.MEASURES) and (column - 1) % OF_A_MEASURE >= 2
