"""Who may act where. One rule, three directions: `holds` guards, `places_of` scopes, `holders` finds whom to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet, Subquery, Value
from django.utils import timezone

from accounts.models import User


@dataclass(frozen=True)
class Held:
    """One current posting, small enough to keep on the user for the length of a request."""

    duty: str
    unit_id: int
    place: str


DEPUTISED = "grid_worker"  # the duty that her deputy holds besides, in all her grids, while a worker is on leave

# `_held`, in fixed words: every request asks, and composing it anew took longer than answering it.
# What happened in a grid that was merged into hers is hers as well: its petitions keep their grid.
POSTINGS = f"""
WITH hers AS (
    SELECT duty, unit_id, place_id FROM grids_posting
    WHERE user_id = %(user)s AND since <= %(today)s AND (until IS NULL OR until > %(today)s)
    UNION
    SELECT posting.duty, posting.unit_id, posting.place_id FROM grids_leave AS away
    JOIN grids_posting AS posting ON posting.user_id = away.user_id AND posting.duty = '{DEPUTISED}'
    JOIN accounts_user AS worker ON worker.id = away.user_id AND worker.is_active
    WHERE away.deputy_id = %(user)s AND away.since <= %(today)s AND away.until > %(today)s AND away.returned_at IS NULL
        AND posting.since <= %(today)s AND (posting.until IS NULL OR posting.until > %(today)s)
)
SELECT duty, unit_id, place_id FROM hers
UNION
SELECT hers.duty, hers.unit_id, closed.code
FROM hers JOIN grids_place AS closed ON closed.merged_into_id = hers.place_id
ORDER BY place_id, duty, unit_id
"""


def today() -> date:
    return timezone.localdate()


def postings_of(user: User) -> tuple[Held, ...]:
    """The user's current postings; read once per user object, which lives as long as a request."""
    held: tuple[Held, ...] | None = user.remembered.get("held")
    if held is None:
        with connection.cursor() as cursor:
            cursor.execute(POSTINGS, {"user": user.pk, "today": today()})
            held = remember(user, cursor.fetchall())
    return held


def remember(user: User, rows: Iterable[tuple[str, int, str]]) -> tuple[Held, ...]:
    """What `POSTINGS` found for this user, by whomever it was asked."""
    held = tuple(Held(*row) for row in rows) if user.is_active else ()
    user.remembered["held"] = held
    return held


def holds(user: User, *duties: str, place: str | None = None, unit: int | None = None) -> bool:
    """Does she hold one of these duties (any, if none is named), over this place, in this unit?"""
    return any(
        (not duties or held.duty in duties)
        and (place is None or place.startswith(held.place))
        and (unit is None or held.unit_id == unit)
        for held in postings_of(user)
    )


def duties_of(user: User) -> frozenset[str]:
    return frozenset(held.duty for held in postings_of(user))


def duties_of_people(people: Iterable[int]) -> dict[int, set[str]]:
    """Of many people at once; who holds none is not there."""
    held: dict[int, set[str]] = {}
    own, standing_in = _held()
    found, wanted = own.values_list("user", "duty"), list(people)
    deputies = standing_in.filter(deputy__in=wanted).values_list("deputy", Value(DEPUTISED))
    for person, duty in found.filter(user__in=wanted).union(deputies):
        held.setdefault(person, set()).add(duty)
    return held


def places_of(user: User, *duties: str) -> list[str]:
    """Codes of the places she answers for, the widest only: a place inside another is left out."""
    codes = sorted({held.place for held in postings_of(user) if not duties or held.duty in duties})
    return [code for i, code in enumerate(codes) if not any(code.startswith(wider) for wider in codes[:i])]


def units_of(user: User, *duties: str) -> list[int]:
    return sorted({held.unit_id for held in postings_of(user) if not duties or held.duty in duties})


def holders(*duties: str, place: str | None = None, unit: int | None = None) -> QuerySet[User]:
    """The people who hold one of these duties over this place, in this unit, now."""
    # Duty, place and unit in ONE filter call: chained joins would match different postings of one person.
    where = Q(duty__in=duties)
    if place is not None:
        where &= Q(place__code__in=_over(place))
    if unit is not None:
        where &= Q(unit=unit)
    own, standing_in = _held(where)
    people = own.values("user")
    if DEPUTISED in duties:
        people = people.union(standing_in.values("deputy"))
    return User.objects.filter(pk__in=people)


def _over(place: str) -> list[Any]:
    """The codes of the place and of all above it, and of the grid that a closed one was merged into."""
    codes: list[Any] = [place[:n] for n in (6, 9, 12, 15) if n <= len(place)]
    if len(place) == 15:
        places = apps.get_model("grids", "Place")._default_manager
        codes.append(Subquery(places.filter(pk=place).values("merged_into")))
    return codes


def _held(where: Q | None = None) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Today's postings, and the leaves of workers among their holders, whose deputies hold the same."""
    on = today()
    postings, leaves = (apps.get_model("grids", name)._default_manager for name in ("Posting", "Leave"))
    own = postings.current(on).filter(where or Q()).order_by()
    away = own.filter(duty=DEPUTISED).values("user")  # her own postings alone: deputies pass nothing on
    standing_in = leaves.current(on).filter(user__in=away, deputy__is_active=True)
    return own, standing_in.order_by()
