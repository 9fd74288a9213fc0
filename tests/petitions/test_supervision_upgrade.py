"""A portal that was there before the ladder had names: its edited offsets stay, and what runs goes on."""

from importlib import import_module

from django.apps import apps

from petitions import clocks, workflow
from petitions.models import Clock, Rung
from shouyang import catalogues
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours

upgrade = import_module("petitions.migrations.0007_supervision")


def test_the_step_that_held_for_everything_is_parted_with_the_citys_own_offset(cast: Cast) -> None:
    Rung.objects.exclude(effect__in=["yellow_card", "red_card"]).delete()
    Rung.objects.create(side="after", amount=2, span="working_day", effect="supervise", note="本市规定")
    centre = call(cast).clocks.get()
    of_unit = call(cast)
    workflow.dispatch(of_unit, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.1))
    Clock.objects.filter(pk=centre.pk).update(effects=["yellow_card", "red_card", "supervise"])

    upgrade.part_the_first_step(apps, None)

    assert not Rung.objects.filter(effect="supervise", promise="").exists()
    parted = Rung.objects.filter(note="本市规定")
    assert {(r.promise, r.effect) for r in parted} == {
        *(("sign", "supervise"), ("resolve", "supervise")),
        *((promise, "report_director") for promise in ("accept", "dispatch", "review", "call_back")),
    }
    assert {r.amount for r in parted} == {2}
    centre.refresh_from_db()
    assert centre.effects == ["yellow_card", "red_card", "report_director"]

    catalogues.load(AT.date())
    assert Rung.objects.get(promise="resolve", promise_class="", effect="supervise").amount == 2, "edited rows stay"
    assert Rung.objects.filter(promise="resolve", effect="supervise_second").exists(), "new steps come"
    assert clocks.ring_due(AT + hours(24 * 20)).set_aside == 0
