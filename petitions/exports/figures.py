"""The table of rates: every rate with both its parts, and what it would be if nothing were left out."""

from datetime import datetime

from django.http import QueryDict

from accounts.listings import Cell, Column, Found, Listing, listed
from accounts.models import User
from accounts.notnow import NotNow
from petitions import ranking, rates
from petitions.forms.rates import RatesForm
from petitions.ranking import Standing

NOTE = "“剔除前”为未剔除任何诉求时的数；剔除须两人、有理由代码。口径见“考核口径”页。"


def find(user: User, asked: QueryDict, at: datetime) -> Found:
    form = RatesForm(asked, at=at)
    if not form.is_valid():
        raise NotNow(" ".join(str(error) for errors in form.errors.values() for error in errors))
    wanted = form.asked()
    lines = [*ranking.standings(user, wanted, at), ranking.total(user, wanted, at)]
    return listed(lines, _cells, ranking.said(wanted))


def _cells(line: Standing) -> tuple[Cell, ...]:
    values: list[float | None] = []
    for rate, raw in zip(line.line.rates, line.line.raw_rates, strict=True):
        values += [rate.part, rate.whole, rate.value, raw.value]
    deductions = [line.line.counts[one.mark] for one in rates.DEDUCTIONS]
    score = None if line.value is None else round(line.value, 2)
    return (line.name, *values, *deductions, line.deducted, score, "满意率异常" if line.odd else "")


def _columns() -> tuple[Column, ...]:
    columns = [Column("名称", 28)]
    for measure in rates.MEASURES.values():
        columns += [Column(f"{measure.label}（分子）"), Column(f"{measure.label}（分母）")]
        columns += [Column(measure.label, percent=True), Column(f"{measure.label}（剔除前）", percent=True)]
    deductions = [Column(rates.MARKS[one.mark]) for one in rates.DEDUCTIONS]
    return (*columns, *deductions, Column("扣分"), Column("综合得分"), Column("提示"))


LISTS = (Listing("rates", "考核指标", _columns(), find, note=NOTE),)
