"""Clocks rung per second: `clocks.ring_due` against the same row changes as three plain statements a batch."""

import time
from datetime import datetime
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from petitions import clocks
from petitions.models import Event
from tests.bench import city
from tests.bench.result import Result

PETITIONS = {"small": 50_000, "full": 250_000}  # four clocks each, a tenth of them due
TURNS = "ROOR"  # in turns, so that neither always finds the tables fresher


def measure(size: str) -> Result:
    at = timezone.now()
    city.people()
    city.empty()
    city.petitions(PETITIONS[size], at, finished=25)
    city.clocks(PETITIONS[size], at)
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER_DUE.format(at=at.isoformat()))
    _ours(at)  # warm, and it writes down which notices the reference has to insert
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER_TOLD)
    wanted = _written()
    rates: dict[str, list[float]] = {"O": [], "R": []}
    for turn in TURNS:
        _wind_back()
        begun = time.perf_counter()
        count = _ours(at) if turn == "O" else _plainly(at)
        rates[turn].append(count / (time.perf_counter() - begun))
        assert _written() == wanted, "both must leave the same rows"
    ours, reference = median(rates["O"]), median(rates["R"])
    return Result(
        "sweep",
        "clocks/s",
        ours,
        reference,
        "the same rows in plain SQL, batches of 500",
        reach=0.4,
        notes={
            "clocks": f"{wanted['rung']:,} due among {PETITIONS[size] * 4:,}, {wanted['notices']:,} notices",
            "runs": {name: [round(rate) for rate in found] for name, found in rates.items()},
        },
    )


def _ours(at: datetime) -> int:
    return clocks.ring_due(at).rung


def _plainly(at: datetime) -> int:
    """No rule is asked, nobody is looked up: which notices to insert is known beforehand."""
    rung = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SELECT, {"at": at})
            batch = [pk for (pk,) in cursor.fetchall()]
            if not batch:
                return rung
            cursor.execute(INSERT_EVENTS, {"batch": batch})
            cursor.execute(INSERT_NOTICES, {"batch": batch, "at": at})
            cursor.execute(UPDATE, {"batch": batch})
        rung += len(batch)


SELECT = """
SELECT id FROM petitions_clock WHERE next_tick_at <= %(at)s ORDER BY next_tick_at, id LIMIT 500
FOR NO KEY UPDATE SKIP LOCKED
"""
INSERT_EVENTS = """
INSERT INTO petitions_event (petition_id, action, at, from_status, to_status, unit_id, promise, note, detail, clock_id)
SELECT petition_id, effects[rung + 1], next_tick_at, '', '', unit_id, promise, '', '{}', id
FROM petitions_clock WHERE id = ANY(%(batch)s)
"""
INSERT_NOTICES = """
INSERT INTO accounts_notice (person_id, key, title, body, path, weight, created_at)
SELECT person_id, key, title, body, path, weight, %(at)s FROM bench_told WHERE clock_id = ANY(%(batch)s)
"""
UPDATE = """
UPDATE petitions_clock SET rung = rung + 1, next_tick_at = ticks[rung + 2] WHERE id = ANY(%(batch)s)
"""

REMEMBER_DUE = """
DROP TABLE IF EXISTS bench_due;
CREATE TABLE bench_due AS SELECT id, rung, next_tick_at FROM petitions_clock WHERE next_tick_at <= '{at}';
"""
REMEMBER_TOLD = """
DROP TABLE IF EXISTS bench_told;
CREATE TABLE bench_told AS
    SELECT split_part(key, ':', 2)::bigint AS clock_id, person_id, key, title, body, path, weight FROM accounts_notice
    ORDER BY 1;
CREATE INDEX ON bench_told (clock_id);
ANALYZE bench_told;
"""
WIND_BACK = """
TRUNCATE petitions_event, accounts_notice CASCADE;
UPDATE petitions_clock c SET rung = d.rung, next_tick_at = d.next_tick_at FROM bench_due d WHERE c.id = d.id;
"""
WRITTEN = """
SELECT (SELECT count(*) FROM bench_due d JOIN petitions_clock c USING (id) WHERE c.rung = d.rung + 1) AS rung,
    (SELECT count(*) FROM accounts_notice) AS notices,
    (SELECT sum(hashtextextended(concat_ws('|', petition_id, action, at, promise, unit_id), 0)) FROM petitions_event),
    (SELECT sum(hashtextextended(concat_ws('|', person_id, key, title, weight), 0)) FROM accounts_notice)
"""


def _wind_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WIND_BACK)
    city.settle()


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        rung, notices, events_sum, notices_sum = cursor.fetchone()
    assert rung == Event.objects.count()
    return {"rung": rung, "notices": notices, "events_sum": events_sum, "notices_sum": notices_sum}
