"""The rates: what their statement counts is what a plain reading of the formulas counts, on any history."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Unit, User
from grids.models import Item
from petitions import periods, rates
from petitions.models import Callback, Clock, Event, Exclusion, Interval, Petition
from petitions.rates import MARKS, MEASURES, Line
from tests.cast import MONDAY_TEN, SHANGHAI, Cast
from tests.petitions.stages import awaiting_callback, dissatisfied, satisfied

NOVEMBER = periods.read("2026-11", MONDAY_TEN)
NOW = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)
START = datetime(2026, 10, 28, 9, tzinfo=SHANGHAI)  # so that some of it lies before the month, and some after now
PLACES = ("370783001901001", "370783001901002", "370783001902001", "370783002")
UNITS = ("寿光市综合行政执法局", "寿光市财政局", "寿光市教育和体育局")
CHANNELS = ("12345", "WEB")
DAYS = st.integers(0, 34)


@dataclass(frozen=True)
class Promised:
    promise: str
    unit: int
    due: int  # days after START
    stopped: int | None
    by: str  # the event at the moment it stopped
    passed: bool  # the centre passed it later
    interrupted: bool


@dataclass(frozen=True)
class Said:
    unit: int
    at: int
    reached: bool
    solved: str
    satisfied: str


@dataclass(frozen=True)
class History:
    unit: int
    place: int
    channel: int
    reachable: bool
    ended: tuple[int, str] | None  # when, and by which verb
    archived: bool
    promised: tuple[Promised, ...]
    said: tuple[Said, ...]
    left_out: bool | None  # None: only proposed


promises = st.builds(
    Promised,
    promise=st.sampled_from(["contact", "resolve", "assist_reply", "sign"]),
    unit=st.integers(0, 2),
    due=DAYS,
    stopped=st.none() | DAYS,
    by=st.sampled_from(["contact", "approve", "assist_reply", "reassign"]),
    passed=st.booleans(),
    interrupted=st.booleans(),
)
answers = st.builds(
    Said,
    unit=st.integers(0, 2),
    at=DAYS,
    reached=st.booleans(),
    solved=st.sampled_from(["yes", "partly", "no", "not_needed"]),
    satisfied=st.sampled_from(["very", "yes", "basically", "no", "not_at_all"]),
)
histories = st.builds(
    History,
    unit=st.integers(0, 2),
    place=st.integers(0, 3),
    channel=st.integers(0, 1),
    reachable=st.booleans(),
    ended=st.none() | st.tuples(DAYS, st.sampled_from(["close", "conclude", "answer"])),
    archived=st.booleans(),
    promised=st.lists(promises, max_size=4, unique_by=lambda one: (one.promise, one.unit)).map(tuple),
    said=st.lists(answers, max_size=3).map(tuple),
    left_out=st.sampled_from([False, False, None, True]),
)


def on(day: int) -> datetime:
    return START + timedelta(days=day)


def counts(day: int) -> bool:
    return NOVEMBER.since <= on(day) < NOVEMBER.until and on(day) <= NOW


# --- A plain reading of the formulas ------------------------------------------------------------------


def read(history: History, unit: int | None) -> set[str]:
    """The marks that this petition bears, as a whole or for one unit's part in it."""
    marks: set[str] = set()
    for of, wanted in {
        "contact": {"contact"},
        "resolve": {"resolve"} | ({"assist_reply"} if unit is not None else set()),
    }.items():
        due = [one for one in history.promised if one.promise in wanted and unit in (None, one.unit) and is_due(one)]
        if due:
            marks.add(f"{of}_due")
            if all(is_kept(history, one) for one in due):
                marks.add(f"{of}_kept")
    said = [one for one in history.said if one.reached and counts(one.at) and unit in (None, one.unit)]
    if said:
        marks |= {"answered", "answer_due"}
        if not any(one.satisfied in ("no", "not_at_all") for one in said):
            marks.add("satisfied")
        worst = next((word for word in ("no", "partly", "yes") if any(one.solved == word for one in said)), "")
        if worst:
            marks.add("solving_judged")
        marks |= {"partly": {"partly"}, "yes": {"solved"}}.get(worst, set())
    if history.ended and history.reachable and unit in (None, history.unit):
        day, how = history.ended
        if how in ("close", "conclude") and counts(day):
            marks.add("answer_due")
    return marks


KEEPS = {"contact": "contact", "resolve": "approve", "assist_reply": "assist_reply"}


