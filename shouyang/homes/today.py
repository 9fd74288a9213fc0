"""A grid worker's day: whom to look in on, what to look at again, what is open in the grid."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.masking import mask_numbers
from accounts.models import User
from grids.models import Hazard, Need
from grids.rounds import Rounds, rounds
from grids.scope import places_of
from petitions.models import Petition
from petitions.models.petition import OF_A_PLACE

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Day:
    rounds: Rounds
    hazards: list[Hazard]
    petitions: list[Petition]
    needs: list[tuple[Need, str]]  # with its words as they may be shown


def day(user: User, at: datetime) -> Day:
    """Each kind of row in one question."""
    on = timezone.localdate(at)
    return Day(
        rounds(user, on),
        list(_hazards(user, on)),
        list(_petitions(user)),
        [(need, mask_numbers(need.words)) for need in _needs(user)],
    )


def _hazards(user: User, on: date) -> QuerySet[Hazard]:
    found = Hazard.objects.visible_to(user).filter(Q(state=Hazard.State.FOUND) | Q(recheck_on__lte=on)).open()
    found = found.select_related("item").only("address", "state", "recheck_on", "item__name")
    return found.order_by("recheck_on", "id")[:SHOWN]


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
