"""The working calendar, year by year: as the State Council published it, until then weekends and statutory days."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import holidays
from django.db import transaction

from petitions import terms
from petitions.models import Workday

Kind = Workday.Kind
LAST_PUBLISHED = max(chinese_calendar.constants.holidays).year


def day_of(on: date) -> Workday:
    """What is known of one day now."""
    if on.year <= LAST_PUBLISHED:
        is_off, name = chinese_calendar.get_holiday_detail(on)
        if name and is_off:
            return Workday(on=on, kind=Kind.HOLIDAY, note=chinese_calendar.Holiday(name).chinese)
        if name:
            return Workday(on=on, kind=Kind.MAKE_UP, note=f"{chinese_calendar.Holiday(name).chinese}调休")
        return Workday(on=on, kind=Kind.WEEKEND if is_off else Kind.WORKDAY)
    if name := _statutory(on.year).get(on):
        return Workday(on=on, kind=Kind.HOLIDAY, note=name, provisional=True)
    return Workday(on=on, kind=Kind.WEEKEND if on.weekday() >= 5 else Kind.WORKDAY, provisional=True)


@lru_cache
def _statutory(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("CN", years=year, language="zh_CN", observed=False))


def days_of(years: range) -> Iterator[Workday]:
    on = date(years.start, 1, 1)
    while on.year < years.stop:
        yield day_of(on)
        on += timedelta(days=1)


def refresh(today: date) -> list[date]:
    """Bring the table up to what is known now; the days whose nature changed. Days that people edited stay as they are.

    A published year is edited by hand at most for local shifts, so only missing and provisional days are written.
    """
    years = range(today.year - 2, today.year + 3)
    with transaction.atomic():
        known = {day.on: day for day in Workday.objects.filter(on__year__gte=years.start)}
        missing, better, moved = [], [], []
        for day in days_of(years):
            old = known.get(day.on)
            if old is None:
                missing.append(day)
            elif old.provisional and not day.provisional:
                better.append(day)
                if old.kind != day.kind:
                    moved.append(day.on)
        Workday.objects.bulk_create(missing)
        Workday.objects.bulk_update(better, ["kind", "note", "provisional"])
    terms.forget()
    return moved
