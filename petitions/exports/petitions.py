"""The list of petitions, narrowed and sorted as its address says; the caller is not in it."""

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace

from django.http import QueryDict

from accounts.listings import CHUNK, MOST, Cell, Column, Found, Listing, minute
from accounts.models import User
from accounts.notnow import NotNow
from petitions.filters import PetitionFilter
from petitions.models import Nature, Petition
from petitions.models.petition import PetitionQuerySet
from petitions.moments import spelled
from petitions.rows import FIELDS, in_order, names, row_of

MORE = ("nature", "channel__name", "happened_at", "concluded_at")


def find(user: User, asked: QueryDict, at: datetime) -> Found:
    narrowed = PetitionFilter(asked, Petition.objects.visible_to(user), request=SimpleNamespace(user=user))
    if narrowed.errors:
        raise NotNow("这些条件有错，请先在清单上改正再导出。")
    rows: PetitionQuerySet = narrowed.qs
    count = rows.order_by()[: MOST + 1].count
    return Found(narrowed.said(), count, _lines(rows, asked.get("sort", ""), at))


def _lines(petitions: PetitionQuerySet, sort: str, at: datetime) -> Iterator[tuple[Cell, ...]]:
    found, order = in_order(petitions, sort)
    found = found.values(*dict.fromkeys((*FIELDS, *MORE, order.instant, order.tie)))
    named = names()
    for values in found.order_by(*order.columns)[:MOST].iterator(chunk_size=CHUNK):
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
            minute(values["concluded_at"]),
        )


COLUMNS = (
    Column("工单编号", 20),
    Column("标题", 40),
    Column("状态", 12),
    Column("标记", 18),
    Column("事项", 26),
    Column("诉求性质", 10),
    Column("渠道", 14),
    Column("承办单位", 24),
    Column("所属网格", 28),
    Column("发生时间", 17),
    Column("登记时间", 17),
    Column("办结时间", 17),
)
LISTS = (Listing("petitions", "诉求列表", COLUMNS, find, note="诉求人信息不在其中。"),)
