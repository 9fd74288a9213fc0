"""Something grave happened: within a day somebody stands at the door, and nothing but that ends it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.models import Notice
from accounts.notnow import NotNow
from grids import facets, visit_clocks, workflow
from grids.models import HomeEvent, Household, VisitClock, VisitRule
from grids.rounds import rounds
from grids.workflow import Edit
from tests.cast import MONDAY_TEN, Cast, hours
from tests.grids.homes import home, lives
from tests.grids.test_visits import due_on, visit

TUESDAY = date(2026, 11, 17)
DAY = timedelta(days=1)


def crisis(cast: Cast, household: Household, **said: Any) -> None:
    values: dict[str, Any] = {"note": "老人突发脑梗", "key": uuid4(), "by": cast.secretary, "at": MONDAY_TEN} | said
    workflow.report_crisis(household, **values)


def test_the_visit_comes_due_tomorrow_and_its_escalation_with_it(cast: Cast) -> None:
    household = home(cast)
    crisis(cast, household)
    clock = VisitClock.objects.running().get()
    assert (clock.due_on, clock.next_tick_on, clock.escalates_on) == (TUESDAY, TUESDAY, date(2026, 11, 20))
    event = HomeEvent.objects.get(action="crisis")
    assert (event.by, event.note, event.at) == (cast.secretary, "老人突发脑梗", MONDAY_TEN)
    notice = Notice.objects.get(path=f"/homes/{household.pk}/")
    assert (notice.person, "2026-11-17 前到户" in notice.title) == (cast.worker, True)
    assert visit_clocks.ring_due(MONDAY_TEN + DAY) == 1
    assert visit_clocks.ring_due(MONDAY_TEN + 4 * DAY) == 1


def test_how_many_days_there_are_is_a_row(cast: Cast) -> None:
    household = home(cast, colour="red")
    VisitRule.objects.filter(colour="red").update(crisis_days=2, escalate_days=0)
    crisis(cast, household)
    assert due_on(household) == date(2026, 11, 18)
    assert VisitClock.objects.running().get().escalates_on == date(2026, 11, 18)


def test_a_day_that_was_promised_earlier_stays(cast: Cast) -> None:
    household = home(cast)
    VisitClock.objects.update(due_on=date(2026, 11, 10), next_tick_on=None, escalates_on=date(2026, 11, 13), rung=2)
    crisis(cast, household)
    clock = VisitClock.objects.running().get()
    assert (clock.due_on, clock.next_tick_on, clock.escalates_on) == (date(2026, 11, 10), None, date(2026, 11, 13))


def test_only_a_visit_at_the_door_ends_it(cast: Cast) -> None:
    household = home(cast)
    crisis(cast, household)
    for manner in ("phone", "self"):
        with pytest.raises(NotNow, match="须上门"):
            visit(cast, household, MONDAY_TEN + hours(2), manner=manner)
    visit(cast, household, MONDAY_TEN - hours(2))
    assert due_on(household) == TUESDAY, "who was there before has not seen it"
    visit(cast, household, MONDAY_TEN + hours(3), met="nobody")
    assert due_on(household) == TUESDAY
    visit(cast, household, MONDAY_TEN + hours(4))
    assert due_on(household) == date(2027, 11, 16)
    assert VisitClock.objects.running().get().crisis_at is None


def test_it_survives_another_colour(cast: Cast) -> None:
    household = home(cast)
    crisis(cast, household)
    household.refresh_from_db()
    edits = [Edit(household, household.version, {"colour": "red"})]
    workflow.edit(household, edits, key=uuid4(), by=cast.worker, at=MONDAY_TEN + hours(1))
    clock = VisitClock.objects.running().get()
    assert (clock.colour, clock.due_on, clock.crisis_at) == ("red", TUESDAY, MONDAY_TEN)


def test_pressed_twice_it_is_said_once_and_again_it_is_refused(cast: Cast) -> None:
    household, key = home(cast), uuid4()
    crisis(cast, household, key=key)
    crisis(cast, household, key=key)
    assert HomeEvent.objects.filter(action="crisis").count() == 1
    with pytest.raises(NotNow, match="已登记重大变故"):
        crisis(cast, household)


def test_a_stranger_may_not_say_so(cast: Cast) -> None:
    household = home(cast)
    for stranger in (cast.gridsecretary, cast.street, cast.operator):
        with pytest.raises(PermissionDenied):
            crisis(cast, household, by=stranger)


def test_it_stands_on_the_page_on_the_list_and_in_the_day(cast: Cast, client: Client) -> None:
    household = home(cast)
    lives(cast, household)
    client.force_login(cast.worker)
    page, form = f"/homes/{household.pk}/", f"/homes/{household.pk}/crisis/"
    VisitClock.objects.update(due_on=timezone.localdate() + timedelta(days=90))
    assert "重大变故，24 小时内到户" in client.get(page).content.decode()
    assert client.post(form, {"key": str(uuid4()), "note": ""}).status_code == 422
    assert client.post(form, {"key": str(uuid4()), "note": "家里失火"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "重大变故，1 天内走访" in shown
    assert "须上门走访" in shown
    assert "小时内到户" not in shown
    assert "家里失火" in client.get(f"{page}story/").content.decode()
    assert "重大变故，1 天内" in client.get("/homes/?facet=due").content.decode()
    today = rounds(cast.worker, timezone.localdate())
    assert (today.counts, today.today[0].stops[0].clock.household_id) == ((0, 1, 0), household.pk)
    assert "重大变故" in client.get("/today/").content.decode()
    assert Household.objects.filter(facets.facet("due").where(timezone.localdate())).exists()


def test_who_only_visits_reads_it_and_has_no_button(cast: Cast, client: Client) -> None:
    household = home(cast)
    client.force_login(cast.gridsecretary)
    assert "小时内到户" not in client.get(f"/homes/{household.pk}/").content.decode()
    assert client.get(f"/homes/{household.pk}/crisis/").status_code == 403
