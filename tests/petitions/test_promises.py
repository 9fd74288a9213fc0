"""Promises: lengths of every span, short ones warned halfway, halves with a floor, pauses that do not count."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from petitions import promises
from petitions.promises import SPANS, Length, Rung, Tick
from tests.petitions.calendars import SHANGHAI, at, city

CALENDAR = city()
LADDER = [
    Rung(Length(1, "working_day"), True, "yellow_card"),
    Rung(Length(0, "minute"), False, "red_card"),
    Rung(Length(1, "working_day"), False, "supervise"),
]

starts = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2025, 3, 1, tzinfo=SHANGHAI) + timedelta(minutes=n))
lengths = st.builds(Length, st.integers(1, 40), st.sampled_from(SPANS))
pauses = st.integers(0, 60 * 24 * 30).map(lambda n: timedelta(minutes=n))


@pytest.mark.parametrize(
    ("length", "due"),
    [
        (Length(30, "minute"), "2026-09-30 17:30"),
        (Length(24, "hour"), "2026-10-01 17:00"),  # a holiday: the clock on the wall does not mind
        (Length(5, "day"), "2026-10-05 17:00"),
        (Length(90, "working_minute"), "2026-10-08 09:00"),
        (Length(4, "working_hour"), "2026-10-08 11:30"),
        (Length(3, "working_day"), "2026-10-10 17:00"),  # 8, 9 and the Saturday worked in exchange
        (Length(5, "working_day"), "2026-10-13 17:00"),
    ],
)
def test_a_promise_made_before_the_holidays(length: Length, due: str) -> None:
    assert promises.due(at("2026-09-30 17:00"), length, CALENDAR) == at(due)


@pytest.mark.parametrize(("amount", "span"), [(1, "fortnight"), (1, ""), (-1, "day")])
def test_a_length_that_nobody_can_keep_is_refused(amount: int, span: str) -> None:
    with pytest.raises(ValueError):
        Length(amount, span)


@given(starts, lengths)
def test_the_time_left_at_the_start_is_the_whole_length(start: datetime, length: Length) -> None:
    due = promises.due(start, length, CALENDAR)
    assert promises.left(start, due, working=length.working, calendar=CALENDAR) == length.delta
    assert promises.left(due, due, working=length.working, calendar=CALENDAR) == timedelta(0)


@given(starts, lengths)
def test_the_ladder_rings_in_order_after_the_start_and_red_when_due(start: datetime, length: Length) -> None:
    due = promises.due(start, length, CALENDAR)
    yellow, red, supervise = promises.ticks(start, due, LADDER, CALENDAR)
    assert [yellow.effect, red.effect, supervise.effect] == ["yellow_card", "red_card", "supervise"]
    assert start <= yellow.at <= red.at == due < supervise.at
    assert CALENDAR.between(due, supervise.at) == timedelta(hours=8)


def test_a_short_promise_is_warned_of_halfway() -> None:
    start = at("2026-11-16 08:30")
    due = promises.due(start, Length(4, "working_hour"), CALENDAR)
    assert due == at("2026-11-16 14:00")
    assert promises.ticks(start, due, LADDER, CALENDAR)[0] == Tick(at("2026-11-16 10:30"), "yellow_card")


@given(st.integers(0, 100), st.sampled_from(SPANS))
def test_half_a_promise_is_half_or_the_floor(amount: int, span: str) -> None:
    length, floor = Length(amount, span), Length(1, "working_day")
    half = length.halved(floor)
    assert half.delta >= floor.delta
    if length.delta >= 2 * floor.delta:
        assert abs(half.delta - length.delta / 2) < timedelta(minutes=1)
        assert half.working == length.working


@given(starts, lengths)
def test_the_working_shown_adds_up_to_the_promise(start: datetime, length: Length) -> None:
    shown = promises.explain(start, promises.due(start, length, CALENDAR), length, CALENDAR)
    counted = sum((stretch.counted for stretch in shown.stretches), timedelta(0))
    assert counted == (length.delta if length.working else timedelta(0))


@given(starts, lengths, st.floats(0, 1), pauses)
def test_a_pause_does_not_count(start: datetime, length: Length, share: float, pause: timedelta) -> None:
    due = promises.due(start, length, CALENDAR)
    stopped = start + (due - start) * share
    assume(stopped < due)
    resumed = stopped + pause
    left = promises.left(stopped, due, working=length.working, calendar=CALENDAR)
    shifted = promises.shifted(due, stopped=stopped, resumed=resumed, working=length.working, calendar=CALENDAR)
    assert promises.left(resumed, shifted, working=length.working, calendar=CALENDAR) == left
    assert shifted >= due


@given(starts, lengths, pauses)
def test_what_was_overdue_before_a_pause_stays_due_when_it_was(
    start: datetime, length: Length, pause: timedelta
) -> None:
    due = promises.due(start, length, CALENDAR)
    late = due + timedelta(minutes=1)
    resumed = late + pause
    assert promises.shifted(due, stopped=late, resumed=resumed, working=length.working, calendar=CALENDAR) == due
