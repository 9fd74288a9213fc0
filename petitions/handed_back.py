"""How often what was sent was handed back, and who was right: of each unit, and of each dispatcher.

A dispatch counts in the period in which it was made. A number opens the petitions that it counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from grids.models import Duty
from grids.scope import holds
from petitions.models import Dispatch, Petition, Return
from petitions.periods import Period

LEAD, ASSISTING = Dispatch.Role.LEAD, Dispatch.Role.ASSISTING
ALL = Q()

# What a dispatch came to; a redo is no new dispatch.
TURNS: dict[str, tuple[str, Q]] = {
    "sent": ("派单", Q(role=LEAD)),
    "returned": ("退单", Q(role=LEAD, handed_back__isnull=False)),
    "upheld": ("退单成立（错派）", Q(role=LEAD, handed_back__verdict=Return.Verdict.UPHELD)),
    "rejected": ("退单不成立", Q(role=LEAD, handed_back__verdict=Return.Verdict.REJECTED)),
    "assisted": ("请协办", Q(role=ASSISTING) & (Q(ended_at=None) | Q(replied_at__isnull=False))),
    "assist_done": ("协办完成", Q(role=ASSISTING, replied_at__isnull=False)),
}
OF_UNITS = ("sent", "returned", "upheld", "rejected", "assisted", "assist_done")
OF_PEOPLE = ("sent", "upheld")
SENDERS = (Duty.DISPATCHER, Duty.REVIEWER, Duty.CENTRE_DIRECTOR)
SEES_PEOPLE = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.LEADER, Duty.PRINCIPAL_LEADER, Duty.AUDITOR)


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    count: int
    href: str
    percent: str = ""  # of what was sent


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    numbers: list[Number]


def turned(name: str, period: Period, *, unit: int | None = None, by: int | None = None) -> Q:
    """The petitions that such a dispatch concerns: to this unit, by this person."""
    own = _made(period).filter(TURNS[name][1], petition=OuterRef("pk"))
    if unit is not None:
        own = own.filter(unit=unit)
    if by is not None:
        own = own.filter(dispatched_by=by)
    return Q(Exists(own))


def of_units(user: User, period: Period) -> list[Line]:
    return list(_lines(user, period, "unit", "unit__name", OF_UNITS, "sent_to", ALL))


def of_dispatchers(user: User, period: Period) -> list[Line]:
    """Everybody's for those who answer for the desk; for the others their own."""
    whose = ALL if holds(user, *SEES_PEOPLE) else Q(dispatched_by=user)
    known = Q(dispatched_by__isnull=False)
    return list(_lines(user, period, "dispatched_by", "dispatched_by__name", OF_PEOPLE, "sent_by", known & whose))


def whole(period: Period) -> dict[str, int]:
    """Of the whole city: how many petitions were sent, handed back, and with what verdict."""
    counts: dict[str, Any] = {one: Count("petition", distinct=True, filter=where) for one, (_, where) in TURNS.items()}
    found: dict[str, int] = _made(period).aggregate(**counts)
    return found


def senders() -> Iterator[tuple[int, str]]:
    """Who holds or held a duty that sends petitions to units."""
    yield from User.objects.filter(postings__duty__in=SENDERS).order_by("name").distinct().values_list("pk", "name")


def _made(period: Period) -> QuerySet[Dispatch]:
    redone = Q(round__gt=1, signed_at=F("dispatched_at"))
    return Dispatch.objects.filter(dispatched_at__gte=period.since, dispatched_at__lt=period.until).exclude(redone)


def _lines(
    user: User, period: Period, key: str, name: str, wanted: tuple[str, ...], said: str, where: Q
) -> Iterator[Line]:
    petitions = Petition.objects.visible_to(user).order_by()
    counts: dict[str, Any] = {one: Count("petition", distinct=True, filter=TURNS[one][1]) for one in wanted}
    found = _made(period).filter(where, petition__in=petitions).order_by(name).values(key, name).annotate(**counts)
    for row in found:
        yield Line(row[name], [_number(one, row, said, row[key], period) for one in wanted])


def _number(turn: str, row: dict[str, Any], said: str, key: int, period: Period) -> Number:
    count, sent = row[turn], row["sent"]
    href = f"/petitions/?{urlencode({'turn': turn, said: key, 'period': period.words})}"
    share = turn in ("returned", "upheld", "rejected") and count and sent
    return Number(TURNS[turn][0], count, href, f"{100 * count / sent:.1f}%" if share else "")
