"""The clocks of the notices themselves: to be signed, to be fed back on; what is not, becomes the next notice.

Any number of sweeps may run at once, be killed, or come late.
"""

import logging
from datetime import datetime

from django.db import DatabaseError, OperationalError
from django.utils import timezone

from petitions import batches
from petitions.models import SupervisionNotice
from petitions.supervision.issuing import FIXED, Asked, Origin, report, supervise

log = logging.getLogger(__name__)

BATCH = 500


def ring_due(at: datetime) -> int:
    """Who has not signed is reminded; who has not fed back gets the next notice, and after the third, the report."""
    rung = 0
    while count := _ring_batch(at):
        rung += count
    return rung


def _ring_batch(at: datetime) -> int:
    try:
        return _ring(at, BATCH)
    except OperationalError:
        raise  # nothing is wrong with the rows: the next sweep goes on
    except DatabaseError:
        log.exception("A batch of notices could not be rung; ringing them one by one")
    waiting = SupervisionNotice.objects.filter(next_tick_at__lte=at).order_by("next_tick_at", "pk")
    return sum(_ring_alone(pk, at) for pk in list(waiting.values_list("pk", flat=True)[:BATCH]))


def _ring_alone(pk: int, at: datetime) -> int:
    try:
        return _ring(at, 1, pk)
    except OperationalError:
        raise
    except DatabaseError as error:
        log.exception("Notice %s could not be rung and is set aside", pk)
        fault = str(error).splitlines()[0][:200]
        return SupervisionNotice.objects.filter(pk=pk).update(next_tick_at=None, fault=fault)


def _ring(at: datetime, batch: int, only: int | None = None) -> int:
    with batches.batch() as cursor:
        cursor.execute(RING, FIXED | {"at": at, "today": timezone.localdate(at), "batch": batch, "only": only})
        count, clocks, times, spent = cursor.fetchone()
        if clocks:
            pairs = zip(clocks, times, strict=True)
            supervise((Asked(clock, at, time + 1, Origin.NO_FEEDBACK) for clock, time in pairs), at)
        if spent:
            report(spent, at)
    return int(count)


# The first tick asks for the signature, the second for the feedback; a signature in time winds on to the second.
# What was concluded meanwhile is only asked for: there is nothing left to supervise.
RING = """
WITH due AS MATERIALIZED (
    SELECT n.id, n.petition_id, n.clock_id, n.unit_id, n.number, n.title, n.time, n.next_tick_at,
        n.next_tick_at >= n.feed_back_by AS last, pt.place_id,
        n.next_tick_at >= n.feed_back_by AND pt.concluded_at IS NULL AS spent
    FROM petitions_supervisionnotice n JOIN petitions_petition pt ON pt.id = n.petition_id
    WHERE n.next_tick_at <= %(at)s::timestamptz AND (%(only)s::bigint IS NULL OR n.id = %(only)s::bigint)
    ORDER BY n.next_tick_at, n.id LIMIT %(batch)s
    FOR NO KEY UPDATE OF n SKIP LOCKED
),
wound AS (
    UPDATE petitions_supervisionnotice n
    SET next_tick_at = CASE WHEN NOT due.last THEN n.feed_back_by END, version = n.version + 1,
        state = CASE WHEN due.spent THEN 'escalated' ELSE n.state END,
        escalated_at = CASE WHEN due.spent THEN due.next_tick_at END
    FROM due WHERE n.id = due.id
),
recorded AS (
    INSERT INTO petitions_paperevent (notice_id, action, at, note)
    SELECT id, CASE WHEN last THEN 'no_feedback' ELSE 'no_signature' END, next_tick_at, '' FROM due
),
told AS (
    INSERT INTO accounts_notice (person_id, key, title, body, path, weight, created_at)
    SELECT DISTINCT ON (p.user_id, due.id) p.user_id,
        'supervision:' || due.id || CASE WHEN due.last THEN ':no_feedback' ELSE ':no_signature' END,
        CASE WHEN due.last THEN '督办通知单逾期未反馈：' ELSE '督办通知单逾期未签收：' END || due.number,
        due.title, '/supervision/' || due.id || '/', 'urgent', %(at)s::timestamptz
    FROM due
    JOIN grids_posting p ON p.since <= %(today)s::date AND (p.until IS NULL OR p.until > %(today)s::date)
        AND (p.duty = ANY(%(receiving)s::text[]) AND p.unit_id = due.unit_id
            OR p.duty = ANY(%(watching)s::text[]) AND starts_with(due.place_id, p.place_id))
    JOIN accounts_user u ON u.id = p.user_id AND u.is_active
    ON CONFLICT (person_id, key) DO NOTHING
)
SELECT count(*), array_agg(clock_id) FILTER (WHERE spent AND time < %(last)s),
    array_agg(time) FILTER (WHERE spent AND time < %(last)s),
    array_agg(clock_id) FILTER (WHERE spent AND time >= %(last)s)
FROM due
"""
