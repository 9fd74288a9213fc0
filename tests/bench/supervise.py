"""Petitions supervised per second: the sweep with its papers against the same rows in plain SQL, batches of 500."""

import time
from datetime import datetime, timedelta
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from grids.models import CITY_CODE, Duty, Posting
from petitions import clocks, terms
from petitions.models import Briefing, SupervisionNotice
from tests.bench import city
from tests.bench.result import Result

PETITIONS = {"small": 20_000, "full": 20_000}  # all of them reach the step at once
TURNS = "ROOR"
TABLES = (
    *("petitions_event", "petitions_supervisionnotice", "petitions_briefing", "petitions_topic"),
    *("petitions_paperevent", "accounts_notice", "petitions_series"),
)


def measure(size: str) -> Result:
    at, count = timezone.now(), PETITIONS[size]
    city.people()
    _leader()
    city.empty()
    city.petitions(count, at, finished=0)
    terms.forget()
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"at": at - timedelta(minutes=1)})
        cursor.execute("VACUUM (ANALYZE) petitions_clock")
    _ours(at)  # warm, and it writes down which rows the reference has to insert
    _remember()
    wanted = _written()
    assert wanted["notices"] == wanted["briefings"] == wanted["topics"] == count
    rates: dict[str, list[float]] = {"O": [], "R": []}
    for turn in TURNS:
        _wind_back(at - timedelta(minutes=1))
        begun = time.perf_counter()
        rung = _ours(at) if turn == "O" else _plainly(at)
        rates[turn].append(rung / (time.perf_counter() - begun))
        assert _written() == wanted, "both must leave the same rows"
    return Result(
        "supervise",
        "petitions/s",
        median(rates["O"]),
        median(rates["R"]),
        "the same rows in plain SQL, batches of 500",
        reach=0.3,
        notes={
            "rows": ", ".join(f"{n:,} {name}" for name, n in wanted.items() if not name.endswith("_sum")),
            "runs": {name: [round(rate) for rate in found] for name, found in rates.items()},
        },
    )


def _ours(at: datetime) -> int:
    sweep = clocks.ring_due(at)
    assert not sweep.set_aside
    return sweep.rung


def _plainly(at: datetime) -> int:
    """No rule is asked, nothing is numbered, nobody is looked up: what to insert is known beforehand."""
    rung = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SELECT, {"at": at})
            batch = [pk for (pk,) in cursor.fetchall()]
            if not batch:
                return rung
            for table in TABLES:
                if table != "petitions_series":
                    cursor.execute(COPY.format(table=table), {"batch": batch})
            cursor.execute(RAISE, {"count": len(batch)})
            cursor.execute(UPDATE, {"batch": batch})
        rung += len(batch)


SELECT = """
SELECT id FROM petitions_clock WHERE next_tick_at <= %(at)s ORDER BY next_tick_at, id LIMIT 500
FOR NO KEY UPDATE SKIP LOCKED
"""
COPY = """
INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (row).* FROM bench_{table} WHERE clock = ANY(%(batch)s)
"""
RAISE = "UPDATE petitions_series SET last = last + %(count)s"
UPDATE = """
UPDATE petitions_clock SET rung = rung + 1, next_tick_at = ticks[rung + 2] WHERE id = ANY(%(batch)s)
"""

# One promise each, a day late: the next step is the first notice.
DUE = """
INSERT INTO petitions_clock (petition_id, promise, promise_class, unit_id, amount, span, started_at, due_at,
    provisional, ticks, effects, rung, next_tick_at, fault)
SELECT id, 'resolve', 'complaint', unit_id, 1, 'working_day', %(at)s::timestamptz - interval '2 days',
    %(at)s::timestamptz - interval '1 day', false, ARRAY[%(at)s::timestamptz - interval '1 day', %(at)s::timestamptz],
    ARRAY['red_card', 'supervise'], 1, %(at)s::timestamptz, ''
FROM petitions_petition
"""
# Each row as it was written, beside the clock that it came from.
CLOCK_OF = {
    "petitions_event": "row.clock_id",
    "petitions_supervisionnotice": "row.clock_id",
    "petitions_briefing": "(SELECT n.clock_id FROM petitions_supervisionnotice n WHERE n.briefing_id = row.id)",
    "petitions_topic": "(SELECT n.clock_id FROM petitions_supervisionnotice n WHERE n.topic_id = row.id)",
    "petitions_paperevent": """(SELECT n.clock_id FROM petitions_supervisionnotice n
        WHERE n.id = row.notice_id OR n.briefing_id = row.briefing_id)""",
    "accounts_notice": """(SELECT n.clock_id FROM petitions_supervisionnotice n
        WHERE n.id = split_part(row.key, ':', 2)::bigint)""",
    "petitions_series": "0",
}
REMEMBER = """
DROP TABLE IF EXISTS bench_{table};
CREATE TABLE bench_{table} AS SELECT {clock}::bigint AS clock, row FROM {table} AS row;
CREATE INDEX ON bench_{table} (clock);
ANALYZE bench_{table};
"""
WRITTEN = """
SELECT (SELECT count(*) FROM petitions_supervisionnotice WHERE briefing_id IS NOT NULL AND topic_id IS NOT NULL),
    (SELECT count(*) FROM petitions_briefing), (SELECT count(*) FROM petitions_topic),
    (SELECT count(*) FROM petitions_event), (SELECT count(*) FROM petitions_paperevent),
    (SELECT count(*) FROM accounts_notice), (SELECT sum(last) FROM petitions_series),
    (SELECT sum(hashtextextended(concat_ws('|', number, clock_id, state, title, digest, basis), 0))
        FROM petitions_supervisionnotice),
    (SELECT sum(hashtextextended(concat_ws('|', person_id, title, weight), 0)) FROM accounts_notice)
"""
NAMES = ("notices", "briefings", "topics", "events", "paper_events", "told", "numbers", "notices_sum", "told_sum")


def _leader() -> None:
    """Somebody is told of every briefing."""
    if not Posting.objects.filter(duty=Duty.LEADER).exists():
        reviewer = Posting.objects.filter(duty=Duty.REVIEWER)[0]
        Posting.objects.create(
            user=reviewer.user, duty=Duty.LEADER, unit=reviewer.unit, place_id=CITY_CODE, since=reviewer.since
        )


def _remember() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            for statement in REMEMBER.format(table=table, clock=CLOCK_OF[table]).split(";\n"):
                if statement.strip():
                    cursor.execute(statement)


def _wind_back(tick: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE")
        cursor.execute("UPDATE petitions_clock SET rung = 1, next_tick_at = %s", [tick])
        for prefix in (SupervisionNotice.PREFIX, Briefing.PREFIX):
            cursor.execute(
                "INSERT INTO petitions_series (key, last) VALUES (%s, 0)",
                [f"{prefix}〔{timezone.localtime(tick).year}〕"],
            )
    city.settle()


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(zip(NAMES, cursor.fetchone(), strict=True))
