"""A grid worker's day: whom to look in on, what to look at again, what is open in the grid."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Value

from accounts.masking import mask_numbers
from accounts.models import User
from grids.models import Hazard, Need, Premises
from grids.rounds import Rounds, rounds
from grids.scope import places_of
from petitions.models import Petition
from petitions.models.petition import OF_A_PLACE

SHOWN = 20
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

    @property
    def label(self) -> str:
        return Hazard.State(self.state).label


@dataclass(frozen=True, slots=True)
class Day:
    rounds: Rounds
    shops: list[Look]
    hazards: list[Look]
    petitions: list[Petition]
    needs: list[tuple[Need, str]]  # with its words as they may be shown


def day(user: User, on: date) -> Day:
    """Each kind of row in one question, what there is to look at in the streets in one together."""
    looks = [Look(*row) for row in _hazards(user, on).union(_shops(user, on), all=True)]
    return Day(
        rounds(user, on),
        sorted((look for look in looks if look.of == SHOP), key=_by_day),
        sorted((look for look in looks if look.of == HAZARD), key=_by_day),
        list(_petitions(user)),
        [(need, mask_numbers(need.words)) for need in _needs(user)],
    )


def _hazards(user: User, on: date) -> Rows:
    found = Hazard.objects.visible_to(user).filter(Q(state=Hazard.State.FOUND) | Q(recheck_on__lte=on)).open()
    said = found.values_list(Value(HAZARD), "pk", "item__name", "address", "state", "recheck_on")
    return said.order_by("recheck_on", "id")[:SHOWN]


def _shops(user: User, on: date) -> Rows:
    """Where nobody has been for longest comes first."""
    due = Premises.objects.visible_to(user).due(on)
    said = due.values_list(Value(SHOP), "pk", "name", "address", Value(""), "patrol_due_on")
    return said.order_by("patrol_due_on", "id")[:SHOWN]


def _by_day(look: Look) -> tuple[date, int]:
    return look.on or date.max, look.pk


def _petitions(user: User) -> QuerySet[Petition]:
    here = Q(pk__in=[])
    for code in places_of(user, *OF_A_PLACE):
        here |= Q(place__code__startswith=code)
    found = Petition.objects.visible_to(user).open().filter(here).select_related("item")
    found = found.only("number", "title", "status", "registered_at", "item__name")
    return found.order_by("registered_at", "id")[:SHOWN]


def _needs(user: User) -> QuerySet[Need]:
    found = Need.objects.visible_to(user).open().select_related("household__dwelling")
    found = found.only("kind", "words", "found_at", "household__dwelling__address")
    return found.order_by("found_at", "id")[:SHOWN]
