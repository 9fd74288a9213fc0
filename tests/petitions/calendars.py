"""A real working calendar without a database: what `chinese-calendar` publishes, weekends for the years after."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from petitions import workyears
from petitions.workdays import Day, DayKind, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = ((time(8, 30), time(12)), (time(13, 30), time(18)))
FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)


@cache
def city() -> WorkCalendar:
    days = {}
    for workday in workyears.days_of(range(FIRST.year, LAST.year + 1)):
        kind = DayKind(workday.kind)
        works = kind in (DayKind.WORKDAY, DayKind.MAKE_UP)
        days[workday.on] = Day(kind, HOURS if works else (), workday.provisional, workday.note)
    return WorkCalendar(days, SHANGHAI)


def at(words: str) -> datetime:
    """`at("2026-10-10 09:00")`, on the city's clock."""
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def by_the_minute(start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """The naive model: let the clock on the wall run, and count the minutes in which people work."""
    moment = start
    while minutes:
        minutes -= works_at(moment, calendar)
        moment += timedelta(minutes=1)
    return moment


def works_at(moment: datetime, calendar: WorkCalendar) -> bool:
    """Does somebody work in the minute that begins here?"""
    local = moment.astimezone(calendar.zone)
    return any(opens <= local.time() < closes for opens, closes in calendar.days[local.date()].hours)
