"""Hazards, and the premises that are patrolled, as Excel sheets: what their pages list, narrowed by the same words."""

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from accounts.listings import Cell, Column, Found, Listing, found, minute
from accounts.masking import mask_numbers
from accounts.models import User
from grids import hazard_facets, shops
from grids.models import OF_HOMES, Hazard, Place, Premises
from grids.scope import holds

WHEN = 17


def hazards(user: User, query: QueryDict, at: datetime) -> Found:
    facet = hazard_facets.named(query.get("facet", ""))
    place = _place(query)
    rows = Hazard.objects.visible_to(user).filter(facet.where(user, timezone.localdate(at)))
    rows = rows.in_place(place.code) if place else rows
    rows = rows.select_related("item", "place__parent", "found_by").defer("place__boundary", "place__parent__boundary")
    return found(rows.order_by("-found_at", "-id"), _hazard, f"{facet.label}；{place or '全部网格'}")


def premises(user: User, query: QueryDict, at: datetime) -> Found:
    asked = shops.Asked.read(query)
    rows = asked.narrow(Premises.objects.visible_to(user), timezone.localdate(at))
    rows = rows.select_related("place__parent").defer(*shops.MASKS, "place__boundary", "place__parent__boundary")
    kind = Premises.Kind(asked.kind).label if asked.kind else "全部类型"
    said = [shops.FACETS[asked.facet][0], kind, str(_place(query) or "全部网格")]
    return found(rows, _premises, "；".join([*said, *([f"含“{asked.words}”"] if asked.words else [])]))


def _hazard(one: Hazard) -> tuple[Cell, ...]:
    where = (str(one.place.parent), one.place.name, one.address)
    what = (f"{one.item.code} {one.item.name}", mask_numbers(one.words), one.get_state_display())
    when = (minute(one.found_at), str(one.found_by), f"{one.recheck_on or ''}", minute(one.cleared_at))
    return (*where, *what, mask_numbers(one.after_words), *when)


def _premises(one: Premises) -> tuple[Cell, ...]:
    where = (str(one.place.parent), one.place.name, one.name, one.get_kind_display(), one.address)
    return (*where, f"{one.inspected_on or ''}", f"{one.patrol_due_on or ''}", minute(one.closed_at))


def _place(query: QueryDict) -> Place | None:
    return Place.objects.only("code", "name").filter(pk=query.get("place", "")).first()


def _open_to(user: User) -> bool:
    return holds(user, *OF_HOMES)


PLACE = (Column("社区", 14), Column("网格", 14))
LISTS = (
    Listing(
        "hazards",
        "隐患台账",
        (
            *PLACE,
            *(Column("地址", 32), Column("事项", 26), Column("现场情况", 50), Column("状态", 18)),
            *(Column("处置结果", 40), Column("发现时间", WHEN), Column("发现人", 10)),
            *(Column("复查日期", 12), Column("销号时间", WHEN)),
        ),
        hazards,
    ),
    Listing(
        "premises",
        "单位与商户",
        (
            *PLACE,
            *(Column("名称", 26), Column("类型", 14), Column("地址", 32)),
            *(Column("最近巡查", 12), Column("下次巡查不晚于", 16), Column("停业时间", WHEN)),
        ),
        premises,
        _open_to,
    ),
)
