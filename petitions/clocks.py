"""Clocks: made and kept inside the verbs, rung by the sweep.

`ring_due(at)` asks only which clocks ring now, takes a batch of them and writes everything that follows from it, event,
notices and the next tick, in one statement. Any number of sweeps may run at once, be killed, or come an hour late.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, OperationalError, transaction

from accounts import notices
from accounts.models import Notice, Unit
from grids.models import CITY_CODE, Duty
from grids.scope import holders, today
from petitions import batches, promises, supervision, terms
from petitions.models import WRITTEN, Clock, Effect, Event, Interval, Petition, Promise
from petitions.permissions import DIRECTORS, HEADS, REVIEWERS, Party, listed
from petitions.promises import Length
from petitions.rules import IN_CHARGE
from petitions.supervision import Asked

log = logging.getLogger(__name__)

BATCH = 500


def plan(
    petition: Petition,
    promise: str,
    at: datetime,
    *,
    length: Length | None = None,
    due_at: datetime | None = None,
    unit: int | None = None,
) -> Clock:
    """A clock that starts now, not yet saved: its due instant and its whole ladder are fixed here."""
    calendar = terms.calendar()
    promise_class = terms.class_of(petition)
    length = length or terms.length_of(petition, promise)
    due_at = due_at or promises.due(at, length, calendar)
    ticks = promises.ticks(at, due_at, terms.ladder(promise_class, promise), calendar)
    return Clock(
        petition=petition,
        promise=promise,
        promise_class=promise_class,
        unit_id=(unit or petition.unit_id) if IN_CHARGE[Promise(promise)][0].in_unit else None,
        amount=length.amount,
        span=length.span,
        started_at=at,
        due_at=due_at,
        provisional=length.working and calendar.is_provisional(due_at),
        ticks=[tick.at for tick in ticks],
        effects=[tick.effect for tick in ticks],
        next_tick_at=ticks[0].at if ticks else None,
    )


def going_on(interval: Interval, at: datetime) -> Clock:
    """The same promise goes on after an approved interval, which alone moves its due instant.

    What has rung does not ring again; but who gets more time in time is warned again before the new deadline.
    """
    stopped = interval.stopped
    due_at = _moved(stopped.due_at, interval)
    clock = plan(interval.petition, stopped.promise, at, length=stopped.length, due_at=due_at, unit=stopped.unit_id)
    clock.started_at, clock.after = stopped.started_at, interval
    if interval.kind != Interval.Kind.EXTENSION or stopped.due_at <= at:
        clock.rung = min(stopped.rung, len(clock.ticks))
        clock.next_tick_at = clock.ticks[clock.rung] if clock.rung < len(clock.ticks) else None
    return clock


def _moved(due_at: datetime, interval: Interval) -> datetime:
    calendar, length = terms.calendar(), interval.length
    if length:
        return promises.due(due_at, length, calendar)
    assert interval.until_at is not None
    working = interval.stopped.length.working
    return promises.shifted(
        due_at, stopped=interval.from_at, resumed=interval.until_at, working=working, calendar=calendar
    )


def worked_out(clock: Clock) -> datetime:
    """Its due instant, from the start through every interval, by the calendar of today."""
    if clock.after is None:
        return promises.due(clock.started_at, clock.length, terms.calendar())
    return _moved(worked_out(clock.after.stopped), clock.after)


# --- The sweep --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one sweep did."""

    rung: int
    set_aside: int
    latest: float  # seconds between the earliest tick of the sweep and the sweep


WEIGHTS = dict.fromkeys(Effect, Notice.Weight.URGENT) | {Effect.YELLOW_CARD: Notice.Weight.WARNING}
PAPERS = [str(effect) for effect in WRITTEN]  # these steps are written and told by `supervision.supervise`


def _told(effect: str, promise: Promise) -> tuple[Party, ...]:
    """A yellow card goes to who can still keep the promise; a red one also to the head; what follows to those above."""
    own = IN_CHARGE[promise]
    above = HEADS if own[0].in_unit else DIRECTORS
    match effect:
        case Effect.YELLOW_CARD:
            return own
        case Effect.RED_CARD:
            return (*own, above)
        case Effect.ON_SITE | Effect.REPORT_PRINCIPAL:
            return (above, REVIEWERS, DIRECTORS)
    return (above, REVIEWERS)


def _audience() -> list[tuple[str, str, str, bool, bool]]:
    """Rows (effect, promise, duty, in_unit, instead): whom the sweep's SQL tells; `instead`: in the stead of those who
    work in a grid, where it is not theirs (`permissions.beyond_the_grid`)."""
    return [
        (effect, promise, duty, party.in_unit, instead)
        for effect in Effect
        if effect not in WRITTEN
        for promise in IN_CHARGE
        for party in _told(effect, promise)
        for duty, instead in ((Duty.HEAD, True), *((duty, False) for duty in party.duties))
        if party.in_unit or not instead
    ]


