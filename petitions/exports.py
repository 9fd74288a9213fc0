"""The list as an Excel sheet: masked, capped, signed with who took it and when, and on record before it is written."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from accounts.models import Access, User
from petitions.models import Nature
from petitions.models.petition import PetitionQuerySet
from petitions.moments import spelled
from petitions.rows import FIELDS, in_order, names, row_of

MOST = 20_000
COLUMNS = (
    ("工单编号", 20),
    ("标题", 40),
    ("状态", 12),
    ("标记", 18),
    ("事项", 26),
    ("诉求性质", 10),
    ("渠道", 14),
    ("承办单位", 24),
    ("所属网格", 28),
    ("发生时间", 17),
    ("登记时间", 17),
    ("办结时间", 17),
)
MORE = ("nature", "channel__name", "happened_at", "concluded_at")
# A cell that starts with “=” stays the words somebody said.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    file: io.BytesIO


def sheet_of(petitions: PetitionQuerySet, *, sort: str, by: User, at: datetime, asked: str) -> Sheet:
    Access.objects.create(
        by=by, at=at, kind=Access.Kind.EXPORT, subject="petitions", field="诉求列表（脱敏）", reason=asked[:200]
    )
    when = timezone.localtime(at)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet("诉求")
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, (_, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, f"导出人：{by}（{by.username}）　导出时间：{when:%Y-%m-%d %H:%M}　条件：{asked}")
        sheet.write_string(1, 0, f"内部资料，诉求人信息已隐去；每次最多 {MOST} 件，超出的请缩小范围后分次导出。")
        for column, (label, _) in enumerate(COLUMNS):
            sheet.write_string(2, column, label, bold)
        sheet.freeze_panes(3, 1)
        for line, cells in enumerate(_lines(petitions, sort, at), start=3):
            for column, words in enumerate(cells):
                sheet.write_string(line, column, words)
    file.seek(0)
    return Sheet(f"诉求列表-{when:%Y%m%d-%H%M}.xlsx", file)


def _lines(petitions: PetitionQuerySet, sort: str, at: datetime) -> Iterator[tuple[str, ...]]:
    found, order = in_order(petitions, sort)
    found = found.values(*dict.fromkeys((*FIELDS, *MORE, order.instant, order.tie)))
    named = names()
    for values in found.order_by(*order.columns)[:MOST].iterator(chunk_size=2000):
        row = row_of(values, None, at, named)
        yield (
            row.number,
            row.title,
            row.status,
            row.marks,
            row.item,
            Nature(values["nature"]).label,
            values["channel__name"],
            row.unit,
            row.place,
            spelled(values["happened_at"]),
            row.registered_at,
            _minute(values["concluded_at"]),
        )


def _minute(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
