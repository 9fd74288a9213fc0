"""Working time as arithmetic: a calendar of working intervals, and adding to, taking from and measuring along it.

Pure: no Django, no database, no wall clock. Instants in and out are aware datetimes (out: UTC); lengths are
`timedelta`. One working day is eight working hours (domain §2.5), so only seconds are counted here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WORKING_DAY = timedelta(hours=8)

Interval = tuple[time, time]


class BeyondCalendar(ValueError):
    """The answer lies outside the days the calendar knows."""


class DayKind(StrEnum):
    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # a weekend day worked in exchange for a holiday


@dataclass(frozen=True, slots=True)
class Day:
    kind: DayKind
    hours: tuple[Interval, ...]  # empty when nobody works
    provisional: bool = False  # the year's holidays are not yet published
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one day contributes to a span of time: `counted` of working time between `since` and `until`."""

    on: date
    day: Day
    counted: timedelta


def _micros(at: datetime) -> int:
    delta = at - EPOCH
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def _instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


class WorkCalendar:
    """Known days laid out as one line of working microseconds, so that every question is two binary searches."""

    def __init__(self, days: Mapping[date, Day], zone: tzinfo) -> None:
        """`days` must be consecutive; `zone` says what 8:30 means. Raises ValueError on a gap or on no days."""
        if not days:
            raise ValueError("a calendar needs at least one day")
        self.days = dict(sorted(days.items()))
        self.zone = zone
        self.first, self.last = next(iter(self.days)), next(reversed(self.days))
        if (self.last - self.first).days + 1 != len(self.days):
            raise ValueError("the days of a calendar must be consecutive")
        self._starts: list[int] = []  # instant at which each working interval opens
        self._ends: list[int] = []
        self._before: list[int] = []  # working time passed before each interval opens
        passed = 0
        for on, day in self.days.items():
            for opens, closes in day.hours:
                start = _micros(datetime.combine(on, opens, zone))
                end = _micros(datetime.combine(on, closes, zone))
                if end <= start or (self._ends and start < self._ends[-1]):
                    raise ValueError(f"working hours of {on} overlap or run backwards")
                self._starts.append(start)
                self._ends.append(end)
                self._before.append(passed)
                passed += end - start
        self._total = passed
        self._from = _micros(datetime.combine(self.first, time.min, zone))
        self._to = _micros(datetime.combine(self.last + timedelta(days=1), time.min, zone))

    def _position(self, micros: int) -> int:
        """Working time passed since the calendar began."""
        if not self._from <= micros <= self._to:
            raise BeyondCalendar(f"{_instant(micros):%Y-%m-%d} is not in the calendar")
        i = bisect_right(self._starts, micros) - 1
        if i < 0:
            return 0
        return self._before[i] + min(micros, self._ends[i]) - self._starts[i]

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The instant at which `length` of working time has passed since `start`; for zero, `start` itself."""
        if not length:
            return start
        target = self._position(_micros(start)) + length // MICROSECOND
        if not 0 < target <= self._total:
            raise BeyondCalendar("the calendar ends before the working time is used up")
        # bisect_left: eight hours from opening end at closing time, not at the next opening.
        i = bisect_left(self._before, target) - 1
        return _instant(self._starts[i] + target - self._before[i])

    def subtract(self, end: datetime, length: timedelta) -> datetime:
        """The latest instant from which `length` of working time leads to `end`."""
        if not length:
            return end
        target = self._position(_micros(end)) - length // MICROSECOND
        if target < 0:
            raise BeyondCalendar("the calendar begins after the working time is used up")
        i = bisect_right(self._before, target) - 1
        return _instant(self._starts[i] + target - self._before[i])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` comes first."""
        return timedelta(microseconds=self._position(_micros(end)) - self._position(_micros(start)))

    def stretches(self, start: datetime, end: datetime) -> Iterable[Stretch]:
        """Day by day, what counted between `start` and `end`, days without working time included."""
        on, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while on <= last:
            if on not in self.days:
                raise BeyondCalendar(f"{on} is not in the calendar")
            opens = max(start, datetime.combine(on, time.min, self.zone))
            closes = min(end, datetime.combine(on + timedelta(days=1), time.min, self.zone))
            yield Stretch(on, self.days[on], self.between(opens, closes))
            on += timedelta(days=1)

    def is_provisional(self, end: datetime) -> bool:
        """Does a span that ends here touch an unpublished year? Years are published in order: the end decides."""
        day = self.days.get(end.astimezone(self.zone).date())
        return day is not None and day.provisional
