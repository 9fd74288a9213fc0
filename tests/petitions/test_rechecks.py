"""The sample of the satisfied: how many of each unit, drawn once, asked again by somebody else."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice, User
from accounts.notnow import NotNow
from grids.models import CITY_CODE, Duty, Posting
from petitions import rates, workflow
from petitions.models import Petition, Recheck, Setting
from petitions.periods import read
from petitions.terms import forget
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import awaiting_callback, satisfied

NOVEMBER, DECEMBER = date(2026, 11, 1), AT + timedelta(days=16)


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Another caller-back."""
    user = User.objects.create(username="caller2", name="钱晓梅")
    centre = cast.caller.postings.get().unit
    Posting.objects.create(user=user, duty=Duty.CALLER_BACK, unit=centre, place_id=CITY_CODE, since=date(2020, 1, 1))
    return user


def content(cast: Cast) -> Petition:
    petition = awaiting_callback(cast)
    satisfied(petition, cast)
    return petition


def test_ten_of_each_unit_are_drawn_and_only_once(cast: Cast) -> None:
    Setting.objects.filter(key="recheck_least").update(value=3)
    forget()
    for _ in range(5):
        content(cast)
    assert workflow.draw_rechecks(NOVEMBER, at=DECEMBER) == 3
    assert workflow.draw_rechecks(NOVEMBER, at=DECEMBER) == 0
    assert Recheck.objects.filter(unit=cast.bureau, month=NOVEMBER, result="").count() == 3


def test_five_per_cent_where_that_is_more(cast: Cast) -> None:
    Setting.objects.filter(key="recheck_least").update(value=1)
    Setting.objects.filter(key="recheck_percent").update(value=50)
    forget()
    for _ in range(5):
        content(cast)
    assert workflow.draw_rechecks(NOVEMBER, at=DECEMBER) == 3


def test_neither_the_first_to_ask_nor_a_stranger_asks_again(cast: Cast, colleague: User) -> None:
    petition = content(cast)
    said: dict[str, Any] = {"result": "agrees", "solved": "yes", "satisfied": "yes"}
    with pytest.raises(NotNow, match="没有抽到"):
        workflow.recheck(petition, by=colleague, at=DECEMBER, **said)
    workflow.draw_rechecks(NOVEMBER, at=DECEMBER)
    with pytest.raises(NotNow, match="不能是原回访人"):
        workflow.recheck(petition, by=cast.caller, at=DECEMBER, **said)
    with pytest.raises(PermissionDenied):
        workflow.recheck(petition, by=cast.officer, at=DECEMBER, **said)
    workflow.recheck(petition, by=colleague, at=DECEMBER, **said)
    with pytest.raises(NotNow):
        workflow.recheck(petition, by=colleague, at=DECEMBER, **said)


def test_what_deviates_is_seen_and_costs_points(client: Client, cast: Cast, colleague: User) -> None:
    petition = content(cast)
    workflow.draw_rechecks(NOVEMBER, at=DECEMBER)
    with time_machine.travel(DECEMBER + hours(1), tick=False):
        client.force_login(colleague)
        page = f"/rechecks/{petition.number}/"
        assert petition.title in client.get("/rechecks/").content.decode()
        assert client.get(page).status_code == 200
        unclear = client.post(page, {"result": "agrees", "solved": "no", "satisfied": "no"})
        assert unclear.status_code == 422
        assert "结论应为" in unclear.content.decode()
        said = {"result": "false", "solved": "no", "satisfied": "no", "note": "从来没人来过"}
        assert client.post(page, said).status_code == 302
        client.force_login(cast.reviewer)
        assert "从来没人来过" in client.get("/rechecks/").content.decode()
        line = rates.whole(Petition.objects.all(), read("2026-12", DECEMBER), DECEMBER + hours(2))
    assert line.deducted == 5
    assert Notice.objects.filter(title__contains="虚假办结", person=cast.reviewer).exists()
    assert petition.events.filter(action="recheck").exists()


def test_a_unit_sees_what_was_found_and_not_what_is_drawn(client: Client, cast: Cast, colleague: User) -> None:
    petition = content(cast)
    workflow.draw_rechecks(NOVEMBER, at=DECEMBER)
    client.force_login(cast.head)
    assert petition.title not in client.get("/rechecks/").content.decode()
    said = {"result": "deviates", "solved": "partly", "satisfied": "no", "note": "只清了一半"}
    workflow.recheck(petition, by=colleague, at=DECEMBER, **said)
    assert petition.title in client.get("/rechecks/").content.decode()
    client.force_login(cast.member)
    assert petition.title not in client.get("/rechecks/").content.decode()
