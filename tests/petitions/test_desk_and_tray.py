"""What waits for whom: the desk of each of the cast, and the tray of a unit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from petitions import clocks, reports, terms, workflow
from petitions.models import Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import awaiting_callback, dissatisfied, in_hand, replied, satisfied


@pytest.fixture
def at_one(time_machine: Any) -> Any:
    """Monday at one, until a test says otherwise; whoever signs in does so at that time."""
    time_machine.move_to(AT + hours(3), tick=False)
    return time_machine


pytestmark = pytest.mark.usefixtures("at_one")


def opened(client: Client, user: Any, path: str = "/") -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "queue"),
    [
        ("operator", "待受理"),
        ("dispatcher", "待派单"),
        ("officer", "待签收"),
        ("head", "待单位审核"),
        ("caller", "待回访"),
    ],
)
def test_everybodys_desk_has_their_queues(client: Client, cast: Cast, who: str, queue: str) -> None:
    assert f"</b>{queue}</a>" in opened(client, getattr(cast, who))


def test_the_oldest_promise_is_on_top_and_the_number_opens_its_list(client: Client, cast: Cast) -> None:
    newer, older = call(cast, at=AT + hours(1), title="路灯不亮"), call(cast)
    desk = opened(client, cast.dispatcher)
    assert desk.index(older.number) < desk.index(newer.number)
    assert "<b>2</b>待派单" in desk
    assert 'href="/petitions/?facet=awaiting_dispatch&amp;sort=due"' in desk
    shown = client.get("/petitions/?facet=awaiting_dispatch&sort=due").context["rows"]
    assert [row.number for row in shown] == [older.number, newer.number]


def test_an_empty_desk_says_what_to_do_next(client: Client, cast: Cast) -> None:
    assert "手上的事都办完了" in opened(client, cast.dispatcher)
    assert "您的职责目前没有待办清单" in opened(client, cast.member)


def numbers(figure: reports.Figure) -> list[int]:
    assert figure.whole
    return [part.count for part in (*figure.parts, figure.whole)]


def test_leaders_see_rates_with_their_parts_and_definitions(client: Client, cast: Cast, at_one: Any) -> None:
    good, bad, late = awaiting_callback(cast), awaiting_callback(cast), in_hand(cast)
    satisfied(good, cast)
    dissatisfied(bad, cast)
    at = AT + timedelta(days=5)
    at_one.move_to(at, tick=False)
    registered, contact, on_time, solved, content, heard = reports.month(cast.leader, at)
    assert ([part.count for part in registered.parts], registered.whole) == ([3], None)
    assert (numbers(on_time), on_time.percent) == ([1, 3], "33.3%")  # the redo and the one in hand were not kept
    assert (numbers(content), content.percent) == ([1, 2], "50.0%")
    assert (numbers(contact), numbers(solved), numbers(heard)) == ([1, 3], [1, 0, 2], [2, 2])
    desk = opened(client, cast.leader)
    assert "口径" in desk
    assert "截至 2026-11-21 10:00" in desk
    assert 'href="/petitions/?mark=satisfied&amp;period=30d"' in desk
    doors = {part for one in (contact, on_time, solved, content, heard) for part in (*one.parts, one.whole) if part}
    for href, count in {(part.href, part.count) for part in doors}:
        assert client.get(href).context["total"] == str(count), href
    assert late.unit == cast.bureau


def test_the_desk_asks_no_more_when_more_waits(
    client: Client, cast: Cast, at_one: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "KEPT_FOR", 3600.0)  # read once, however slow the machine
    for _ in range(3):  # so many of one kind stand in a queue of their own
        call(cast)
        in_hand(cast)
    at = AT + hours(60)
    at_one.move_to(at, tick=False)
    clocks.ring_due(at)

    def questions() -> int:
        opened(client, cast.reviewer)
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    few = questions()
    for _ in range(8):
        in_hand(cast)
        call(cast)
    clocks.ring_due(at)
    assert questions() == few


def test_the_tray_holds_what_the_unit_has_by_what_to_do_next(client: Client, cast: Cast) -> None:
    to_approve = replied(cast)
    again = awaiting_callback(cast)
    dissatisfied(again, cast, at=AT + hours(5))
    page = opened(client, cast.head, "/petitions/tray/")
    groups = {
        queue.name: [row.number for row in queue.rows] for queue in client.get("/petitions/tray/").context["queues"]
    }
    assert groups["awaiting_approval"] == [to_approve.number]
    assert groups["returned"] == [again.number]
    assert "综合行政执法局" in page


def test_cards_of_today_are_in_the_tray(client: Client, cast: Cast, at_one: Any) -> None:
    petition = in_hand(cast)
    at_one.move_to(AT + hours(7), tick=False)
    clocks.ring_due(AT + hours(7))
    page = opened(client, cast.officer, "/petitions/tray/")
    cards = page[page.index('id="carded_today"') :]
    assert petition.number in cards


def test_signing_straight_from_the_tray(client: Client, cast: Cast) -> None:
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT)
    page = opened(client, cast.officer, "/petitions/tray/")
    assert f'aria-label="签收 {petition.number}"' in page
    answer = client.post(f"/petitions/{petition.number}/do/sign/", {"back": "/petitions/tray/"}, follow=True)
    assert answer.redirect_chain == [("/petitions/tray/", 302)]
    assert "签收了工单。现在由综合行政执法局承办人" in answer.content.decode()
    petition.refresh_from_db()
    assert petition.status == Status.IN_HAND


def test_going_back_leads_nowhere_else(client: Client, cast: Cast) -> None:
    petition = call(cast)
    client.force_login(cast.dispatcher)
    answer = client.post(
        f"/petitions/{petition.number}/do/dispatch/", {"to": cast.bureau.name, "back": "https://elsewhere.example/"}
    )
    assert answer["Location"] == f"/petitions/{petition.number}/"


def test_going_back_to_what_is_no_address_is_no_fault(client: Client, cast: Cast) -> None:
    petition = call(cast)
    client.force_login(cast.dispatcher)
    answer = client.post(f"/petitions/{petition.number}/do/dispatch/", {"to": cast.bureau.name, "back": "x"})
    assert answer.status_code == 302


def test_who_has_no_unit_is_told_so(client: Client, cast: Cast) -> None:
    assert "您没有在承办单位任职" in opened(client, cast.leader, "/petitions/tray/")
