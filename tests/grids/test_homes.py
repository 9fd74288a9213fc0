"""Who lives where: moving, dying, merging, and two people who change the same home."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.notnow import NotNow
from grids import visit_clocks, workflow
from grids.models import Care, Change, HomeEvent, Household, Resident, VisitClock
from grids.workflow import Clashing, Edit, NumberTaken
from tests.cast import MONDAY_TEN, Cast, hours
from tests.grids.homes import WANG, home, lives


def test_a_new_household_is_visited_within_thirty_days(cast: Cast) -> None:
    household = home(cast)
    clock = VisitClock.objects.get(household=household)
    assert clock.due_on == date(2026, 12, 16)
    assert [event.action for event in household.events.all()] == ["found"]


def test_the_same_press_is_done_once(cast: Cast) -> None:
    household, key = home(cast), uuid4()
    for _ in range(2):
        somebody = Resident(name="李建国", since=date(2026, 11, 16))
        workflow.move_in(household, somebody, key=key, by=cast.worker, at=MONDAY_TEN)
    assert household.members().count() == 1


def test_a_stranger_neither_sees_nor_changes_a_home(cast: Cast) -> None:
    household = home(cast)
    for stranger in (cast.operator, cast.leader, cast.auditor, cast.admin, cast.member):
        assert not Household.objects.visible_to(stranger).exists()
        with pytest.raises(PermissionDenied):
            workflow.edit(household, [], key=uuid4(), by=stranger, at=MONDAY_TEN)
    for neighbour in (cast.worker, cast.gridsecretary, cast.secretary, cast.street):
        assert Household.objects.visible_to(neighbour).get() == household


def test_nobody_lives_in_two_homes(cast: Cast) -> None:
    lives(cast, home(cast, "501"), id_number=WANG)
    other = home(cast, "502")
    with pytest.raises(NotNow, match="另一户"):
        lives(cast, other, id_number=WANG)
    assert not other.members().exists()


def test_no_number_of_somebody_in_another_home_is_written_into_this_one(cast: Cast) -> None:
    lives(cast, home(cast, "501"), id_number=WANG)
    other = home(cast, "502")
    li = lives(cast, other, "李建国")
    with pytest.raises(NumberTaken, match="另一户") as refused:
        workflow.edit(other, [Edit(li, 1, {"id_number": WANG})], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert refused.value.resident == li
    assert not Change.objects.exists()


def test_who_moves_from_one_home_to_another_is_in_both_histories(cast: Cast) -> None:
    old, new = home(cast, "501"), home(cast, "502")
    wang = lives(cast, old, id_number=WANG)
    workflow.move_over(wang, new, key=uuid4(), by=cast.worker, at=MONDAY_TEN + hours(1))
    assert new.members().get().id_number == WANG
    old.refresh_from_db()
    assert old.ending == Household.Ending.MOVED
    assert not VisitClock.objects.running().filter(household=old).exists()
    assert [event.action for event in old.events.all()] == ["found", "moved_in", "moved_out", "ended"]
    assert [event.action for event in new.events.all()] == ["found", "moved_in"]


def test_care_goes_along_with_who_moves_and_ends_with_who_leaves(cast: Cast) -> None:
    wang, new = lives(cast, home(cast, "501"), id_number=WANG), home(cast, "502")
    care = Care.objects.create(resident=wang, category=Care.Category.ALONE, since=date(2026, 1, 1), health="心脏病")
    past = Care.objects.create(
        resident=wang, category=Care.Category.OVER_80, since=date(2025, 1, 1), ended_at=MONDAY_TEN
    )
    was = wang.pk
    workflow.move_over(wang, new, key=uuid4(), by=cast.worker, at=MONDAY_TEN + hours(1))
    care.refresh_from_db()
    past.refresh_from_db()
    assert (care.resident, care.ended_at) == (new.members().get(), None)
    assert past.resident_id == was
    workflow.move_out(care.resident, key=uuid4(), by=cast.worker, at=MONDAY_TEN + hours(2))
    care.refresh_from_db()
    assert care.ended_at == MONDAY_TEN + hours(2)


def test_a_death_ends_the_care_and_asks_for_no_further_visit(cast: Cast) -> None:
    household = home(cast, colour="red")
    wang = lives(cast, household)
    Care.objects.create(resident=wang, category=Care.Category.ALONE, since=date(2026, 1, 1))
    workflow.register_death(wang, on=date(2026, 11, 15), key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    household.refresh_from_db()
    assert household.ending == Household.Ending.EMPTY
    assert not Care.objects.filter(ended_at=None).exists()
    assert not VisitClock.objects.running().exists()


def test_different_fields_merge_and_both_stay_in_the_record(cast: Cast) -> None:
    household = home(cast)
    wang = lives(cast, household)
    one, two = (Edit(wang, 1, {"workplace": "蔬菜批发市场"}), Edit(wang, 1, {"phone": "12000000002"}))
    workflow.edit(household, [one], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    workflow.edit(household, [two], key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    wang.refresh_from_db()
    assert (wang.workplace, wang.phone, wang.version) == ("蔬菜批发市场", "12000000002", 3)
    assert Resident.objects.with_phone("12000000002").get() == wang
    kept = Change.objects.order_by("version").values_list("field", "old", "new", "by__username")
    assert list(kept) == [("workplace", "", "蔬菜批发市场", "worker"), ("phone", "", "12000000002", "secretary")]


def test_the_same_field_stops_and_asks_and_nothing_is_written(cast: Cast) -> None:
    household = home(cast)
    wang = lives(cast, household)
    workflow.edit(household, [Edit(wang, 1, {"workplace": "学校"})], key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    late = [Edit(wang, 1, {"workplace": "医院", "skills": "木工"})]
    with pytest.raises(Clashing, match="工作单位") as asked:
        workflow.edit(household, late, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    clash = asked.value.clashes[0]
    assert (clash.theirs, clash.yours, clash.by) == ("学校", "医院", cast.secretary)
    wang.refresh_from_db()
    assert (wang.workplace, wang.skills) == ("学校", "")
    workflow.edit(household, [Edit(wang, 2, late[0].values)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    wang.refresh_from_db()
    assert (wang.workplace, wang.skills) == ("医院", "木工")


def test_a_redder_household_is_visited_sooner(cast: Cast) -> None:
    household = home(cast)
    workflow.edit(household, [Edit(household, 1, {"colour": "red"})], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert VisitClock.objects.running().get().due_on == date(2026, 11, 23)
    assert household.events.get(action=HomeEvent.Action.RECOLOURED).detail == {"from": "green", "to": "red"}


def test_another_colour_lets_nobody_wait_longer_and_nobody_hears_twice(cast: Cast) -> None:
    household = home(cast, colour="red")
    visit_clocks.keep(household, MONDAY_TEN)
    due, escalates = date(2026, 11, 23), date(2026, 11, 26)
    green = [Edit(household, 1, {"colour": "green"})]
    workflow.edit(household, green, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    clock = VisitClock.objects.running().get()
    assert (clock.due_on, clock.escalates_on, clock.rung, clock.next_tick_on) == (due, escalates, 0, due)
    visit_clocks.ring_due(MONDAY_TEN + timedelta(days=8))
    household.refresh_from_db()
    yellow = [Edit(household, household.version, {"colour": "yellow"})]
    workflow.edit(household, yellow, key=uuid4(), by=cast.worker, at=MONDAY_TEN + timedelta(days=8))
    clock = VisitClock.objects.running().get()
    assert (clock.due_on, clock.escalates_on, clock.rung, clock.next_tick_on) == (due, escalates, 1, escalates)
    assert visit_clocks.ring_due(MONDAY_TEN + timedelta(days=9)) == 0
    assert visit_clocks.ring_due(MONDAY_TEN + timedelta(days=10)) == 1
