"""Visits: one submission is everything that was found; the rules of each colour hold; a promise is kept and renewed."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from accounts.notnow import NotNow
from grids import visit_clocks, workflow
from grids.models import Change, Hazard, Household, Item, Need, Submission, Visit, VisitClock, VisitRule
from grids.workflow import Edit, Found, Seen
from tests.cast import MONDAY_TEN, Cast, hours
from tests.grids.homes import home, lives

DAY = timedelta(days=1)


def seen(manner: str = "door", met: str = "somebody", finding: str = "none", note: str = "") -> Seen:
    return Seen(manner, met, finding, note)


def visit(cast: Cast, household: Household, at: datetime = MONDAY_TEN, **said: Any) -> None:
    workflow.visit(household, seen(**said), key=uuid4(), by=cast.worker, at=at)


def due_on(household: Household) -> date:
    return VisitClock.objects.running().get(household=household).due_on


def test_one_submission_is_the_visit_the_change_and_all_that_was_found(cast: Cast) -> None:
    household = home(cast, colour="yellow")
    wang = lives(cast, household)
    found = Found([(Item.objects.get(code="B01"), "楼道里堆着纸箱")], [("need", "想装扶手"), ("wish", "要一个收音机")])
    edits = [Edit(wang, 1, {"phone": "12000000009"})]
    workflow.visit(
        household,
        seen(finding="need", note="一切都好"),
        edits=edits,
        found=found,
        key=uuid4(),
        by=cast.worker,
        at=MONDAY_TEN,
    )
    assert [(v.manner, v.met, v.finding, v.note) for v in Visit.objects.all()] == [
        ("door", "somebody", "need", "一切都好")
    ]
    hazard = Hazard.objects.get()
    assert (hazard.words, hazard.place_id, hazard.household, hazard.address) == (
        "楼道里堆着纸箱",
        household.dwelling.place_id,
        household,
        household.dwelling.address,
    )
    assert [event.action for event in hazard.events.all()] == ["found"]
    assert {(need.kind, need.words) for need in Need.objects.all()} == {("need", "想装扶手"), ("wish", "要一个收音机")}
    assert Change.objects.get().field == "phone"
    household.refresh_from_db()
    assert household.visited_at == MONDAY_TEN
    assert due_on(household) == date(2027, 2, 16)


def test_nothing_of_a_submission_is_written_when_its_change_clashes(cast: Cast) -> None:
    household = home(cast)
    wang = lives(cast, household)
    workflow.edit(household, [Edit(wang, 1, {"skills": "木工"})], key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    edits = [Edit(wang, 1, {"skills": "电工"})]
    with pytest.raises(workflow.Clashing):
        workflow.visit(household, seen(), edits=edits, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert not Visit.objects.exists()


def test_a_visit_sent_twice_is_one_visit(cast: Cast) -> None:
    household, key = home(cast), uuid4()
    for _ in range(2):
        workflow.visit(household, seen(), key=key, by=cast.worker, at=MONDAY_TEN)
    assert Visit.objects.count() == 1


def test_a_door_that_nobody_opened_keeps_no_promise(cast: Cast) -> None:
    household = home(cast, colour="red")
    before = due_on(household)
    visit(cast, household, met="nobody")
    household.refresh_from_db()
    assert (household.visited_at, due_on(household)) == (None, before)
    visit(cast, household, met="neighbour", at=MONDAY_TEN + DAY)
    assert due_on(household) == date(2026, 11, 24)


def test_an_orange_household_is_not_visited_by_telephone(cast: Cast) -> None:
    household = home(cast, colour="orange")
    with pytest.raises(NotNow, match="须上门"):
        visit(cast, household, manner="phone")
    visit(cast, household, manner="phone", met="nobody")  # a call that nobody took is no visit and breaks no rule
    assert Visit.objects.get().met == "nobody"


def test_nobody_meets_a_neighbour_by_telephone(cast: Cast) -> None:
    household = home(cast, colour="green")
    for manner in ("phone", "self"):
        with pytest.raises(NotNow, match="见不到邻居"):
            workflow.visit(household, Seen(manner, "neighbour", "none"), key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert not Visit.objects.exists()


def test_half_of_the_visits_to_a_red_household_may_be_calls(cast: Cast) -> None:
    household = home(cast, colour="red")
    with pytest.raises(NotNow, match="50%"):
        visit(cast, household, manner="phone")
    visit(cast, household)
    visit(cast, household, manner="phone", at=MONDAY_TEN + DAY)
    with pytest.raises(NotNow, match="其中电话 1 次"):
        visit(cast, household, manner="phone", at=MONDAY_TEN + 2 * DAY)
    with pytest.raises(NotNow):  # the visits of more than a year ago no longer count
        visit(cast, household, manner="phone", at=MONDAY_TEN + 400 * DAY)


@pytest.mark.parametrize("colour", ["red", "orange", "yellow"])
def test_only_a_green_household_confirms_by_itself(cast: Cast, colour: str) -> None:
    with pytest.raises(NotNow, match="不能自助确认"):
        visit(cast, home(cast, colour=colour), manner="self")
    visit(cast, home(cast, "601", colour="green"), manner="self")


def test_a_visit_may_be_written_down_seven_days_later_and_never_ahead(cast: Cast) -> None:
    household = home(cast)
    now = MONDAY_TEN + 10 * DAY

    def late(at: datetime) -> None:
        workflow.visit(household, seen(), key=uuid4(), by=cast.worker, at=at, received_at=now)

    with pytest.raises(NotNow, match="7 天"):
        late(now - 7 * DAY - hours(1))
    with pytest.raises(NotNow, match="还没有到"):
        late(now + hours(1))
    late(now - 7 * DAY)
    sent = Submission.objects.filter(household=household).latest("at")
    assert sent.at == now - 7 * DAY
    assert due_on(household) == date(2027, 11, 19)


def test_an_older_visit_that_arrives_late_moves_no_promise(cast: Cast) -> None:
    household = home(cast, colour="red")
    visit(cast, household, at=MONDAY_TEN + 2 * DAY)
    visit(cast, household, at=MONDAY_TEN + DAY)
    household.refresh_from_db()
    assert (household.visited_at, due_on(household)) == (MONDAY_TEN + 2 * DAY, date(2026, 11, 25))


def test_a_redder_colour_in_the_same_submission_makes_the_next_promise(cast: Cast) -> None:
    household = home(cast)
    edits = [Edit(household, 1, {"colour": "red"})]
    workflow.visit(household, seen(), edits=edits, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert due_on(household) == date(2026, 11, 23)


def test_a_grid_secretary_visits_and_keeps_no_record(cast: Cast) -> None:
    household = home(cast)
    workflow.visit(household, seen(), key=uuid4(), by=cast.gridsecretary, at=MONDAY_TEN)
    edits = [Edit(household, 1, {"colour": "red"})]
    with pytest.raises(PermissionDenied):
        workflow.visit(household, seen(), edits=edits, key=uuid4(), by=cast.gridsecretary, at=MONDAY_TEN)
    for stranger in (cast.street, cast.operator, cast.leader, cast.admin):
        with pytest.raises(PermissionDenied):
            workflow.visit(household, seen(), key=uuid4(), by=stranger, at=MONDAY_TEN)


def test_a_need_is_settled_once(cast: Cast) -> None:
    household = home(cast)
    workflow.visit(
        household, seen(), found=Found(needs=[("need", "想装扶手")]), key=uuid4(), by=cast.worker, at=MONDAY_TEN
    )
    need = Need.objects.get()
    workflow.settle_need(need, state="met", answer="社区装好了", key=uuid4(), by=cast.worker, at=MONDAY_TEN + DAY)
    need.refresh_from_db()
    assert (need.state, need.answer, need.settled_at) == ("met", "社区装好了", MONDAY_TEN + DAY)
    with pytest.raises(NotNow):
        workflow.settle_need(need, state="withdrawn", answer="不要了", key=uuid4(), by=cast.worker, at=MONDAY_TEN)


def test_the_worker_hears_on_the_day_and_the_secretary_when_it_is_late(cast: Cast) -> None:
    home(cast, "501", colour="red")
    home(cast, "502", colour="red")
    due = MONDAY_TEN + 7 * DAY
    assert visit_clocks.ring_due(due) == 2
    assert visit_clocks.ring_due(due) == 0
    assert [(n.person, n.path) for n in Notice.objects.filter(key__startswith="visits:")] == [(cast.worker, "/today/")]
    assert visit_clocks.ring_due(due + 3 * DAY) == 2
    told = Notice.objects.filter(key__startswith="visits:").exclude(person=cast.worker).get()
    assert (told.person, "2 户" in told.title) == (cast.secretary, True)
    assert visit_clocks.ring_due(due + 9 * DAY) == 0


def test_a_rule_is_edited_by_those_who_rule_and_moves_no_promise(cast: Cast) -> None:
    household = home(cast, colour="yellow")
    before, rule = due_on(household), VisitRule.objects.get(colour="yellow")
    rule.unit = "month"
    with pytest.raises(PermissionDenied):
        workflow.change_rules([rule], by=cast.secretary)
    assert workflow.change_rules([rule], by=cast.reviewer) == [rule]
    assert due_on(household) == before
    visit(cast, household)
    assert due_on(household) == date(2026, 12, 16)
