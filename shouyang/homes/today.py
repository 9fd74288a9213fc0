"""A grid worker's day: whom to look in on, what to look at again, what is open in the grid."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Value, Window
from django.urls import reverse
from django.utils import timezone

from accounts.masking import mask_numbers
from accounts.models import User
from grids import hazard_facets
from grids.models import Hazard, Need, Premises
from grids.rounds import Rounds, rounds
from grids.scope import places_of
from petitions.models import Petition
from petitions.models.petition import OF_A_PLACE

SHOWN = 20
COUNTED = Window(Count("pk"))
HAZARD, SHOP = "hazard", "shop"
Rows = QuerySet[Any, tuple[Any, ...]]


class Look(NamedTuple):
    """A hazard to see to or to check again, or a shop to patrol."""

    of: str
    pk: int
    name: str
    address: str
    state: str
    on: date | None
    total: int  # of its kind

    @property
    def label(self) -> str:
        return Hazard.State(self.state).label


@dataclass(frozen=True, slots=True)
class Part:
    """The first of them, how many there are, and where all of them stand."""

    rows: list[Any]
    total: int
    href: str


@dataclass(frozen=True, slots=True)
class Day:
    rounds: Rounds
    shops: Part
    hazards: Part
    petitions: Part
    needs: Part  # each with its words as they may be shown


def day(user: User, at: datetime) -> Day:
    """Each kind of row in one question, what there is to look at in the streets in one together."""
    on = timezone.localdate(at)
    looks = [Look(*row) for row in _hazards(user, on).union(_shops(user, on), all=True)]
    needs = _first(_needs(user), reverse("homes:needs"))
    return Day(
        rounds(user, on),
        _of(SHOP, looks, f"{reverse('premises:list')}?facet=due"),
        _of(HAZARD, looks, f"{reverse('hazards:list')}?facet=to_do"),
        _first(_petitions(user), _petitions_href(user)),
        Part([(need, mask_numbers(need.words)) for need in needs.rows], needs.total, needs.href),
    )


def _first(found: QuerySet[Any], href: str) -> Part:
    rows = list(found.annotate(total=COUNTED)[:SHOWN])
    return Part(rows, rows[0].total if rows else 0, href)


def _of(kind: str, looks: list[Look], href: str) -> Part:
    rows = sorted((look for look in looks if look.of == kind), key=lambda look: (look.on or date.max, look.pk))
    return Part(rows, rows[0].total if rows else 0, href)


def _hazards(user: User, on: date) -> Rows:
    found = Hazard.objects.visible_to(user).filter(hazard_facets.named("to_do").where(user, on)).annotate(total=COUNTED)
    said = found.values_list(Value(HAZARD), "pk", "item__name", "address", "state", "recheck_on", "total")
    return said.order_by("recheck_on", "id")[:SHOWN]


def _shops(user: User, on: date) -> Rows:
    """Where nobody has been for longest comes first."""
    due = Premises.objects.visible_to(user).due(on).annotate(total=COUNTED)
    said = due.values_list(Value(SHOP), "pk", "name", "address", Value(""), "patrol_due_on", "total")
    return said.order_by("patrol_due_on", "id")[:SHOWN]


def _petitions(user: User) -> QuerySet[Petition]:
    here = Q(pk__in=[])
    for code in places_of(user, *OF_A_PLACE):
        here |= Q(place__code__startswith=code)
    found = Petition.objects.visible_to(user).open().filter(here).select_related("item")
    found = found.only("number", "title", "status", "registered_at", "item__name")
    return found.order_by("registered_at", "id")


def _petitions_href(user: User) -> str:
    """Of several places, the list shows whatever is open to her."""
    codes = places_of(user, *OF_A_PLACE)
    asked = {"facet": "open"} | ({"place": codes[0]} if len(codes) == 1 else {})
    return f"{reverse('petitions:list')}?{urlencode(asked)}"


def _needs(user: User) -> QuerySet[Need]:
    found = Need.objects.visible_to(user).open().select_related("household__dwelling")
    found = found.only("kind", "words", "found_at", "household__dwelling__address")
    return found.order_by("found_at", "id")
