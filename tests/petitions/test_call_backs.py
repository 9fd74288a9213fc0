"""Calling back: whose turn it is, which tries count, who may not ask, and the link that works once."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Access
from accounts.notnow import NotNow
from petitions import call_queue, terms, turns, workflow
from petitions.models import AnswerLink, Callback, Petition, ScriptLine, Setting, Status, SupervisionNotice
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import awaiting_callback, dissatisfied, satisfied

PASSED = AT + hours(4)
LINK = re.compile(r"/public/answer/([\w-]{22})/")


@pytest.fixture
def cooled(db: Any) -> None:
    """The city's own day between the end and the call."""
    Setting.objects.filter(key="callback_cooldown").update(value=24)
    terms.forget()


@pytest.fixture
def caller(client: Client, cast: Cast) -> Client:
    client.force_login(cast.caller)
    return client


def vain(petition: Petition, cast: Cast, *whens: tuple[int, int]) -> None:
    for days, o_clock in whens:
        at = AT.replace(hour=o_clock) + timedelta(days=days)
        workflow.call_back(petition, by=cast.caller, reached=False, at=at)


def test_nobody_is_called_on_the_day_it_was_passed(cast: Cast, cooled: None) -> None:
    petition = awaiting_callback(cast)
    with pytest.raises(NotNow, match="11-17 14:00 起可以打"):
        satisfied(petition, cast, at=PASSED + hours(23))
    satisfied(petition, cast, at=PASSED + hours(24))
    assert petition.status == Status.CLOSED


def test_a_resident_may_say_at_any_time_that_it_is_not_solved(cast: Cast, cooled: None) -> None:
    petition = awaiting_callback(cast)
    workflow.call_back(petition, by=None, way="self", solved="no", satisfied="no", at=PASSED + hours(1))
    assert petition.status == Status.IN_HAND


@pytest.mark.parametrize("post", ["signed_by", "handled_by", "approved_by"])
def test_whoever_worked_on_it_does_not_ask(cast: Cast, post: str) -> None:
    petition = awaiting_callback(cast)
    petition.dispatches.update(**{post: cast.caller})
    with pytest.raises(NotNow, match="承办人"):
        satisfied(petition, cast)
    now, later, turn = call_queue.turns_of(cast.caller, AT + hours(30))
    assert (now.total, later.total, turn) == (0, 0, None)


@pytest.mark.parametrize(
    ("tries", "counted"),
    [
        ([(1, 9), (1, 15)], 1),  # the same day
        ([(1, 9), (2, 11)], 1),  # the same time of day
        ([(1, 9), (2, 15), (3, 19)], 3),
        ([(1, 9), (2, 15), (2, 19), (3, 16), (4, 13)], 3),
    ],
)
def test_a_try_counts_on_a_day_and_at_a_time_of_day_of_its_own(
    cast: Cast, tries: list[tuple[int, int]], counted: int
) -> None:
    petition = awaiting_callback(cast)
    vain(petition, cast, *tries)
    assert turns.tried(list(petition.callbacks.all()), 1).counted == counted
    assert (petition.status == Status.CLOSED) is (counted == 3)


