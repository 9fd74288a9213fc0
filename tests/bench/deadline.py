"""Working-time additions per second, against a clerk's way: day by day along the calendar."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from petitions import promises, terms
from petitions.promises import Length
from petitions.workdays import WorkCalendar
from tests.bench.result import Result

LENGTHS = [
    Length(2, "working_hour"),
    Length(4, "working_hour"),
    Length(1, "working_day"),
    Length(5, "working_day"),
    Length(15, "working_day"),
    Length(20, "working_day"),
]


def measure(size: str) -> Result:
    calendar = terms.calendar()
    first = datetime.combine(calendar.first + timedelta(days=30), datetime.min.time(), UTC)
    starts = [first + timedelta(minutes=197 * i) for i in range(4000)]
    cases = [(start, length) for start in starts for length in LENGTHS]
    assert all(promises.due(s, n, calendar) == day_by_day(s, n, calendar) for s, n in cases[::37])
    rounds = 20 if size == "full" else 5
    ours = reference = 0.0
    for _ in range(3):  # in turns; the best of three is the least disturbed
        ours = max(ours, _per_second(promises.due, cases * rounds, calendar))
        reference = max(reference, _per_second(day_by_day, cases, calendar))
    return Result(
        "deadline", "additions/s", ours, reference, "the same, day by day with datetime and timedelta", floor=200_000
    )


def _per_second(
    due: Callable[[datetime, Length, WorkCalendar], datetime], cases: list[tuple[datetime, Length]], c: WorkCalendar
) -> float:
    begun = time.perf_counter()
    for start, length in cases:
        due(start, length, c)
    return len(cases) / (time.perf_counter() - begun)


def day_by_day(start: datetime, length: Length, calendar: WorkCalendar) -> datetime:
    """As one would write it first: walk the days, use up each interval."""
    left, on = length.delta, start.astimezone(calendar.zone).date()
    while True:
        for opens, closes in calendar.days[on].hours:
            begins = max(start, datetime.combine(on, opens, calendar.zone))
            ends = datetime.combine(on, closes, calendar.zone)
            if ends <= begins:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        on += timedelta(days=1)
