"""The rows of a list: what each cell says, worked out here so that the template only prints it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, FilteredRelation, OuterRef, Q

from grids.models import Item
from petitions import choices
from petitions.keyset import Order
from petitions.models import Clock, Status, Tag
from petitions.models.petition import PetitionQuerySet
from petitions.terms import Kept
from petitions.timeleft import TimeLeft, first_due, time_left

FIELDS = (
    "pk",
    "number",
    "title",
    "status",
    "urgency",
    "tags",
    "redo_count",
    "registered_at",
    "item__name",
    "unit__name",
    "unit__short_name",
    "place",
)
ZONE = ZoneInfo(settings.TIME_ZONE)
STATUSES: dict[str, str] = dict(Status.choices)
TAGS: dict[str, str] = dict(Tag.choices)
URGENCIES: dict[str, str] = {Item.Urgency.URGENT: "紧急", Item.Urgency.CRITICAL: "特急"}


class Row(TypedDict):
    number: str
    title: str
    status: str
    marks: str
    left: TimeLeft | None
    item: str
    unit: str
    place: str
    registered_at: str


SORTS = {
    "newest": ("最新登记在前", Order("registered_at", "pk", newest_first=True)),
    "oldest": ("最早登记在前", Order("registered_at", "pk")),
    "due": ("最先到期在前", Order("running__due_at", "running__id")),
}


def in_order(petitions: PetitionQuerySet, sort: str) -> tuple[Any, Order]:
    """What the database has to give for the rows, the caller not among it; and how they follow each other."""
    _, order = SORTS.get(sort, SORTS["newest"])
    if sort == "due":
        petitions = by_first_due(petitions)
    return petitions.values(*dict.fromkeys((*FIELDS, order.instant, order.tie))), order


def by_first_due(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """One row per petition that still has a promise to keep, with its running clock that falls due first."""
    earlier = (
        Clock.objects.running()
        .filter(petition=OuterRef("pk"))
        .filter(
            Q(due_at__lt=OuterRef("running__due_at"))
            | Q(due_at=OuterRef("running__due_at"), pk__lt=OuterRef("running__id"))
        )
    )
    return petitions.annotate(running=FilteredRelation("clocks", condition=Q(clocks__stopped_at=None))).filter(
        ~Exists(earlier), running__due_at__isnull=False
    )


def rows(found: list[dict[str, Any]], at: datetime) -> list[Row]:
    """One query for the clocks of all rows together."""
    waiting = [row["pk"] for row in found]
    clocks = first_due(Clock.objects.running().filter(petition__in=waiting)) if waiting else {}
    named = place_names()
    return [row_of(row, clocks.get(row["pk"]), at, named) for row in found]


def row_of(row: dict[str, Any], clock: Clock | None, at: datetime, named: dict[str, str]) -> Row:
    return {
        "number": row["number"],
        "title": row["title"],
        "status": STATUSES[row["status"]],
        "marks": "、".join(_marks(row)),
        "left": time_left(clock, at) if clock else None,
        "item": row["item__name"],
        "unit": row["unit__short_name"] or row["unit__name"] or "",
        "place": named.get(row["place"], row["place"]),
        "registered_at": row["registered_at"].astimezone(ZONE).strftime("%Y-%m-%d %H:%M"),
    }


def _marks(row: dict[str, Any]) -> list[str]:
    """What makes a petition more than ordinary, in words."""
    marks = [URGENCIES[row["urgency"]]] if row["urgency"] in URGENCIES else []
    if row["redo_count"]:
        marks.append(f"第 {row['redo_count'] + 1} 次办理")
    return marks + [TAGS.get(tag, tag) for tag in row["tags"]]


def _name_places() -> dict[str, str]:
    """Street, community and grid in one line, as one would say it."""
    known = choices.places()
    return {
        code: " ".join(known[above].name for above in place.path_codes[1:] if above in known) or place.name
        for code, place in known.items()
    }


place_names: Callable[[], dict[str, str]] = Kept(_name_places)
