"""A hazard from the moment somebody stands before it until nobody needs to look again."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from accounts.notnow import NotNow
from grids import recheck_rings
from grids.models import CatalogueVersion, Hazard, HazardEvent, Item, Leave, Place, Posting
from grids.scope import today
from grids.workflow import hazards
from petitions import workflow
from petitions.models import Origin, Petition, Status
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, hours
from tests.grids.homes import home
from tests.grids.patrol import IN_A_WEEK, found, hazard, solved

State = Hazard.State
A_WEEK = timedelta(days=7)
SENT: dict[str, Any] = {"title": "楼道堆物", "content": "楼道里堆着纸箱，住户不肯搬。"}


def actions(one: Hazard) -> list[str]:
    return list(one.events.values_list("action", flat=True))


def test_what_is_solved_on_the_spot_is_looked_at_again_in_a_week(cast: Cast) -> None:
    one = solved(cast)
    assert (one.state, one.recheck_on) == (State.SOLVED, IN_A_WEEK)
    assert not Hazard.objects.visible_to(cast.worker).to_recheck(IN_A_WEEK - timedelta(days=1)).exists()
    assert Hazard.objects.visible_to(cast.worker).to_recheck(IN_A_WEEK).get() == one
    hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK)
    assert (one.state, one.cleared_at, one.recheck_on) == (State.CLEARED, MONDAY_TEN + A_WEEK, None)
    assert actions(one) == ["found", "solved", "rechecked"]


def test_nobody_looks_again_on_the_same_day(cast: Cast) -> None:
    one = solved(cast)
    with pytest.raises(NotNow, match="明天"):
        hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + hours(1))
    assert hazards.available(cast.worker, one, MONDAY_TEN + hours(24)) == ["recheck", "photograph"]


def test_what_is_there_again_is_dealt_with_as_if_just_found(cast: Cast) -> None:
    one = solved(cast)
    hazards.recheck(one, cleared=False, words="又堆起来了", key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK)
    assert (one.state, one.recheck_on) == (State.FOUND, None)
    assert hazards.available(cast.worker, one, MONDAY_TEN + A_WEEK) == ["solve", "send_on", "photograph"]


def test_the_same_press_finds_one_hazard_and_sends_one_petition(cast: Cast) -> None:
    key = uuid4()
    for _ in range(2):
        workflow.find_and_send_on(hazard(), **SENT, key=key, by=cast.worker, at=MONDAY_TEN)
    assert Petition.objects.get().origin.hazard == Hazard.objects.get()


def test_what_is_sent_on_is_a_petition_like_any_other(cast: Cast) -> None:
    household = home(cast)
    one = found(cast, household=household, address="锦绣华庭3号楼2单元501")
    petition = workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert petition
    assert (petition.status, petition.channel_id, petition.item) == (Status.RECEIVED, "PATROL", one.item)
    assert (petition.place_id, petition.address) == (XIANGYANG_1, one.address)
    assert petition.clocks.running().get().promise == "accept"
    assert (petition.origin.hazard, petition.origin.household) == (one, household)
    assert (one.state, one.recheck_on) == (State.SENT_ON, None)
    with pytest.raises(NotNow, match="还没有办结"):
        hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + hours(2))


def test_however_its_petition_ends_somebody_goes_and_looks(cast: Cast) -> None:
    refused, waiting = (found(cast) for _ in range(2))
    for one in (refused, waiting):
        workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    petition = refused.sent_on.get().petition
    workflow.refuse(petition, by=cast.operator, reason="属物业合同", direction="找物业", at=MONDAY_TEN + hours(20))
    assert workflow.conclude_hazards() == 1
    assert workflow.conclude_hazards() == 0
    refused.refresh_from_db()
    waiting.refresh_from_db()
    assert (refused.recheck_on, waiting.recheck_on) == (date(2026, 11, 17), None)
    concluded = refused.events.get(action=HazardEvent.Action.CONCLUDED)
    assert (concluded.at, concluded.by) == (MONDAY_TEN + hours(20), None)


def test_a_hazard_whose_petition_was_merged_waits_for_the_main_one(cast: Cast) -> None:
    main, one = found(cast), found(cast)
    first, second = (workflow.send_on(h, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN) for h in (main, one))
    assert first
    assert second
    for petition in (first, second):
        workflow.accept(petition, by=cast.dispatcher, at=MONDAY_TEN + hours(0.5))
    workflow.merge(second, into=first, by=cast.dispatcher, note="同一处", at=MONDAY_TEN + hours(1))
    assert workflow.conclude_hazards() == 0
    Petition.objects.filter(pk=first.pk).update(status=Status.CLOSED, concluded_at=MONDAY_TEN + hours(48))
    assert workflow.conclude_hazards() == 2
    assert set(Hazard.objects.values_list("recheck_on", flat=True)) == {date(2026, 11, 18)}


def test_an_item_that_is_not_on_the_list_cannot_be_laid_upon_a_grid_worker(cast: Cast) -> None:
    with pytest.raises(NotNow, match="不在现行的入格事项清单"):
        found(cast, item="F01")
    before = CatalogueVersion.objects.in_force()
    assert before
    without = CatalogueVersion.objects.create(name="v2026.1", published_on=MONDAY_TEN.date())
    kept = [line for line in before.items.all() if line.code != "A02"]
    for line in kept:
        line.pk, line.version = None, without
    type(kept[0]).objects.bulk_create(kept)
    with pytest.raises(NotNow, match="不在现行的入格事项清单"):
        found(cast, item="A02")
    assert found(cast, item="A01").item == Item.objects.get(code="A01")
    assert Hazard.objects.count() == 1


def test_who_found_it_looks_again_and_a_colleague_only_when_she_has_left(cast: Cast) -> None:
    one = solved(cast)
    later = MONDAY_TEN + A_WEEK
    with pytest.raises(PermissionDenied):
        hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.secretary, at=later)
    Posting.objects.filter(user=cast.worker).delete()
    one = Hazard.objects.get()
    with pytest.raises(PermissionDenied):
        hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=later)
    assert hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.secretary, at=later)


def test_a_deputy_looks_again_for_who_is_away(cast: Cast) -> None:
    one, tomorrow = solved(cast), today() + timedelta(days=1)
    away = {"user": cast.worker, "since": today(), "by": cast.secretary, "at": MONDAY_TEN}
    leave = Leave.objects.create(**away, deputy=cast.gridsecretary, until=tomorrow)
    assert hazards.may("recheck", cast.gridsecretary, one)
    assert not hazards.may("recheck", cast.secretary, one)
    leave.returned_at = MONDAY_TEN
    leave.save()
    assert not hazards.may("recheck", cast.gridsecretary, one)


def test_a_stranger_neither_sees_a_hazard_nor_does_anything_about_it(cast: Cast) -> None:
    one = found(cast)
    Posting.objects.filter(user=cast.secretary).update(place=Place.objects.get(code="370783001902"))
    for stranger in (cast.operator, cast.leader, cast.auditor, cast.admin, cast.officer, cast.member, cast.secretary):
        assert not Hazard.objects.visible_to(stranger).exists()
        with pytest.raises(PermissionDenied):
            hazards.solve(one, after_words="清了", key=uuid4(), by=stranger, at=MONDAY_TEN)
        with pytest.raises(PermissionDenied):
            found(cast, by=stranger)
    assert Hazard.objects.visible_to(cast.street).get() == one
    with pytest.raises(PermissionDenied):
        workflow.send_on(one, **SENT, key=uuid4(), by=cast.street, at=MONDAY_TEN)
    assert not Origin.objects.exists()


def test_the_second_of_two_hears_that_the_first_was_there(cast: Cast) -> None:
    one = found(cast)
    seen = one.version
    workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN, seen=seen)
    with pytest.raises(NotNow, match="已上报"):
        hazards.solve(one, after_words="清了", key=uuid4(), by=cast.secretary, at=MONDAY_TEN, seen=seen)
    other = found(cast)
    hazards.solve(other, after_words="清了", key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    again: dict[str, Any] = {"cleared": False, "words": "还在", "by": cast.worker, "at": MONDAY_TEN + A_WEEK}
    hazards.recheck(other, key=uuid4(), **again)
    with pytest.raises(NotNow, match="刚刚被别人处理过"):
        hazards.solve(other, after_words="清了", key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK, seen=seen)


def test_each_is_told_once_a_day_and_not_in_the_night(cast: Cast) -> None:
    solved(cast)
    solved(cast)
    solved(cast, by=cast.gridsecretary)
    day = MONDAY_TEN + A_WEEK
    assert recheck_rings.ring_due(day.replace(hour=6)) == 0
    for at in (day, day + hours(3)):
        assert recheck_rings.ring_due(at) == 2
    told = Notice.objects.filter(key=f"rechecks:{IN_A_WEEK}").order_by("person")
    assert {(one.person.username, one.title) for one in told} == {
        ("worker", "今天有 2 处隐患到了复查的日子"),
        ("gridsecretary", "今天有 1 处隐患到了复查的日子"),
    }
    recheck_rings.ring_due(day + hours(24))
    assert Notice.objects.of(cast.worker).filter(key__startswith="rechecks:").count() == 2


def test_when_the_finder_has_left_the_workers_of_the_grid_are_told(cast: Cast) -> None:
    solved(cast, by=cast.gridsecretary)
    Posting.objects.filter(user=cast.gridsecretary).delete()
    recheck_rings.ring_due(MONDAY_TEN + A_WEEK)
    assert Notice.objects.get(key__startswith="rechecks:").person == cast.worker
    Posting.objects.filter(user=cast.worker).delete()
    recheck_rings.ring_due(MONDAY_TEN + A_WEEK + hours(24))
    assert Notice.objects.filter(key__endswith="24").get().person == cast.secretary
