"""The link of a resident leaves as a text message: once, after commit, from its row, and without a trace of either."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.channels import complaint
from accounts.models import Channel, Notice
from accounts.models.delivery import TRIES
from petitions import links, tasks, workflow
from petitions.models import AnswerLink, Petition
from tests.accounts.listener import Listener
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import awaiting_callback

ASKED = AT + hours(30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Listener]:
    settings.PORTAL_ADDRESS = "https://portal.example"
    with Listener() as listener:
        yield listener


def open_gateway(gateway: Listener) -> Channel:
    address = f"json://127.0.0.1:{gateway.port}/sms?:to={{mobile}}"
    return Channel.objects.create(name="短信", kind=Channel.Kind.RESIDENTS, address=address)


def invited(cast: Cast) -> AnswerLink:
    petition = awaiting_callback(cast)
    return workflow.invite(petition, by=cast.caller, at=ASKED)[0]


def kept_secret(link: AnswerLink) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM petitions_answerlink WHERE id = %s", [link.pk])
        found: bytes | None = cursor.fetchone()[0]
        return found


def test_the_link_goes_to_her_mobile_and_works(cast: Cast, gateway: Listener, caplog: Any) -> None:
    open_gateway(gateway)
    petition = awaiting_callback(cast)
    link, token = workflow.invite(petition, by=cast.caller, at=ASKED)
    waiting = kept_secret(link)
    assert waiting
    assert token.encode() not in bytes(waiting), "sealed while it waits"
    assert gateway.heard == [], "nothing leaves before the commit"
    with time_machine.travel(ASKED + MINUTE, tick=False):
        tasks.send_links()
        tasks.send_links()
        (heard,) = gateway.heard
        assert heard[1]["to"] == petition.caller_phone
        assert f"https://portal.example/public/answer/{token}/" in heard[1]["message"]
        assert petition.number in heard[1]["message"]
        assert Client().get(f"/public/answer/{token}/").status_code == 200
    link.refresh_from_db()
    assert (link.sent_at, link.next_try_at, kept_secret(link)) == (ASKED + MINUTE, None, None)
    for said in (token, petition.caller_phone):
        assert said not in caplog.text


def test_the_page_tells_what_becomes_of_it_and_shows_no_link(client: Client, cast: Cast, gateway: Listener) -> None:
    open_gateway(gateway)
    petition = awaiting_callback(cast)
    client.force_login(cast.caller)
    with time_machine.travel(ASKED, tick=False):
        page = client.post(f"/callbacks/{petition.number}/invite/").content.decode()
        assert "正在以短信发给诉求人" in page
        assert "/public/answer/" not in page
        tasks.send_links()
        assert "已于 11-17 16:00 以短信发出" in client.get("/callbacks/").content.decode()


@pytest.mark.parametrize("missing", ["gateway", "portal", "mobile"])
def test_without_a_way_to_send_it_the_link_is_shown(
    client: Client, cast: Cast, gateway: Listener, settings: Settings, missing: str
) -> None:
    petition = awaiting_callback(cast, caller_phone="05365221234" if missing == "mobile" else "12000000001")
    if missing != "gateway":
        open_gateway(gateway)
    if missing == "portal":
        settings.PORTAL_ADDRESS = ""
    client.force_login(cast.caller)
    with time_machine.travel(ASKED, tick=False):
        assert (
            "http://testserver/public/answer/" in client.post(f"/callbacks/{petition.number}/invite/").content.decode()
        )
        tasks.send_links()
    assert gateway.heard == []
    assert kept_secret(AnswerLink.objects.get()) is None


def test_what_the_gateway_refuses_is_tried_again_and_given_up_aloud(
    client: Client, cast: Cast, gateway: Listener
) -> None:
    open_gateway(gateway)
    gateway.answer = lambda said: (500, {})
    link = invited(cast)
    at = ASKED
    for _ in range(TRIES):
        assert links.send_due(at) == 0
        assert links.send_due(at) == 0
        at += timedelta(hours=2)
    assert len(gateway.heard) == TRIES
    link.refresh_from_db()
    assert (link.problem, link.next_try_at, kept_secret(link)) == ("对方没有接收（代码 500）", None, None)
    assert link.given_up_at
    told = Notice.objects.get(person=cast.caller, key=f"answer-link:{link.pk}")
    assert told.title == f"评价链接没有发出：{link.petition.number}"
    client.force_login(cast.caller)
    with time_machine.travel(at, tick=False):
        assert "评价链接没有发出：对方没有接收" in client.get("/callbacks/").content.decode()
        shown = client.post(f"/callbacks/{link.petition.number}/invite/").content.decode()
        assert "/public/answer/" in shown, "the second time she passes it on herself"


def test_a_worker_killed_while_sending_leaves_it_to_the_next_sweep(
    cast: Cast, gateway: Listener, monkeypatch: Any
) -> None:
    open_gateway(gateway)
    invited(cast)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(links, "_send", killed)
        with pytest.raises(KeyboardInterrupt):
            links.send_due(ASKED)
    assert links.send_due(ASKED + MINUTE) == 0, "on a lease"
    assert links.send_due(ASKED + links.LEASE) == 1


def test_what_was_answered_or_replaced_meanwhile_is_not_sent(cast: Cast, gateway: Listener) -> None:
    open_gateway(gateway)
    first = invited(cast)
    petition = Petition.objects.get(pk=first.petition_id)
    second, _ = workflow.invite(petition, by=cast.caller, at=ASKED)
    workflow.answer_by_link(second, contacted=True, solved="yes", satisfied="yes", note="", at=ASKED)
    assert links.send_due(ASKED + MINUTE) == 0
    assert gateway.heard == []
    assert [kept_secret(link) for link in (first, second)] == [None, None]


def test_notices_to_staff_do_not_leave_by_the_residents_gateway(cast: Cast, gateway: Listener) -> None:
    channel = open_gateway(gateway)
    assert not channel.wants(Notice(person=cast.caller), set())
    assert "{mobile}" in complaint(Channel.Kind.RESIDENTS, "json://127.0.0.1/sms")