# A row whose effect nobody knows becomes a NULL action, which the table refuses: it is set aside, not skipped.
RING = """
WITH known (effect, label, weight) AS (
    SELECT * FROM unnest(%(effects)s::text[], %(labels)s::text[], %(weights)s::text[])
),
promised (promise, promise_label) AS (SELECT * FROM unnest(%(promises)s::text[], %(promise_labels)s::text[])),
audience (effect, promise, duty, in_unit, instead) AS (
    SELECT * FROM unnest(%(a_effect)s::text[], %(a_promise)s::text[], %(a_duty)s::text[], %(a_in_unit)s::boolean[],
        %(a_instead)s::boolean[])
),
due AS MATERIALIZED (
    SELECT id, petition_id, promise, unit_id, rung, next_tick_at,
        effects[rung + 1] AS effect, ticks[rung + 2] AS following
    FROM petitions_clock
    WHERE next_tick_at <= %(at)s {only}
    ORDER BY next_tick_at, id LIMIT %(batch)s
    FOR NO KEY UPDATE SKIP LOCKED
),
wound AS (
    UPDATE petitions_clock c SET rung = c.rung + 1, next_tick_at = due.following FROM due WHERE c.id = due.id
),
beyond AS (
    SELECT due.id FROM due
    JOIN accounts_unit un ON un.id = due.unit_id AND un.kind = %(committee)s
    JOIN petitions_petition pt ON pt.id = due.petition_id AND pt.item_id <> ALL(%(listed)s::bigint[])
),
written AS (
    INSERT INTO petitions_event (petition_id, action, at, from_status, to_status, unit_id, promise, note, detail,
        clock_id)
    SELECT due.petition_id, known.effect, due.next_tick_at, '', '', due.unit_id, due.promise, '', '{{}}', due.id
    FROM due LEFT JOIN known USING (effect)
    WHERE coalesce(due.effect, '') <> ALL(%(papers)s::text[])
),
told AS (
    INSERT INTO accounts_notice (person_id, key, title, body, path, weight, created_at)
    SELECT DISTINCT ON (p.user_id, due.id)
        p.user_id, 'clock:' || due.id || ':' || due.rung, known.label || '：' || pt.number || ' ' || promise_label,
        pt.title, '/petitions/' || pt.number || '/', known.weight, %(at)s
    FROM due
    JOIN known USING (effect)
    JOIN promised USING (promise)
    JOIN petitions_petition pt ON pt.id = due.petition_id
    LEFT JOIN beyond ON beyond.id = due.id
    JOIN audience a ON a.effect = due.effect AND a.promise = due.promise AND (beyond.id IS NOT NULL OR NOT a.instead)
    JOIN grids_posting p ON p.duty = a.duty AND p.since <= %(today)s AND (p.until IS NULL OR p.until > %(today)s)
        AND CASE WHEN a.in_unit THEN p.unit_id = due.unit_id ELSE starts_with(pt.place_id, p.place_id) END
    JOIN accounts_user u ON u.id = p.user_id AND u.is_active
    WHERE beyond.id IS NULL OR NOT a.in_unit OR NOT EXISTS (
        SELECT FROM grids_posting works WHERE works.user_id = p.user_id AND works.duty = 'grid_worker'
            AND works.since <= %(today)s AND (works.until IS NULL OR works.until > %(today)s))
    ON CONFLICT (person_id, key) DO NOTHING
)
SELECT count(*), min(next_tick_at), {supervised}, array_agg(id) FILTER (WHERE effect = 'report_principal')
FROM due
"""
SUPERVISED = ", ".join(
    f"array_agg({column}) FILTER (WHERE effect = ANY(%(papers)s::text[]))"
    for column in ("id", "next_tick_at", "effect")
)


