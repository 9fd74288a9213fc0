"""When the next visit is promised: calendar arithmetic without a database. Source of the rules: domain §3.6."""

import calendar
from datetime import date, timedelta

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}  # visits of one household, at one each


def after(on: date, every: int, unit: str) -> date:
    """The day `every` days, weeks, months, quarters or years after `on`; the 31st becomes the last of a shorter month.

    Raises KeyError for a unit that is none of these and OverflowError beyond the year 9999.
    """
    if unit in DAYS:
        return on + timedelta(days=every * DAYS[unit])
    months = on.year * 12 + on.month - 1 + every * MONTHS[unit]
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def visits_a_year(every: int, unit: str) -> float:
    """How many visits a rule asks of one household in a year."""
    return A_YEAR[unit] / every
