"""Who is on record twice becomes one, in one home, behind one door, in two homes; nothing of either is lost."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.notnow import NotNow
from accounts.sealing import Unreadable
from grids import workflow
from grids.models import Care, Change, Hazard, HomeEvent, Household, Item, Need, Resident, VisitClock
from grids.workflow import Edit, Seen
from tests.cast import MONDAY_TEN, Cast, hours
from tests.grids.homes import WANG, home, lives

AT = MONDAY_TEN + hours(1)


def beside(cast: Cast, household: Household, **said: Any) -> Household:
    """A second household behind the same door."""
    twin = Household(dwelling=household.dwelling, since=date(2026, 11, 16), **said)
    found = workflow.found(twin, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert found
    return found


def cared(resident: Resident, category: str = Care.Category.ALONE, **said: str) -> Care:
    """Of the verb, which writes what it is found by."""
    care = Care(resident=resident, category=category, since=date(2026, 11, 16), **said)
    keeper = resident.household.events.earliest("pk").by
    assert keeper
    workflow.add_care(resident, care, key=uuid4(), by=keeper, at=MONDAY_TEN)
    return care


def test_twins_become_one_and_nothing_is_lost(cast: Cast) -> None:
    household = home(cast)
    kept = lives(cast, household, workplace="学校", document=Resident.Document.NONE)
    twin = lives(cast, household, id_number=WANG, workplace="医院")
    workflow.merge_residents(twin, kept, key=uuid4(), by=cast.worker, at=AT)
    one = household.members().get()
    assert (one.pk, one.id_number, one.workplace, one.document) == (kept.pk, WANG, "学校", "id_card")
    assert Resident.objects.living_here().numbered(WANG).get() == one
    told = Change.objects.filter(subject=Change.Subject.RESIDENT, row=kept.pk).values_list("field", "old", "new")
    assert ("id_number", "", WANG) in told


def test_what_was_typed_before_a_merge_asks_before_it_replaces_what_came_from_the_twin(cast: Cast) -> None:
    household = home(cast)
    kept, twin = lives(cast, household), lives(cast, household, phone="12000000002")
    workflow.merge_residents(twin, kept, key=uuid4(), by=cast.secretary, at=AT)
    late = [Edit(kept, 1, {"phone": "12000000003"})]
    with pytest.raises(workflow.Clashing, match="联系电话"):
        workflow.edit(household, late, key=uuid4(), by=cast.worker, at=AT)


def test_who_has_left_meanwhile_is_not_brought_back_by_a_merge(cast: Cast) -> None:
    household = home(cast)
    kept, twin = lives(cast, household), lives(cast, household)
    stale = Resident.objects.get(pk=kept.pk)
    workflow.move_out(kept, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    with pytest.raises(NotNow, match="已不在这一户"):
        workflow.merge_residents(twin, stale, key=uuid4(), by=cast.worker, at=AT)
    assert household.members().get() == twin


def test_the_contact_and_the_head_of_a_home_are_never_the_record_that_was_merged_away(cast: Cast) -> None:
    household = home(cast)
    kept, twin = lives(cast, household, relation=Resident.Relation.OTHER), lives(cast, household)
    named = [Edit(household, 1, {"contact": twin})]
    workflow.edit(household, named, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    workflow.merge_residents(twin, kept, key=uuid4(), by=cast.worker, at=AT)
    household.refresh_from_db()
    assert household.contact == kept
    assert household.members().get().relation == Resident.Relation.HEAD


def test_of_the_same_care_twice_one_goes_on_and_says_what_either_said(cast: Cast) -> None:
    household = home(cast)
    kept, twin = lives(cast, household), lives(cast, household)
    known, double = cared(kept, need="助餐"), cared(twin, need="陪诊", health="心脏病")
    other = cared(twin, Care.Category.DISABILITY)
    workflow.merge_residents(twin, kept, key=uuid4(), by=cast.worker, at=AT)
    for care in (known, double, other):
        care.refresh_from_db()
        assert care.resident == kept
    assert (known.ended_at, double.ended_at, other.ended_at) == (None, AT, None)
    assert (known.need, known.health) == ("助餐", "心脏病")
    told = Change.objects.filter(subject=Change.Subject.CARE, row=double.pk).order_by("pk").values_list("old", "new")
    assert list(told) == [("", Care.Category.ALONE), (Care.Category.ALONE, "")]


def test_of_two_households_behind_one_door_nothing_promised_said_or_found_is_lost(cast: Cast) -> None:
    household = home(cast)
    workflow.edit(household, [Edit(household, 1, {"note": "养狗"})], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    twin = beside(cast, household, colour="red", phone="12000000001", welfare="低保", hardship="重病", note="晚上在家")
    kept, same, son = lives(cast, household), lives(cast, twin), lives(cast, twin, "李建国")
    workflow.edit(twin, [Edit(twin, 1, {"contact": same})], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    seen = workflow.Found(needs=[(Need.Kind.WISH, "一副老花镜"), (Need.Kind.NEED, "扶手")])
    workflow.visit(twin, Seen("door", "somebody", "need"), found=seen, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    met = Need.objects.get(kind=Need.Kind.NEED)
    workflow.settle_need(met, state=Need.State.MET, answer="已装", key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    danger = Hazard.objects.create(
        item=Item.objects.all()[0], place=twin.dwelling.place, household=twin, words="插座松动", found_by=cast.worker,
        found_at=MONDAY_TEN,
    )  # fmt: skip
    twin.refresh_from_db()
    workflow.merge_households(same, kept, key=uuid4(), by=cast.worker, at=AT + timedelta(days=1))
    one = Household.objects.living().get()
    assert (one, one.colour, one.phone, one.welfare, one.hardship) == (household, "red", "12000000001", "低保", "重病")
    assert (one.note, one.visited_at, one.contact) == ("养狗\n晚上在家", MONDAY_TEN, kept)
    assert Household.objects.with_phone("12000000001").first() == one
    clock = VisitClock.objects.running().get()
    assert (clock.household, clock.due_on, clock.next_tick_on) == (one, date(2026, 11, 23), date(2026, 11, 23))
    assert clock.escalates_on == date(2026, 11, 26)
    assert [(member.name, member.relation) for member in one.members()] == [("王秀英", "head"), ("李建国", "other")]
    assert list(one.members()) == [kept, son]
    assert one.needs.get().words == "一副老花镜"
    assert one.hazards.get() == danger
    assert twin.needs.get() == met
    told = one.events.filter(action__in=(HomeEvent.Action.RECOLOURED, HomeEvent.Action.MERGED)).order_by("pk")
    assert [event.action for event in told] == ["merged", "recoloured", "merged"]
    assert told[2].detail == {"household": twin.number}
    changed = Change.objects.filter(household=one, subject=Change.Subject.HOUSEHOLD, row=one.pk)
    assert {"colour", "phone", "welfare", "hardship", "note", "contact"} <= set(changed.values_list("field", flat=True))
    twin.refresh_from_db()
    assert (twin.ending, twin.merged_into, twin.note) == ("merged", one, "晚上在家")


def test_the_promise_that_was_made_for_an_earlier_day_stays(cast: Cast) -> None:
    household = home(cast, colour="red")
    twin = beside(cast, household, colour="green")
    kept, same = lives(cast, household), lives(cast, twin)
    workflow.merge_households(same, kept, key=uuid4(), by=cast.worker, at=AT + timedelta(days=3))
    clock = VisitClock.objects.running().get()
    assert (clock.colour, clock.due_on) == ("red", date(2026, 11, 23))


def test_where_nobody_was_the_head_the_one_who_comes_is(cast: Cast) -> None:
    household = home(cast)
    twin = beside(cast, household)
    kept, same = (lives(cast, one, relation=Resident.Relation.PARENT) for one in (household, twin))
    son = lives(cast, twin, "李建国")
    workflow.merge_households(same, kept, key=uuid4(), by=cast.worker, at=AT)
    assert household.members().get(relation=Resident.Relation.HEAD) == son


def test_who_is_on_record_in_another_home_too_takes_what_was_said_there_along(cast: Cast) -> None:
    household, other = home(cast, "501"), home(cast, "502")
    kept, twin = lives(cast, household), lives(cast, other, id_number=WANG, phone="12000000002")
    care = cared(twin, health="心脏病")
    workflow.merge_across(twin, kept, key=uuid4(), by=cast.worker, at=AT)
    kept.refresh_from_db()
    assert (kept.id_number, kept.phone) == (WANG, "12000000002")
    care.refresh_from_db()
    assert (care.resident, care.ended_at) == (kept, None)
    twin.refresh_from_db()
    assert twin.leaving == Resident.Leaving.MERGED
    other.refresh_from_db()
    assert not other.lives
    assert other.events.get(action=HomeEvent.Action.MERGED).detail == {"household": household.number}
    assert household.events.get(action=HomeEvent.Action.MERGED).resident == kept


def test_a_record_in_a_home_of_others_is_not_ended_from_here(cast: Cast) -> None:
    household, other = home(cast, "501"), home(cast, "502")
    kept, twin = lives(cast, household), lives(cast, other)
    other.dwelling.place_id = "370783001902001"
    other.dwelling.save()
    with pytest.raises(PermissionDenied):
        workflow.merge_across(Resident.objects.get(pk=twin.pk), kept, key=uuid4(), by=cast.worker, at=AT)
    assert other.members().exists()


def test_what_cannot_be_read_without_its_key_stays_where_it_is(cast: Cast) -> None:
    household = home(cast)
    kept, twin = lives(cast, household), lives(cast, household, workplace="医院")
    lost = b"\xff" * 64
    Resident.objects.filter(pk=twin.pk).update(phone=lost)
    workflow.merge_residents(twin, kept, key=uuid4(), by=cast.worker, at=AT)
    kept.refresh_from_db()
    twin.refresh_from_db()
    assert (kept.phone, kept.workplace) == ("", "医院")
    assert isinstance(twin.phone, Unreadable)
    assert twin.phone.raw == lost