def _ring(at: datetime, batch: int, only: list[int] | None = None) -> tuple[int, datetime | None]:
    audience = list(zip(*_audience(), strict=True))
    with batches.batch() as cursor:
        cursor.execute(
            RING.format(only="AND id = ANY(%(only)s)" if only is not None else "", supervised=SUPERVISED),
            {
                "at": at,
                "today": today(),
                "batch": batch,
                "only": only,
                "papers": PAPERS,
                "effects": [str(effect) for effect in Effect],
                "labels": [effect.label for effect in Effect],
                "weights": [str(WEIGHTS[effect]) for effect in Effect],
                "promises": [str(promise) for promise in IN_CHARGE],
                "promise_labels": [promise.label for promise in IN_CHARGE],
                "a_effect": [str(x) for x in audience[0]],
                "a_promise": [str(x) for x in audience[1]],
                "a_duty": [str(x) for x in audience[2]],
                "a_in_unit": list(audience[3]),
                "a_instead": list(audience[4]),
                "committee": str(Unit.Kind.COMMUNITY_COMMITTEE),
                "listed": list(listed()),
            },
        )
        rung, earliest, *supervised, reported = cursor.fetchone()
        if supervised[0]:
            asked = zip(*supervised, strict=True)
            asks = (Asked(clock, tick, WRITTEN[Effect(step)], effect=step) for clock, tick, step in asked)
            supervision.supervise(asks, at)
        if reported:
            supervision.report(reported, at)
        return rung, earliest


def ring_due(at: datetime, batch: int = BATCH) -> Sweep:
    """Ring every clock whose tick has come, batch after batch until none is left; a row that raises cannot stop it."""
    rung = aside = 0
    latest = 0.0
    while True:
        put_aside = 0
        try:
            count, earliest = _ring(at, batch)
        except OperationalError:
            raise  # no time, no disk, no server, a dead-lock: nothing is wrong with the rows, the next sweep goes on
        except DatabaseError:
            log.exception("A batch could not be rung; ringing its clocks one by one")
            count, put_aside = _ring_singly(at, batch)
            earliest = None
            if not count and not put_aside:
                raise
        if earliest is not None:
            latest = max(latest, (at - earliest).total_seconds())
        rung += count
        aside += put_aside
        if not count and not put_aside:
            break
    if rung:
        notices.deliver_soon()
    return Sweep(rung, aside, latest)


def _ring_singly(at: datetime, batch: int) -> tuple[int, int]:
    rung = aside = 0
    for pk in list(Clock.objects.ringing(at).order_by("next_tick_at", "id").values_list("pk", flat=True)[:batch]):
        try:
            rung += _ring(at, 1, [pk])[0]
        except OperationalError:
            raise
        except DatabaseError as error:
            log.exception("Clock %s could not be rung and is set aside", pk)
            aside += _set_aside(pk, str(error), at)
    return rung, aside


def _set_aside(pk: int, why: str, at: datetime) -> int:
    with transaction.atomic():
        clock = Clock.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
        if clock is None:
            return 0
        Clock.objects.filter(pk=pk).update(next_tick_at=None, fault=why.splitlines()[0][:200])
        notices.tell(
            holders(Duty.ADMINISTRATOR, place=CITY_CODE),
            key=f"clock-fault:{pk}",
            title="一个时钟响铃出错，已搁置",
            body=f"诉求 {clock.petition} 的{clock.get_promise_display()}时钟出错。修正后请在后台重新上弦。",
            path=f"/admin/petitions/clock/{pk}/change/",
            weight=Notice.Weight.URGENT,
            at=at,
        )
    return 1


def rewind(clocks: Iterable[Clock]) -> int:
    """Set clocks that were put aside going again, at the step where they stopped."""
    count = 0
    for clock in clocks:
        if clock.fault and clock.stopped_at is None and clock.rung < len(clock.ticks):
            count += Clock.objects.filter(pk=clock.pk, stopped_at=None).update(
                next_tick_at=clock.ticks[clock.rung], fault=""
            )
    return count


def replan_provisional(at: datetime) -> int:
    """A year's holidays were published: work out again the dates that rested on provisional days, on record."""
    moved = 0
    for pk in list(Clock.objects.running().filter(provisional=True).values_list("pk", flat=True)):
        with transaction.atomic():
            clock = (
                Clock.objects.running()
                .select_for_update(no_key=True, of=("self",))
                .select_related("petition__item", "unit", "after__stopped")
                .filter(pk=pk)
                .first()
            )
            if clock is None:
                continue
            fresh = plan(clock.petition, clock.promise, clock.started_at, length=clock.length, due_at=worked_out(clock))
            if fresh.due_at == clock.due_at:
                Clock.objects.filter(pk=pk).update(provisional=fresh.provisional)
                continue
            following = fresh.ticks[clock.rung :]
            Clock.objects.filter(pk=pk).update(
                due_at=fresh.due_at,
                provisional=fresh.provisional,
                ticks=[*clock.ticks[: clock.rung], *following],
                next_tick_at=following[0] if following else None,
            )
            Event.objects.create(
                petition=clock.petition,
                action="replan",
                at=at,
                unit=clock.unit,
                promise=clock.promise,
                note="放假安排公布，期限重新计算",
                detail={"due": [clock.due_at.isoformat(), fresh.due_at.isoformat()]},
            )
            moved += 1
    return moved
