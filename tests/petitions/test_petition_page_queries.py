"""The page of one petition asks each kind of row once, and nothing of what never happened: whoever looks, however long
its story is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from petitions import clocks, terms, workflow
from petitions.models import Petition
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import awaiting_callback, dissatisfied, in_hand
from tests.petitions.test_merging import merged
from tests.petitions.test_suspension import suspended

LATE = AT + timedelta(days=20)
EVERYBODY = ("dispatcher", "reviewer", "caller", "officer", "head", "leader")


@pytest.fixture(autouse=True)
def warm_terms(monkeypatch: Any) -> None:
    """Rows that each process keeps for half a minute are read once, however slow the machine."""
    monkeypatch.setattr(terms, "KEPT_FOR", 3600.0)


def sign_in(user: User) -> Client:
    """As the door does, with her session in the list of sessions."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1")
    return client


def asked_by(user: User, petition: Petition, at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        client, page = sign_in(user), f"/petitions/{petition.number}/"
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
    return len(asked)


def with_everything(cast: Cast) -> Petition:
    """Done again, overdue, supervised three times, reported, heard of by leaders."""
    petition = awaiting_callback(cast)
    dissatisfied(petition, cast)
    clocks.ring_due(LATE)
    return petition


def of_two(cast: Cast) -> Petition:
    main = in_hand(cast)
    merged(cast, main)
    return main


@pytest.mark.parametrize(
    ("stage", "at", "most"),
    [
        (in_hand, AT + hours(1), 11),
        (awaiting_callback, AT + hours(30), 11),
        (of_two, AT + hours(4), 13),
        (suspended, AT + hours(4), 14),
        (with_everything, LATE, 15),
    ],
)
def test_a_page_asks_few_questions_for_everybody(
    cast: Cast, stage: Callable[[Cast], Petition], at: datetime, most: int
) -> None:
    petition = stage(cast)
    asked = {who: asked_by(getattr(cast, who), petition, at) for who in EVERYBODY}
    asked["reviewer"] -= 1  # directs the centre, too, and is told how often somebody looked at what is masked
    assert max(asked.values()) <= most, asked


def test_a_longer_story_asks_no_more(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    dissatisfied(petition, cast)
    done_again(petition, cast)
    short = asked_by(cast.reviewer, petition, AT + hours(30))
    done_again(petition, cast)
    done_again(petition, cast)
    assert asked_by(cast.reviewer, petition, AT + hours(30)) == short


def done_again(petition: Petition, cast: Cast) -> None:
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="说明", at=AT + hours(25))
    workflow.reply(petition, by=cast.officer, result="清理", basis="条例", assessment="solved", at=AT + hours(26))
    workflow.approve(petition, by=cast.head, at=AT + hours(27))
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(28))
    dissatisfied(petition, cast, at=AT + hours(29))
