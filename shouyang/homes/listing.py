"""The list of homes: narrowed by its address, in walking order, turned over by key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from accounts.masking import mask_name
from accounts.models import User
from grids import facets, lookup
from grids.models import OF_HOMES, Household, Place, Resident, VisitClock
from grids.models.household import HouseholdQuerySet
from grids.scope import places_of
from petitions import choices

ON_A_PAGE = 50
COUNTED_TO = 5_000
COLUMNS = (
    *("colour", "visited_at", "ended_at", "ending", "contact__name"),
    *("dwelling__address", "dwelling__walk", "dwelling__place__name"),
)


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    address: str
    grid: str
    colour: str
    colour_label: str
    contact: str
    people: int
    due: str
    tone: str
    visited: str
    ended: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page says."""

    facet: facets.Facet
    place: str
    words: str
    after: tuple[str, int] | None

    @classmethod
    def read(cls, said: QueryDict) -> "Asked":
        place = said.get("place", "")
        words = "".join(c for c in said.get("q", "") if c.isprintable()).strip()[:60]
        known = place if place in choices.places() else ""
        return cls(facets.facet(said.get("facet", "")), known, words, _cursor(said))

    def homes(self, user: User, on: date) -> HouseholdQuerySet:
        homes = Household.objects.visible_to(user).filter(self.facet.where(on))
        if self.place:
            homes = homes.in_place(self.place)
        return lookup.by_address(self.words, homes) if self.words else homes


def page_of(homes: HouseholdQuerySet, on: date, after: tuple[str, int] | None = None) -> tuple[list[Row], str]:
    """In one question; and what `after` of the next page is."""
    if after:
        homes = homes.filter(Q(dwelling__walk__gt=after[0]) | Q(dwelling__walk=after[0], pk__gt=after[1]))
    people = Resident.objects.living_here().filter(household=OuterRef("pk")).order_by()
    counted = people.values("household").annotate(n=Count("pk")).values("n")
    clock = VisitClock.objects.running().filter(household=OuterRef("pk"))
    found = list(
        homes.select_related("dwelling__place", "contact")
        .only(*COLUMNS)
        .annotate(people=Coalesce(Subquery(counted), 0), due_on=Subquery(clock.values("due_on")[:1]))
        .annotate(crisis_at=Subquery(clock.values("crisis_at")[:1]))
        .order_by("dwelling__walk", "pk")[: ON_A_PAGE + 1]
    )
    shown = found[:ON_A_PAGE]
    older = f"{shown[-1].dwelling.walk}-{shown[-1].pk}" if len(found) > ON_A_PAGE else ""
    return [_row(one, on) for one in shown], older


def counted(homes: HouseholdQuerySet) -> str:
    found = homes.order_by()[: COUNTED_TO + 1].count()
    return f"{COUNTED_TO}+" if found > COUNTED_TO else str(found)


def places_to_narrow(user: User) -> list[Place]:
    """Those of her own that a list may be narrowed to, down to the grid."""
    codes = tuple(places_of(user, *OF_HOMES))
    hers = [place for code, place in choices.places().items() if code.startswith(codes) and len(code) >= 12]
    return sorted((place for place in hers if place.closed_on is None), key=lambda place: place.code)


def _row(one: Any, on: date) -> Row:
    days = (one.due_on - on).days if one.due_on else None
    due, tone = _due(days)
    if one.crisis_at:
        due, tone = f"重大变故，{due}", "red"
    return Row(
        pk=one.pk,
        address=one.dwelling.address,
        grid=one.dwelling.place.name,
        colour=one.colour,
        colour_label=one.get_colour_display(),
        contact=mask_name(one.contact.name) if one.contact else "",
        people=one.people,
        due=due,
        tone=tone,
        visited=f"{one.visited_at:%Y-%m-%d}" if one.visited_at else "从未走访",
        ended=one.get_ending_display() if one.ended_at else "",
    )


def _due(days: int | None) -> tuple[str, str]:
    if days is None:
        return "", ""
    if days < 0:
        return f"逾期 {-days} 天", "red"
    return ("今天", "yellow") if days == 0 else (f"{days} 天内", "")


def _cursor(said: QueryDict) -> tuple[str, int] | None:
    walk, _, pk = said.get("after", "")[:90].rpartition("-")
    return (walk, int(pk)) if walk.isdigit() and pk.isascii() and pk.isdigit() and len(pk) < 19 else None
