"""The sweep under misfortune: two at once, an hour late, a row that cannot be rung."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Notice
from petitions import clocks, lessons, workflow
from petitions.models import Clock, Effect, Event, Lesson, Petition, Promise
from tests.cast import MONDAY_TEN, Cast, call, hours
from tests.faults.crowd import at_once
from tests.petitions.test_proposals import heard

AT = MONDAY_TEN
LONG_AFTER = AT + timedelta(days=30)


def test_a_sweep_an_hour_late_writes_the_events_at_the_times_of_their_ticks(cast: Cast) -> None:
    petition = call(cast)
    clock = petition.clocks.get()
    late = clock.ticks[1] + hours(1)
    assert len([tick for tick in clock.ticks if tick <= late]) > 1, "more than one tick was missed"

    clocks.ring_due(late)

    rung = petition.events.filter(promise=clock.promise).order_by("at")
    assert [(event.at, event.action) for event in rung] == [
        (tick, effect) for tick, effect in zip(clock.ticks, clock.effects, strict=True) if tick <= late
    ]


def test_a_second_sweep_finds_nothing_left_to_do(cast: Cast) -> None:
    call(cast)
    assert clocks.ring_due(LONG_AFTER).rung > 0
    before = Event.objects.count(), Notice.objects.count()
    assert clocks.ring_due(LONG_AFTER).rung == 0
    assert (Event.objects.count(), Notice.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_ring_each_tick_once(cast: Cast) -> None:
    petitions = [call(cast) for _ in range(60)]
    swept = at_once(*[lambda: clocks.ring_due(LONG_AFTER, batch=7)] * 4)

    assert sum(sweep.rung for sweep in swept) == sum(len(clock.ticks) for clock in Clock.objects.all())
    for petition in petitions:
        clock = petition.clocks.get()
        assert list(petition.events.exclude(promise="").values_list("action", flat=True)) == clock.effects
    told = Counter(Notice.objects.values_list("person_id", "key"))
    assert told
    assert set(told.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_two_that_learn_at_once_leave_what_one_would(cast: Cast) -> None:
    for item in ("A01", "A03", "B02", "C01", "C03", "D01", "E02"):
        heard(cast, 5, item, f"关于{item}的事")
    assert len(set(at_once(*[lessons.learn] * 3))) == 1
    assert Lesson.objects.count() == lessons.learn() > 0


POISONS: dict[str, dict[str, Any]] = {
    "an effect nobody knows": {"effects": ["fireworks", "red_card", "supervise"]},
    "more ticks than effects": {"effects": []},
}


@pytest.mark.parametrize("poison", POISONS)
def test_a_poison_row_is_set_aside_and_stops_no_other(cast: Cast, poison: str) -> None:
    sick, *well = [call(cast) for _ in range(5)]
    good = sick.clocks.get().effects
    Clock.objects.filter(petition=sick).update(**POISONS[poison])

    sweep = clocks.ring_due(LONG_AFTER)

    assert sweep.set_aside == 1
    assert {petition.events.filter(action=Effect.RED_CARD).count() for petition in well} == {1}
    aside = sick.clocks.get()
    assert aside.fault
    assert aside.next_tick_at is None
    assert not sick.events.exclude(promise="").exists(), "nothing half done"
    assert Notice.objects.of(cast.admin).filter(key=f"clock-fault:{aside.pk}").count() == 1
    assert clocks.ring_due(LONG_AFTER).set_aside == 0, "reported once, not at every sweep"

    Clock.objects.filter(pk=aside.pk).update(effects=good)  # somebody mended the row
    assert clocks.rewind(Clock.objects.filter(pk=aside.pk)) == 1
    clocks.ring_due(LONG_AFTER)
    assert [event.action for event in sick.events.exclude(promise="")] == good


def test_more_poison_than_a_batch_holds_still_stops_no_other(cast: Cast) -> None:
    sick = [call(cast) for _ in range(6)]
    well = call(cast, at=AT + hours(1))
    Clock.objects.filter(petition__in=sick).update(effects=["fireworks"])
    sweep = clocks.ring_due(LONG_AFTER, batch=3)
    assert sweep.set_aside == 6
    assert well.events.filter(action=Effect.RED_CARD).exists()


def test_ticks_fewer_than_effects_simply_end(cast: Cast) -> None:
    petition = call(cast)
    first = petition.clocks.get().ticks[0]
    Clock.objects.filter(petition=petition).update(ticks=[first])
    assert clocks.ring_due(LONG_AFTER).rung == 1
    assert petition.clocks.get().next_tick_at is None


def test_what_is_not_the_rows_fault_sets_nothing_aside(cast: Cast) -> None:
    """Out of time, out of disk, a dead-lock: the sweep says so and the next one finds the clocks still due."""
    petition = call(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")
    try:
        with pytest.raises(Exception, match="timeout"):
            clocks.ring_due(LONG_AFTER)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
    clock = petition.clocks.get()
    assert not clock.fault
    assert clock.next_tick_at == clock.ticks[0]


@pytest.mark.django_db(transaction=True)
def test_verbs_and_sweeps_do_not_dead_lock_under_load(cast: Cast) -> None:
    """With FOR UPDATE, Django's default, this dead-locks within a second (architecture §3)."""
    petitions = [call(cast) for _ in range(48)]
    bureau, dispatcher, officer = cast.bureau, cast.dispatcher, cast.officer

    def work(mine: list[Petition]) -> int:
        for petition in mine:
            workflow.dispatch(petition, to=bureau, by=dispatcher, at=AT + hours(0.1))
            workflow.sign(petition, by=officer, at=AT + hours(0.2))
            workflow.contact(petition, by=officer, manner="phone", reached=True, note="已联系", at=AT + hours(0.3))
        return len(mine)

    def sweep() -> int:
        return sum(clocks.ring_due(LONG_AFTER, batch=5).rung for _ in range(40))

    results = at_once(*[lambda part=part: work(petitions[part::4]) for part in range(4)], sweep, sweep)
    assert results[:4] == [12] * 4
    clocks.ring_due(LONG_AFTER)

    for clock in Clock.objects.filter(promise=Promise.RESOLVE):
        actions = clock.petition.events.filter(promise=clock.promise).values_list("action", flat=True)
        assert sorted(actions) == sorted(clock.effects), "each tick once, none lost"
    for clock in Clock.objects.exclude(stopped_at=None):
        assert clock.petition.events.filter(promise=clock.promise).count() == clock.rung