def test_who_left_no_number_is_not_called_three_times(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    Petition.objects.filter(pk=petition.pk).update(caller_phone="", caller_fingerprint=None)
    petition.refresh_from_db()
    vain(petition, cast, (1, 9))
    assert petition.status == Status.CLOSED
    assert "没有联系方式" in petition.events.get(action="close").note


def test_the_oldest_promise_is_called_first_and_who_was_tried_today_waits(cast: Cast, cooled: None) -> None:
    first, second, third = (awaiting_callback(cast) for _ in range(3))
    second.clocks.filter(promise="call_back").update(provisional=True)
    second.clocks.filter(promise="call_back").update(due_at=AT + hours(20))
    vain(third, cast, (1, 15))
    now, later, turn = call_queue.turns_of(cast.caller, AT + timedelta(days=1, hours=6))
    assert [one.petition for one in now.shown] == [second, first]
    assert [one.petition for one in later.shown] == [third]
    assert turn is not None
    assert turn.petition == second
    assert "今天已经打过，请改天" in later.shown[0].waits
    assert "上午、中午、晚上打才另算一次" in later.shown[0].waits


def test_the_page_says_what_to_say_and_hides_the_number_until_asked(caller: Client, cast: Cast) -> None:
    petition = awaiting_callback(cast)
    ScriptLine.objects.filter(part="opening").update(words="您好，我是回访员小赵。")
    with time_machine.travel(AT + hours(30), tick=False):
        page = caller.get("/callbacks/").content.decode()
        assert petition.title in page
        assert "您好，我是回访员小赵。" in page
        assert "承办单位是不是在规定的时间里联系过您" in page
        assert "12000000001" not in page
        shown = caller.post(f"/callbacks/?number={petition.number}").content.decode()
        assert "12000000001" in shown
        assert Access.objects.get().reason == "回访诉求人"
        said = {"way": "phone", "reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "very"}
        done = caller.post(f"/petitions/{petition.number}/do/call_back/", {**said, "back": "/callbacks/"})
    assert done["Location"] == "/callbacks/"
    petition.refresh_from_db()
    assert petition.status == Status.CLOSED
    assert petition.callbacks.get().unit == cast.bureau


def test_the_page_is_for_callers_back_and_asks_no_more_when_more_wait(caller: Client, cast: Cast) -> None:
    def questions() -> int:
        caller.get("/callbacks/")
        with CaptureQueriesContext(connection) as asked:
            assert caller.get("/callbacks/").status_code == 200
        return len(asked)

    awaiting_callback(cast)
    few = questions()
    for _ in range(4):
        vain(awaiting_callback(cast), cast, (1, 9))
    assert questions() == few
    caller.force_login(cast.officer)
    assert caller.get("/callbacks/").status_code == 403


def test_a_second_no_is_supervised_in_writing(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    dissatisfied(petition, cast)
    assert not SupervisionNotice.objects.exists()
    again: dict[str, Any] = {"by": cast.officer, "at": AT + hours(25)}
    workflow.contact(petition, manner="phone", reached=True, note="已说明", **again)
    workflow.reply(petition, result="再次清理", basis="条例", assessment="solved", **again)
    workflow.approve(petition, by=cast.head, at=AT + hours(26))
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(27))
    dissatisfied(petition, cast, at=AT + hours(52))
    notice = SupervisionNotice.objects.get()
    assert (notice.petition, notice.unit, notice.origin) == (petition, cast.bureau, "dissatisfied")


# --- The link -------------------------------------------------------------------------------------------


def invited(caller: Client, petition: Petition) -> str:
    page = caller.post(f"/callbacks/{petition.number}/invite/").content.decode()
    found = LINK.search(page)
    assert found, page
    return found[0]


@pytest.fixture
def next_day() -> Any:
    with time_machine.travel(AT + hours(30), tick=False) as traveller:
        yield traveller


def test_a_link_is_answered_once_by_whoever_has_it(caller: Client, cast: Cast, next_day: Any) -> None:
    petition = awaiting_callback(cast)
    link, resident = invited(caller, petition), Client()
    page = resident.get(link)
    assert "三、对办理是否满意" in page.content.decode()
    for personal in ("王秀英", "12000000001", petition.content, petition.title):
        assert personal not in page.content.decode()
    assert "<script" not in page.content.decode().split("<body")[1]
    said = {"contacted": "yes", "solved": "partly", "satisfied": "basically", "note": "还行"}
    assert resident.post(link, {"solved": "partly"}).status_code == 422
    assert "意见已经收到" in resident.post(link, said).content.decode()
    petition.refresh_from_db()
    answer = petition.callbacks.get()
    assert (petition.status, answer.way, answer.by, answer.solved) == (Status.CLOSED, "self", None, "partly")
    assert resident.get(link).status_code == 404
    assert resident.post(link, said).status_code == 404
    assert petition.callbacks.count() == 1


def test_two_hands_on_one_link_give_one_answer(cast: Cast, next_day: Any) -> None:
    petition = awaiting_callback(cast)
    link, _ = workflow.invite(petition, by=cast.caller, at=AT + hours(29))
    said: dict[str, Any] = {"contacted": True, "solved": "yes", "satisfied": "yes", "note": "", "at": AT + hours(30)}
    workflow.answer_by_link(link, **said)
    with pytest.raises(NotNow, match="已经用过"):
        workflow.answer_by_link(link, **said)
    assert Callback.objects.count() == 1


def test_only_the_digest_is_kept_and_a_new_link_ends_the_old(caller: Client, cast: Cast, next_day: Any) -> None:
    petition = awaiting_callback(cast)
    old, new = invited(caller, petition), invited(caller, petition)
    token = LINK.search(new)
    assert token
    kept = AnswerLink.objects.order_by("id").last()
    assert kept
    assert token[1] not in (kept.digest, str(kept))
    assert kept.digest == AnswerLink.digest_of(token[1])
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_a_link_grows_old(caller: Client, cast: Cast, next_day: Any) -> None:
    link = invited(caller, awaiting_callback(cast))
    next_day.shift(timedelta(days=7, seconds=1))
    answer = Client().get(link)
    assert answer.status_code == 404
    assert "已过期" in answer.content.decode()


def test_a_no_by_link_sends_it_back(caller: Client, cast: Cast, next_day: Any) -> None:
    petition = awaiting_callback(cast)
    link = invited(caller, petition)
    Client().post(link, {"solved": "no", "satisfied": "not_at_all", "note": "桌子还在"})
    petition.refresh_from_db()
    assert (petition.status, petition.redo_count) == (Status.IN_HAND, 1)


def test_who_was_closed_as_not_rated_may_still_answer_by_link(caller: Client, cast: Cast, next_day: Any) -> None:
    petition = awaiting_callback(cast)
    link = invited(caller, petition)
    vain(petition, cast, (2, 9), (3, 15), (4, 19))
    assert petition.status == Status.CLOSED
    assert Client().post(link, {"solved": "yes", "satisfied": "yes", "contacted": "no"}).status_code == 200
    answer = petition.callbacks.get(reached=True)
    assert (answer.satisfied, answer.contacted) == ("yes", False)


def test_guessing_links_closes_the_door(cast: Cast) -> None:
    stranger = Client()
    codes = {stranger.get(f"/public/answer/{n:022d}/").status_code for n in range(31)}
    assert codes == {404, 429}


def test_a_link_needs_a_caller_back_and_somebody_to_send_it_to(client: Client, cast: Cast, next_day: Any) -> None:
    petition = awaiting_callback(cast)
    client.force_login(cast.officer)
    assert client.post(f"/callbacks/{petition.number}/invite/").status_code == 403
    Petition.objects.filter(pk=petition.pk).update(caller_phone="", caller_fingerprint=None)
    client.force_login(cast.caller)
    assert client.post(f"/callbacks/{petition.number}/invite/").status_code == 409
    assert not AnswerLink.objects.exists()