def is_due(one: Promised) -> bool:
    handed_on = one.stopped is not None and one.stopped <= one.due and one.by != KEEPS[one.promise]
    return counts(one.due) and not one.interrupted and not handed_on


def is_kept(history: History, one: Promised) -> bool:
    in_time = one.stopped is not None and one.stopped <= one.due and one.by == KEEPS[one.promise]
    if one.promise != "resolve":
        return in_time
    passed = [other.stopped for other in history.promised if other.passed and other.stopped is not None]
    return in_time and bool(passed) and max(passed) >= (one.stopped or 0)


def plainly(told: list[History], group: Any, unit: int | None = None, *, by_unit: bool = False) -> dict[Any, Any]:
    found: dict[Any, list[dict[str, int]]] = defaultdict(lambda: [dict.fromkeys(MARKS, 0), dict.fromkeys(MARKS, 0)])
    for history in told:
        for part in range(3) if by_unit else (unit,):
            marks = read(history, part)
            if marks:
                counted, raw = found[group(history, part)]
                for mark in marks:
                    raw[mark] += 1
                    counted[mark] += history.left_out is not True
    return dict(found)


# --- The same told to the database --------------------------------------------------------------------


def tell(told: list[History], units: list[Unit], person: User, other: User, item: Item) -> list[Petition]:
    rows = [
        Petition(
            number=f"SG20261101{n:05d}",
            submission=uuid.uuid4(),
            channel_id=CHANNELS[one.channel],
            nature="complaint",
            item=item,
            title="一件",
            content="一件",
            place_id=PLACES[one.place],
            caller_fingerprint=b"x" * 32 if one.reachable else None,
            status=("archived" if one.archived else "closed") if one.ended else "in_hand",
            concluded_at=on(one.ended[0]) if one.ended else None,
            unit=units[one.unit],
            registered_at=START,
        )
        for n, one in enumerate(told)
    ]
    Petition.objects.bulk_create(rows)
    for petition, history in zip(rows, told, strict=True):
        _tell(petition, history, units, person, other)
    return rows


def _tell(petition: Petition, history: History, units: list[Unit], person: User, other: User) -> None:
    def event(action: str, day: int, unit: int) -> None:
        Event.objects.create(petition=petition, action=action, at=on(day), unit=units[unit])

    for one in history.promised:
        stopped = None if one.stopped is None else on(one.stopped)
        clock = Clock.objects.create(
            petition=petition,
            promise=one.promise,
            promise_class="complaint",
            unit=units[one.unit],
            amount=1,
            span="day",
            started_at=START,
            due_at=on(one.due),
            stopped_at=stopped,
        )
        if one.stopped is not None:
            event(one.by, one.stopped, one.unit)
            if one.passed:
                event("pass_review", one.stopped, one.unit)
        if one.interrupted:
            Interval.objects.create(
                petition=petition,
                kind="suspension",
                stopped=clock,
                from_at=START,
                reason="等待",
                asked_at=START,
                approved_by=person,
                approved_at=START,
            )
    Callback.objects.bulk_create(
        Callback(
            petition=petition,
            unit=units[said.unit],
            at=on(said.at),
            reached=said.reached,
            solved=said.solved,
            satisfied=said.satisfied,
        )
        for said in history.said
    )
    if history.ended:
        event(history.ended[1], history.ended[0], history.unit)
    if history.left_out is not False:
        decided = {"agreed": True, "decided_by": other, "decided_at": NOW} if history.left_out else {}
        Exclusion.objects.create(
            petition=petition, reason="lawsuit", note="已立案", proposed_by=person, proposed_at=START, **decided
        )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(told=st.lists(histories, min_size=1, max_size=6))
