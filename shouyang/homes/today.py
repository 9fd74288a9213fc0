"""A grid worker's day: whom to look in on, what to look at again, what is open in the grid."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse
from django.utils import timezone

from accounts.masking import mask_numbers
from accounts.models import User
from grids import hazard_facets
from grids.models import Hazard, Need
from grids.rounds import Rounds, rounds
from grids.scope import places_of
from petitions.models import Petition
from petitions.models.petition import OF_A_PLACE

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Part:
    """The first of them, how many there are, and where all of them stand."""

    rows: list[Any]
    total: int
    href: str


@dataclass(frozen=True, slots=True)
class Day:
    rounds: Rounds
    hazards: Part
    petitions: Part
    needs: Part  # each with its words as they may be shown


def day(user: User, at: datetime) -> Day:
    """Each kind of row in one question."""
    on = timezone.localdate(at)
    needs = _first(_needs(user), reverse("homes:needs"))
    return Day(
        rounds(user, on),
        _first(_hazards(user, on), f"{reverse('hazards:list')}?facet=to_do"),
        _first(_petitions(user), _petitions_href(user)),
        Part([(need, mask_numbers(need.words)) for need in needs.rows], needs.total, needs.href),
    )


def _first(found: QuerySet[Any], href: str) -> Part:
    rows = list(found.annotate(total=Window(Count("pk")))[:SHOWN])
    return Part(rows, rows[0].total if rows else 0, href)


def _hazards(user: User, on: date) -> QuerySet[Hazard]:
    found = Hazard.objects.visible_to(user).filter(hazard_facets.named("to_do").where(user, on))
    found = found.select_related("item").only("address", "state", "recheck_on", "item__name")
    return found.order_by("recheck_on", "id")


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
