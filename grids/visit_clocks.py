"""The promise to look in on a household: made with it, kept by a visit, and rung when its day has come.

It rings twice: on the day, to the grid's workers; some days later, to the secretary of the community.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts import notices
from accounts.models import Notice
from grids.models import Duty, Household, Place, VisitClock, VisitRule
from grids.scope import holders
from grids.visit_dates import after

PLACES_AT_A_TIME = 50
TO_THE_WORKER, TO_THE_SECRETARY = 0, 1  # `rung` before it rings

# One statement rings every clock of some grids; a sweep that is killed has rung none of them or all.
RING = """
WITH due AS (
    SELECT clock.id, clock.rung, dwelling.place_id AS place FROM grids_visitclock clock
    JOIN grids_household household ON household.id = clock.household_id
    JOIN grids_dwelling dwelling ON dwelling.id = household.dwelling_id
    WHERE clock.next_tick_on <= %(on)s AND dwelling.place_id = ANY(%(places)s)
    ORDER BY clock.id FOR NO KEY UPDATE OF clock SKIP LOCKED
), wound AS (
    UPDATE grids_visitclock clock
    SET rung = due.rung + 1, next_tick_on = CASE WHEN due.rung = 0 THEN clock.escalates_on END
    FROM due WHERE due.id = clock.id
)
SELECT place, rung, count(*) FROM due GROUP BY place, rung ORDER BY place, rung
"""
PLACES_DUE = """
SELECT DISTINCT dwelling.place_id FROM grids_visitclock clock
JOIN grids_household household ON household.id = clock.household_id
JOIN grids_dwelling dwelling ON dwelling.id = household.dwelling_id
WHERE clock.next_tick_on <= %s ORDER BY 1 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Promise:
    colour: str
    started_on: date
    due_on: date
    escalates_on: date


def rules() -> dict[str, VisitRule]:
    return {rule.colour: rule for rule in VisitRule.objects.all()}


def promise(rule: VisitRule, on: date, *, newcomer: bool = False) -> Promise:
    """The promise that this rule makes on this day; a household that has just come is seen sooner."""
    due = after(on, rule.every, rule.unit)
    if newcomer:
        due = min(due, on + timedelta(days=rule.newcomer_days))
    return Promise(rule.colour, on, due, due + timedelta(days=rule.escalate_days))


def start(household: Household, on: date, *, newcomer: bool = False, crisis_at: datetime | None = None) -> VisitClock:
    made = promise(VisitRule.objects.get(colour=household.colour), on, newcomer=newcomer)
    return VisitClock.objects.create(
        household=household,
        colour=made.colour,
        started_on=made.started_on,
        due_on=made.due_on,
        escalates_on=made.escalates_on,
        next_tick_on=made.due_on,
        crisis_at=crisis_at,
    )


def stop(households: Iterable[Household], at: datetime) -> int:
    running = VisitClock.objects.running().filter(household__in=list(households))
    return running.update(stopped_at=at, next_tick_on=None)


def hasten(household: Household, at: datetime) -> VisitClock:
    """A crisis: the promise comes due within the days of the rule, or on its own day where that is earlier."""
    rule = VisitRule.objects.get(colour=household.colour)
    clock = VisitClock.objects.running().filter(household=household).first() or start(household, timezone.localdate(at))
    clock.crisis_at = at
    due = timezone.localdate(at) + timedelta(days=rule.crisis_days)
    if due < clock.due_on:
        clock.due_on = clock.next_tick_on = due
        clock.escalates_on = due + timedelta(days=rule.escalate_days)
    clock.save(update_fields=["crisis_at", "due_on", "next_tick_on", "escalates_on"])
    return clock


def keep(household: Household, at: datetime) -> None:
    """Somebody has looked in: the promise is kept and the next one begins. Who was there before a crisis, and sends it
    in after, has not seen it."""
    if VisitClock.objects.running().filter(household=household, crisis_at__gt=at).exists():
        return
    stop([household], at)
    if household.lives:
        start(household, timezone.localdate(at))


def recolour(household: Household, at: datetime) -> None:
    """Another rule from today on; a day that was promised earlier than the new one stays."""
    running = VisitClock.objects.running().filter(household=household).first()
    stop([household], at)
    clock = start(household, timezone.localdate(at), crisis_at=running.crisis_at if running else None)
    if running:
        _no_later(clock, running)


def join(kept: Household, twin: Household) -> None:
    """Of what two households that are one were promised, the earlier day stays."""
    running = VisitClock.objects.running()
    clock, other = running.filter(household=kept).first(), running.filter(household=twin).first()
    if clock and other:
        _no_later(clock, other)


def _no_later(clock: VisitClock, other: VisitClock) -> None:
    """Whoever was to hear of the other promise by a day hears of it by that day, and not twice."""
    if other.due_on < clock.due_on:
        clock.due_on, clock.rung = other.due_on, other.rung
    clock.escalates_on = min(clock.escalates_on, other.escalates_on)
    clock.crisis_at = clock.crisis_at or other.crisis_at
    clock.next_tick_on = {TO_THE_WORKER: clock.due_on, TO_THE_SECRETARY: clock.escalates_on}.get(clock.rung)
    clock.save(update_fields=["due_on", "rung", "escalates_on", "crisis_at", "next_tick_on"])


def ring_due(at: datetime) -> int:
    """Rings what has come due by this day, and tells each person once a day however many households there are."""
    on, rung = timezone.localdate(at), 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(PLACES_DUE, [on, PLACES_AT_A_TIME])
            places = [row[0] for row in cursor.fetchall()]
            counted = _ring(places, on, at) if places else 0
            rung += counted
            if not counted:  # nothing left, or what is left another sweep is ringing
                return rung


def _ring(places: list[str], on: date, at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RING, {"on": on, "places": places})
        rows = cursor.fetchall()
        names = dict(Place.objects.filter(pk__in=places).values_list("code", "name"))
        notices.post(note for place, rung, count in rows for note in _notes(place, names[place], rung, count, on, at))
    return sum(count for _, _, count in rows)


def _notes(place: str, name: str, rung: int, count: int, on: date, at: datetime) -> Iterable[Notice]:
    first = rung == TO_THE_WORKER
    people = holders(Duty.GRID_WORKER if first else Duty.COMMUNITY_SECRETARY, place=place)
    title = f"{name}有 {count} 户到了该走访的日子" if first else f"{name}有 {count} 户逾期没有走访"
    return [
        Notice(
            person=person,
            key=f"visits:{place}:{on}:{rung}",
            title=title,
            path="/today/" if first else f"/homes/?place={place}&facet=visit_overdue",
            weight=Notice.Weight.INFO if first else Notice.Weight.WARNING,
            created_at=at,
        )
        for person in people
    ]