def test_the_statement_counts_what_a_plain_reading_counts(cast: Cast, told: list[History]) -> None:
    units = [Unit.objects.get(name=name) for name in UNITS]
    item = Item.objects.get(code="A02")
    every = Petition.objects.all()

    def counted(lines: Any) -> dict[Any, Any]:
        found = {line.key: [dict(line.counts), dict(line.raw)] for line in lines}
        return {key: both for key, both in found.items() if any(both[1].values())}

    with transaction.atomic():
        rows = tell(told, units, cast.reviewer, cast.caller, item)
        table = rates.table
        assert counted(table(every, NOVEMBER, NOW)) == plainly(told, lambda one, part: None)
        assert counted(table(every, NOVEMBER, NOW, by="unit")) == plainly(
            told, lambda one, part: units[part].pk, by_unit=True
        )
        assert counted(table(every, NOVEMBER, NOW, by="grid")) == plainly(told, lambda one, part: PLACES[one.place])
        assert counted(table(every, NOVEMBER, NOW, by="street")) == plainly(
            told, lambda one, part: PLACES[one.place][:9]
        )
        assert counted(table(every, NOVEMBER, NOW, by="channel", unit=units[1].pk)) == plainly(
            told, lambda one, part: CHANNELS[one.channel], unit=1
        )
        for mark in MARKS:  # a number opens the list that it counted
            listed = set(every.filter(rates.bearing(mark, NOVEMBER, NOW, all_of=True)).values_list("pk", flat=True))
            assert listed == {row.pk for row, one in zip(rows, told, strict=True) if mark in read(one, None)}
            narrow = every.filter(rates.bearing(mark, NOVEMBER, NOW, unit=units[0].pk)).count()
            assert narrow == sum(mark in read(one, 0) and one.left_out is not True for one in told)
        transaction.set_rollback(True)


def line(**counted: int) -> Line:
    counts = dict.fromkeys(MARKS, 0) | counted
    return Line(None, counts, counts)


def test_the_score_is_made_of_four_rates_and_what_is_deducted() -> None:
    full = line(
        contact_due=10,
        contact_kept=8,
        resolve_due=10,
        resolve_kept=9,
        solving_judged=10,
        solved=8,
        partly=2,
        answered=10,
        satisfied=9,
        answer_due=20,
        false_closing=1,
        improper_return=2,
        supervised_again=1,
    )
    assert [rate.value for rate in full.rates] == [0.8, 0.9, 0.9, 0.9, 0.5]
    assert full.deducted == 5 + 2 + 2
    assert full.score == pytest.approx(100 * (0.15 * 0.8 + 0.15 * 0.9 + 0.4 * 0.9 + 0.3 * 0.9) - 9)


def test_a_rate_without_a_denominator_leaves_its_weight_to_the_others() -> None:
    assert line().score is None
    assert line(answered=2, satisfied=2, answer_due=2).score == pytest.approx(100)
    assert sum(measure.weight for measure in MEASURES.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("satisfied_", "answered", "owed", "odd"), [(100, 100, 400, True), (98, 100, 400, False), (100, 100, 300, False)]
)
def test_all_content_and_few_heard_is_odd(satisfied_: int, answered: int, owed: int, odd: bool) -> None:
    found = line(satisfied=satisfied_, answered=answered, answer_due=owed)
    assert found.is_odd(satisfied_from=99, answered_below=30) is odd


def test_what_is_overdue_and_open_is_in_the_denominator_and_what_is_redone_is_not_on_time(cast: Cast) -> None:
    good, bad = awaiting_callback(cast), awaiting_callback(cast)
    satisfied(good, cast)
    dissatisfied(bad, cast)
    at = MONDAY_TEN + timedelta(days=9)
    (bureau,) = [one for one in rates.table(Petition.objects.all(), NOVEMBER, at, by="unit") if one.key]
    assert (bureau.counts["resolve_due"], bureau.counts["resolve_kept"]) == (2, 1)
    assert (bureau.counts["answered"], bureau.counts["satisfied"]) == (2, 1)
    assert bureau.key == cast.bureau.pk


def test_one_query_however_many_units(cast: Cast) -> None:
    awaiting_callback(cast)
    with CaptureQueriesContext(connection) as asked:
        for by in rates.GROUPS:
            list(rates.table(Petition.objects.visible_to(cast.reviewer), NOVEMBER, NOW, by=by))
    assert len([query for query in asked if "promised AS" in query["sql"]]) == len(rates.GROUPS)


@pytest.mark.parametrize(
    ("words", "first", "after"),
    [
        ("2026-11", "2026-11-01", "2026-12-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-11-03..2026-11-03", "2026-11-03", "2026-11-04"),
    ],
)
def test_a_period_runs_from_midnight_to_midnight(words: str, first: str, after: str) -> None:
    period = periods.read(words, NOW)
    assert (f"{period.since:%Y-%m-%d %H:%M}", f"{period.until:%Y-%m-%d %H:%M}") == (f"{first} 00:00", f"{after} 00:00")


@pytest.mark.parametrize(
    "words",
    ["", "soon", "2026-13", "0000-01", "2026-Q5", "9999-12", "2026-11-05..2026-11-01", "0001-01-01..2026-01-01"],
)
def test_what_is_no_period_gets_a_sentence(words: str) -> None:
    with pytest.raises(periods.NotAPeriod, match="统计期"):
        periods.read(words, NOW)
