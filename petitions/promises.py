"""Promises as arithmetic: from a start, a length and a calendar to the due instant, its ticks, and the time left.

Pure: no Django, no database, no wall clock. A length is an amount and a span: minutes, hours and days of the
clock on the wall; hours and days of working time (one working day is eight working hours, domain §2.5).
Instants are aware datetimes. Unknown spans raise ValueError.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from petitions.workdays import WORKING_DAY, Stretch, WorkCalendar

Span = Literal["minute", "hour", "day", "working_minute", "working_hour", "working_day"]
SPANS: tuple[str, ...] = get_args(Span)

_LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "working_minute": timedelta(minutes=1),
    "working_hour": timedelta(hours=1),
    "working_day": WORKING_DAY,
}


@dataclass(frozen=True, slots=True)
class Length:
    """An amount of a span. `Length(3, "working_day")` is three working days."""

    amount: int
    span: str

    def __post_init__(self) -> None:
        if self.span not in _LENGTHS:
            raise ValueError(f"unknown span: {self.span}")
        if self.amount < 0:
            raise ValueError("a promise cannot have a negative length")

    @property
    def working(self) -> bool:
        return self.span.startswith("working")

    @property
    def delta(self) -> timedelta:
        """Seconds of wall time, or of working time, as the span says."""
        return self.amount * _LENGTHS[self.span]

    def divided(self, by: int) -> "Length":
        """A part of it, in whole minutes of its own kind of time."""
        return Length(int(self.delta.total_seconds()) // (60 * by), "working_minute" if self.working else "minute")

    def halved(self, floor: "Length") -> "Length":
        """Half of it, but not less than `floor`: the promise of a redo (domain §2.4, state 71)."""
        half = self.divided(2)
        return half if half.delta >= floor.delta else floor


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: `length` before (or after) the due instant, `effect` happens."""

    length: Length
    before: bool
    effect: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: datetime
    effect: str


@dataclass(frozen=True, slots=True)
class Working:
    """How a date came about, to be shown to anyone who asks."""

    start: datetime
    due: datetime
    length: Length
    stretches: tuple[Stretch, ...]  # empty for spans of the clock on the wall


def due(start: datetime, length: Length, calendar: WorkCalendar) -> datetime:
    """When the promise falls due. Raises BeyondCalendar when the calendar does not reach that far."""
    return calendar.add(start, length.delta) if length.working else start + length.delta


def before(end: datetime, length: Length, calendar: WorkCalendar) -> datetime:
    return calendar.subtract(end, length.delta) if length.working else end - length.delta


def ticks(start: datetime, due_at: datetime, ladder: Sequence[Rung], calendar: WorkCalendar) -> list[Tick]:
    """The instants at which the ladder rings for one promise, in the order of its steps, lowest first.

    A reminder that would ring at or before the start (one working day before, of a promise of four hours)
    rings halfway instead: domain §2.8 gives short promises short warnings. A step that would ring before the one
    below it rings together with that one: no step is skipped, whatever the rows say.
    """
    found: list[Tick] = []
    for rung in ladder:
        if not rung.before:
            at = due(due_at, rung.length, calendar)
        else:
            at = before(due_at, rung.length, calendar)
            if at <= start:
                at = _halfway(start, due_at, rung.length.working, calendar)
        found.append(Tick(max(at, found[-1].at) if found else at, rung.effect))
    return found


def _halfway(start: datetime, due_at: datetime, working: bool, calendar: WorkCalendar) -> datetime:
    if working:
        return calendar.add(start, calendar.between(start, due_at) / 2)
    return start + (due_at - start) / 2


def explain(start: datetime, due_at: datetime, length: Length, calendar: WorkCalendar) -> Working:
    """Which days counted, which did not, and why."""
    days = tuple(calendar.stretches(start, due_at)) if length.working else ()
    return Working(start, due_at, length, days)


def left(now: datetime, due_at: datetime, *, working: bool, calendar: WorkCalendar) -> timedelta:
    """Time until the promise falls due, in working time if it was given in working time; negative when overdue."""
    return calendar.between(now, due_at) if working else due_at - now


def shifted(
    due_at: datetime, *, stopped: datetime, resumed: datetime, working: bool, calendar: WorkCalendar
) -> datetime:
    """The due instant after an interval that does not count; what was overdue before it stays due when it was."""
    if due_at <= stopped:
        return due_at
    if not working:
        return due_at + (resumed - stopped)
    return calendar.add(resumed, calendar.between(stopped, due_at))
