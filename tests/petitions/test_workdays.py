"""Working time: the published year as it is, and laws that hold for every start and every length."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.workdays import BeyondCalendar, Day, DayKind, WorkCalendar
from tests.petitions.calendars import HOURS, SHANGHAI, at, by_the_minute, city, works_at

CALENDAR = city()
EIGHT = timedelta(hours=8)

minutes = st.integers(0, 3 * 365 * 24 * 60)
starts = minutes.map(lambda n: datetime(2025, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=n))
odd_starts = st.builds(lambda start, extra: start + timedelta(microseconds=extra), starts, st.integers(0, 59_999_999))
lengths = st.integers(1, 60 * 8 * 60).map(lambda n: timedelta(minutes=n))


# --- The year as the State Council published it ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (date(2026, 1, 1), DayKind.HOLIDAY),
        (date(2026, 1, 4), DayKind.MAKE_UP),  # a Sunday
        (date(2026, 2, 17), DayKind.HOLIDAY),  # 春节
        (date(2026, 2, 28), DayKind.MAKE_UP),
        (date(2026, 9, 20), DayKind.MAKE_UP),
        (date(2026, 10, 7), DayKind.HOLIDAY),
        (date(2026, 10, 8), DayKind.WORKDAY),
        (date(2026, 10, 10), DayKind.MAKE_UP),  # a Saturday
        (date(2026, 10, 11), DayKind.WEEKEND),
        (date(2026, 11, 16), DayKind.WORKDAY),
    ],
)
def test_a_published_day_is_what_was_published(on: date, kind: DayKind) -> None:
    assert CALENDAR.days[on].kind == kind
    assert not CALENDAR.days[on].provisional


def test_a_year_not_yet_published_is_provisional() -> None:
    assert CALENDAR.is_provisional(at("2028-03-01 10:00"))
    assert not CALENDAR.is_provisional(at("2026-12-31 10:00"))
    assert CALENDAR.days[date(2028, 10, 1)].kind == DayKind.HOLIDAY, "statutory days are known for every year"


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-16 10:00", 2, "2026-11-16 12:00"),  # ends at noon, not after lunch
        ("2026-11-16 10:00", 3, "2026-11-16 14:30"),  # over lunch
        ("2026-11-16 12:30", 1, "2026-11-16 14:30"),  # asked during lunch
        ("2026-11-16 17:00", 2, "2026-11-17 09:30"),  # overnight
        ("2026-11-16 08:30", 8, "2026-11-16 18:00"),  # a whole day ends at closing time
        ("2026-11-20 17:30", 1, "2026-11-23 09:00"),  # Friday evening to Monday
        ("2026-09-30 17:00", 2, "2026-10-08 09:30"),  # over the National Day week
        ("2026-10-09 17:00", 2, "2026-10-10 09:30"),  # into the Saturday worked in exchange
        ("2026-10-10 17:00", 2, "2026-10-12 09:30"),  # and out of it, over the Sunday
        ("2026-02-14 17:00", 9, "2026-02-24 18:00"),  # from a Saturday worked in exchange over the Spring Festival
    ],
)
def test_working_hours_end_when_a_clerk_would_say(start: str, hours: int, end: str) -> None:
    assert CALENDAR.add(at(start), timedelta(hours=hours)) == at(end)


# --- Laws -----------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(1, 3 * 8 * 60))
def test_it_agrees_with_counting_minutes(start: datetime, length: int) -> None:
    assert CALENDAR.add(start, timedelta(minutes=length)) == by_the_minute(start, length, CALENDAR)


@given(odd_starts, lengths)
def test_between_undoes_add(start: datetime, length: timedelta) -> None:
    assert CALENDAR.between(start, CALENDAR.add(start, length)) == length


@given(odd_starts, lengths)
def test_add_then_subtract_leads_back_as_far_as_people_work(start: datetime, length: timedelta) -> None:
    back = CALENDAR.subtract(CALENDAR.add(start, length), length)
    assert back >= start, "the latest instant, which is later than a start outside working hours"
    assert CALENDAR.between(start, back) == timedelta(0)
    if works_at(start, CALENDAR):
        assert back == start


@given(odd_starts, lengths, lengths)
def test_two_lengths_one_after_the_other_are_their_sum(start: datetime, one: timedelta, other: timedelta) -> None:
    assert CALENDAR.add(CALENDAR.add(start, one), other) == CALENDAR.add(start, one + other)


@given(odd_starts, odd_starts, odd_starts)
def test_between_is_additive_and_turns_its_sign(a: datetime, b: datetime, c: datetime) -> None:
    assert CALENDAR.between(a, b) + CALENDAR.between(b, c) == CALENDAR.between(a, c)
    assert CALENDAR.between(a, b) == -CALENDAR.between(b, a)


@given(odd_starts, odd_starts, lengths)
def test_who_starts_later_is_never_due_earlier(a: datetime, b: datetime, length: timedelta) -> None:
    first, second = sorted([a, b])
    assert CALENDAR.add(first, length) <= CALENDAR.add(second, length)


@given(odd_starts, lengths, lengths)
def test_a_longer_promise_is_due_later(start: datetime, one: timedelta, more: timedelta) -> None:
    assert CALENDAR.add(start, one) < CALENDAR.add(start, one + more)


@given(odd_starts, lengths)
def test_the_end_never_lands_outside_working_time(start: datetime, length: timedelta) -> None:
    end = CALENDAR.add(start, length).astimezone(SHANGHAI)
    hours = CALENDAR.days[end.date()].hours
    assert any(opens < end.time() <= closes for opens, closes in hours)


@given(odd_starts, lengths)
def test_the_zone_in_which_a_start_is_written_does_not_matter(start: datetime, length: timedelta) -> None:
    assert CALENDAR.add(start.astimezone(UTC), length) == CALENDAR.add(start, length)


@given(odd_starts, lengths)
def test_the_stretches_shown_add_up(start: datetime, length: timedelta) -> None:
    stretches = list(CALENDAR.stretches(start, CALENDAR.add(start, length)))
    assert sum((stretch.counted for stretch in stretches), timedelta(0)) == length
    assert all(not stretch.counted for stretch in stretches if not stretch.day.hours)


# --- Its edges ------------------------------------------------------------------------------------------------------


def test_no_time_at_all_is_now() -> None:
    sunday = at("2026-11-15 03:00")
    assert CALENDAR.add(sunday, timedelta(0)) == sunday
    assert CALENDAR.subtract(sunday, timedelta(0)) == sunday


@pytest.mark.parametrize("start", ["2024-12-31 10:00", "2029-01-02 10:00", "1900-01-01 00:00", "9999-12-31 00:00"])
def test_a_start_outside_the_calendar_is_refused(start: str) -> None:
    with pytest.raises(BeyondCalendar):
        CALENDAR.add(at(start), EIGHT)
    with pytest.raises(BeyondCalendar):
        CALENDAR.between(at(start), at("2026-11-16 10:00"))


def test_an_end_outside_the_calendar_is_refused() -> None:
    with pytest.raises(BeyondCalendar):
        CALENDAR.add(at("2028-12-29 17:00"), 5 * EIGHT)
    with pytest.raises(BeyondCalendar):
        CALENDAR.subtract(at("2025-01-02 09:00"), 5 * EIGHT)


def test_the_very_last_working_minute_can_be_used() -> None:
    last = CALENDAR.add(at("2028-12-29 17:00"), timedelta(hours=1))
    assert last == at("2028-12-29 18:00")


def test_a_calendar_with_a_gap_or_no_days_is_refused() -> None:
    workday = Day(DayKind.WORKDAY, HOURS)
    with pytest.raises(ValueError, match="consecutive"):
        WorkCalendar({date(2026, 1, 1): workday, date(2026, 1, 3): workday}, SHANGHAI)
    with pytest.raises(ValueError, match="at least one"):
        WorkCalendar({}, SHANGHAI)
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar({date(2026, 1, 1): Day(DayKind.WORKDAY, ((time(12), time(8)),))}, SHANGHAI)
