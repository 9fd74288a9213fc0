"""Over which days figures are taken: a month, a quarter, a year, the last thirty days, or from one day to another."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

LAST_DAYS = re.compile(r"([1-9][0-9]{0,2})d")
MONTH = re.compile(r"(\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
YEAR = re.compile(r"\d{4}")
DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
LONGEST = timedelta(days=366 * 3)


class NotAPeriod(ValueError):
    """Says in a Chinese sentence what is wrong."""


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant up to, and without, another one."""

    words: str  # as it stands in an address
    label: str
    since: datetime
    until: datetime


def read(words: str, at: datetime) -> Period:
    words = words.strip()
    try:
        if found := LAST_DAYS.fullmatch(words):
            # The instant itself still counts: what was answered now is of the last thirty days.
            return Period(
                words, f"近 {found[1]} 天", at - timedelta(days=int(found[1])), at + timedelta(microseconds=1)
            )
        if found := MONTH.fullmatch(words):
            return _months(words, f"{int(found[1])} 年 {int(found[2])} 月", int(found[1]), int(found[2]), 1)
        if found := QUARTER.fullmatch(words):
            quarter = int(found[2])
            return _months(words, f"{int(found[1])} 年第 {quarter} 季度", int(found[1]), 3 * quarter - 2, 3)
        if YEAR.fullmatch(words):
            return _months(words, f"{int(words)} 年", int(words), 1, 12)
        if found := DAYS.fullmatch(words):
            return _days(words, date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    except (ValueError, OverflowError) as problem:
        if isinstance(problem, NotAPeriod):
            raise
    raise NotAPeriod("统计期写作 2026-11（月）、2026-Q4（季）、2026（年）、30d（近 30 天）或 2026-11-01..2026-11-15。")


def month_of(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m}"


def month_before(on: date) -> date:
    """The first day of the month before the one in which this day lies."""
    return (on.replace(day=1) - timedelta(days=1)).replace(day=1)


def _months(words: str, label: str, year: int, month: int, count: int) -> Period:
    after = date(year + (month + count - 1) // 12, (month + count - 1) % 12 + 1, 1)
    return Period(words, label, _midnight(date(year, month, 1)), _midnight(after))


def _days(words: str, first: date, last: date) -> Period:
    if last < first:
        raise NotAPeriod("统计期的止日早于起日，请核对。")
    if last - first > LONGEST:
        raise NotAPeriod("统计期最长三年，请缩短。")
    return Period(words, f"{first} 至 {last}", _midnight(first), _midnight(last + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
