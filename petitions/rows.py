"""The rows of a list: what each cell says, worked out here so that the template only prints it."""

from dataclasses import dataclass
from datetime import datetime
from html import escape  # Django's asks of every word whether it is lazy
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.safestring import SafeString

from accounts.models import Unit
from grids.models import Item
from petitions import choices, keyset
from petitions.keyset import Order
from petitions.models import Clock, Status, Tag
from petitions.models.petition import PetitionQuerySet
from petitions.promises import Length
from petitions.terms import Kept
from petitions.timeleft import FIRST_DUE, Due, TimeLeft, time_left

# Names of items, units and places are few and steady: they are looked up here instead of joined fifty times.
FIELDS = ("pk", "number", "title", "status", "urgency", "tags", "redo_count", "registered_at", "item", "unit", "place")
ZONE = ZoneInfo(settings.TIME_ZONE)
STATUSES: dict[str, str] = dict(Status.choices)
TAGS: dict[str, str] = dict(Tag.choices)
URGENCIES: dict[str, str] = {Item.Urgency.URGENT: "紧急", Item.Urgency.CRITICAL: "特急"}


@dataclass(slots=True)
class Row:
    number: str
    title: str
    status: str
    marks: str
    left: TimeLeft | None
    item: str
    unit: str
    place: str
    registered_at: str


@dataclass(frozen=True, slots=True)
class Names:
    items: dict[int, str]
    units: dict[int, str]
    places: dict[str, str]


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


BESIDE = f"LEFT JOIN LATERAL ({FIRST_DUE.format(petition='page.pk')}) AS due ON true"


def page_of(
    petitions: PetitionQuerySet, sort: str, at: datetime, *, size: int, after: str = "", before: str = ""
) -> tuple[list[Row], keyset.Page]:
    """One query: the petitions, and beside each the promise of it that falls due first."""
    found, order = in_order(petitions, sort)
    page = keyset.page(found, order, beside=BESIDE, size=size, after=after, before=before)
    named = names()
    return [row_of(row, _due(row), at, named) for row in page.rows], page


def _due(row: dict[str, Any]) -> Due | None:
    if row["promise"] is None:
        return None
    return Due(row["promise"], row["due_at"], Length(row["amount"], row["span"]), row["warned_at"])


def row_of(row: dict[str, Any], due: Due | None, at: datetime, named: Names) -> Row:
    return Row(
        row["number"],
        row["title"],
        STATUSES[row["status"]],
        _marks(row),
        time_left(due, at) if due else None,
        named.items.get(row["item"], ""),
        named.units.get(row["unit"], "") if row["unit"] else "",
        named.places.get(row["place"], row["place"]),
        row["registered_at"].astimezone(ZONE).strftime("%Y-%m-%d %H:%M"),
    )


LINE = (
    '<tr><td><a href="/petitions/{}/">{}</a><small>{}</small></td><td>{}</td><td>{}</td>'
    "<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
)
LEFT = '<span class="tone tone-{}">{} {}</span>'


def cells(shown: list[Row]) -> SafeString:
    """The body of the table in one pass: a template's tags cost more than all queries of the page together."""
    lines = []
    for row in shown:
        about = f"{row.number} · {row.marks}" if row.marks else row.number
        left = LEFT.format(row.left.tone, row.left.promise, row.left.words) if row.left else ""
        said = map(escape, (row.item, row.unit, row.place, row.registered_at))
        lines.append(LINE.format(row.number, escape(row.title), escape(about), row.status, left, *said))
    return SafeString("".join(lines))


def _marks(row: dict[str, Any]) -> str:
    """What makes a petition more than ordinary, in words."""
    marks = [URGENCIES[row["urgency"]]] if row["urgency"] in URGENCIES else []
    if row["redo_count"]:
        marks.append(f"第 {row['redo_count'] + 1} 次办理")
    return "、".join([*marks, *(TAGS.get(tag, tag) for tag in row["tags"])])


def _read_names() -> Names:
    known = choices.places()
    return Names(
        items=dict(Item.objects.values_list("pk", "name")),
        units={unit.pk: str(unit) for unit in Unit.objects.only("name", "short_name")},
        places={
            # A grid carries its community's name: “圣城街道 向阳第1网格”.
            code: f"{known[code[:9]].name} {place.name}" if len(code) > 9 and code[:9] in known else place.name
            for code, place in known.items()
        },
    )


names = Kept(_read_names)
