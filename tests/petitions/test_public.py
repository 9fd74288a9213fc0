"""The residents' window: number and code open it; it tells what happened, and hears whether it is solved."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import lockout
from accounts.models import Unit
from petitions import workflow
from petitions.models import Callback, Direction, Petition, Status
from petitions.residents import PLAINLY, TOLD
from petitions.rules import NOT_BUTTONS, OF_PAPERS, RULES
from tests.cast import Cast, call

PAGE, SHOWN = "/public/look-up/", "/public/petition/"


def look_up(client: Client, petition: Petition, code: str = "") -> str:
    said = {"number": petition.number, "code": code or petition.lookup_code}
    return client.post(PAGE, said, follow=True).content.decode()


def to_callback(cast: Cast, **said: Any) -> Petition:
    """Through the unit and the centre, until the caller is to be asked."""
    petition = call(cast, at=timezone.now() - timedelta(hours=5), **said)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, opinion="请尽快，诉求人王秀英脾气急")
    workflow.sign(petition, by=cast.officer)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="王秀英说在家")
    workflow.reply(petition, by=cast.officer, result="已劝离摊主李四", basis="条例第三条", assessment="solved")
    workflow.approve(petition, by=cast.head, note="同意，注意李四情绪")
    workflow.pass_review(petition, by=cast.reviewer)
    return petition


def closed(cast: Cast, **said: Any) -> Petition:
    petition = to_callback(cast, **said)
    workflow.call_back(petition, by=cast.caller, contacted=True, solved="yes", satisfied="yes", note="王秀英满意")
    return petition


def test_nobody_needs_to_sign_in(client: Client, db: None) -> None:
    assert client.get(PAGE).status_code == 200


def test_number_and_code_show_what_happened(client: Client, cast: Cast) -> None:
    Unit.objects.filter(pk=cast.bureau.pk).update(phone="0536-5110000")
    petition = call(cast, at=timezone.now())
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    page = look_up(client, petition)
    for words in (
        "等待承办单位签收",
        "诉求已登记",
        "已派给",
        "寿光市综合行政执法局",
        "0536-5110000",
        "最迟",
        "向阳社区",
    ):
        assert words in page, words


def test_no_personal_data_and_no_inner_note_is_told(client: Client, cast: Cast) -> None:
    petition = closed(cast)
    page = look_up(client, petition)
    for words in ("王秀英", "12000000001", "120****0001", "李四", "脾气急", "条例第三条", "烧烤店", petition.title):
        assert words not in page, words
    for person in cast.people.values():
        assert person.name not in page
    assert petition.lookup_code not in page


def test_number_and_code_may_be_written_as_people_write(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    said = {"number": f" {petition.number[2:].lower()} ", "code": petition.lookup_code.lower()}
    assert "正在分派" in client.post(PAGE, said, follow=True).content.decode()


def test_neither_stands_in_an_address(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    answer = client.post(PAGE, {"number": petition.number, "code": petition.lookup_code})
    assert answer["Location"] == SHOWN


def test_a_wrong_code_and_an_unknown_number_get_one_sentence(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    wrong = client.post(PAGE, {"number": petition.number, "code": "AAAAAA"})
    unknown = client.post(PAGE, {"number": "SG2026010199999", "code": petition.lookup_code})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "编号或查询码不对" in wrong.content.decode()
    assert client.get(SHOWN)["Location"] == PAGE


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", ""),
        ("SG1", "ABCDEF"),
        ("SG2026010100001", "AB"),
        ("\x00", "\x00"),
        ("SG2026010100001", "😀" * 6),
        ("A" * 999, "B"),
    ],
)
def test_what_is_no_number_or_code_gets_a_sentence(client: Client, db: None, number: str, code: str) -> None:
    answer = client.post(PAGE, {"number": number, "code": code})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_guessing_one_number_closes_its_door(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    for n in range(lockout.LOOK_UP.allowed):
        client.post(PAGE, {"number": petition.number, "code": "AAAAAA"}, REMOTE_ADDR=f"10.0.0.{n}")
    answer = client.post(PAGE, {"number": petition.number, "code": petition.lookup_code}, REMOTE_ADDR="10.0.1.1")
    assert answer.status_code == 429
    assert "查询次数过多" in answer.content.decode()


def test_guessing_from_one_address_closes_its_door(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    for n in range(lockout.PUBLIC_FORM.allowed):
        client.post(PAGE, {"number": f"SG20260101{n:05d}", "code": "AAAAAA"})
    assert client.post(PAGE, {"number": petition.number, "code": petition.lookup_code}).status_code == 429


def test_looking_often_with_the_right_code_is_no_guessing(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    for _ in range(40):
        assert "正在分派" in look_up(client, petition)


def test_the_look_is_over_after_half_an_hour(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    look_up(client, petition)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        assert client.get(SHOWN).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert client.get(SHOWN)["Location"] == PAGE


def test_leaving_leaves_nothing(client: Client, cast: Cast) -> None:
    look_up(client, call(cast, at=timezone.now()))
    client.post("/public/leave/")
    assert client.get(SHOWN)["Location"] == PAGE


def test_without_a_look_nothing_can_be_said(client: Client, cast: Cast) -> None:
    closed(cast)
    for address in ("/public/petition/not-solved/", "/public/petition/rate/"):
        assert client.post(address, {"note": "没有解决"})["Location"] == PAGE
        assert client.get(address).status_code == 405
    assert Petition.objects.get().status == Status.CLOSED


def test_a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(PAGE, {"number": "SG2026010100001", "code": "ABCDEF"}).status_code == 403


def test_not_solved_reopens_within_fifteen_days(client: Client, cast: Cast) -> None:
    petition = closed(cast)
    assert "没有解决" in look_up(client, petition)
    client.post("/public/petition/not-solved/", {"note": "又摆出来了"})
    petition.refresh_from_db()
    assert petition.status == Status.AWAITING_DISPATCH
    event = petition.events.get(action="reopen")
    assert (event.by, event.note) == (None, "又摆出来了")


def test_after_fifteen_days_it_says_why_not(client: Client, cast: Cast) -> None:
    petition = closed(cast)
    with time_machine.travel(timezone.now() + timedelta(days=16), tick=False):
        page = look_up(client, petition)
        assert "不能重新打开" in page
        assert 'action="/public/petition/not-solved/"' not in page
        assert client.post("/public/petition/not-solved/", {"note": "又来了"}).status_code == 409
    petition.refresh_from_db()
    assert petition.status == Status.CLOSED


def test_not_solved_needs_a_word(client: Client, cast: Cast) -> None:
    petition = closed(cast)
    look_up(client, petition)
    answer = client.post("/public/petition/not-solved/", {"note": " "})
    assert answer.status_code == 422
    assert "请填写哪里没有解决。" in answer.content.decode()


def test_before_the_call_back_not_solved_is_an_answer(client: Client, cast: Cast) -> None:
    petition = to_callback(cast)
    look_up(client, petition)
    client.post("/public/petition/not-solved/", {"note": "桌子还在"})
    petition.refresh_from_db()
    assert petition.status == Status.IN_HAND
    answer = Callback.objects.get()
    assert (answer.way, answer.by, answer.satisfied) == (Callback.Way.SELF, None, "no")


def test_before_the_call_back_a_good_rating_closes_it(client: Client, cast: Cast) -> None:
    petition = to_callback(cast)
    look_up(client, petition)
    client.post("/public/petition/rate/", {"solved": "yes", "satisfied": "very", "contacted": "yes", "note": "谢谢"})
    petition.refresh_from_db()
    assert petition.status == Status.CLOSED
    answer = Callback.objects.get()
    assert (answer.contacted, answer.solved, answer.satisfied, answer.note) == (True, "yes", "very", "谢谢")


def test_a_petition_is_rated_once(client: Client, cast: Cast) -> None:
    petition = closed(cast)
    assert 'action="/public/petition/rate/"' not in look_up(client, petition)
    answer = client.post("/public/petition/rate/", {"solved": "yes", "satisfied": "very"})
    assert answer.status_code == 409
    assert "已经评价过了" in answer.content.decode()


def test_an_unrated_petition_is_rated_afterwards(client: Client, cast: Cast) -> None:
    petition = to_callback(cast)
    at = timezone.now()
    for days, o_clock in ((0, 0), (1, 6), (2, 10)):
        when = at.replace(hour=1, minute=0) + timedelta(days=days, hours=o_clock)
        workflow.call_back(petition, by=cast.caller, reached=False, at=when)
    petition.refresh_from_db()
    assert petition.status == Status.CLOSED
    look_up(client, petition)
    assert client.post("/public/petition/rate/", {"solved": "yes"}).status_code == 422
    client.post("/public/petition/rate/", {"solved": "yes", "satisfied": "yes"})
    assert Callback.objects.get(way=Callback.Way.SELF).satisfied == "yes"


def test_while_it_is_handled_there_is_nothing_to_press(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    page = look_up(client, petition)
    assert 'action="/public/petition/' not in page
    assert client.post("/public/petition/not-solved/", {"note": "快点"}).status_code == 409


@pytest.mark.parametrize("visibility", ["internal", "confidential"])
def test_of_a_confidential_matter_only_the_status_is_told(client: Client, cast: Cast, visibility: str) -> None:
    petition = closed(cast)
    type(petition.item).objects.filter(pk=petition.item_id).update(visibility=visibility)
    page = look_up(client, petition)
    assert "已办结" in page
    assert "没有解决" in page
    for words in (petition.item.name, "综合行政执法", "办理过程", "向阳社区", "最迟"):
        assert words not in page, words


def test_a_refusal_tells_where_to_go_but_no_free_text(client: Client, cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    workflow.refuse(petition, by=cast.operator, reason="与李四的合同纠纷", direction=Direction.COURT)
    page = look_up(client, petition)
    assert "不予受理，请向人民法院诉讼" in page
    assert "李四" not in page


def test_every_status_has_plain_words() -> None:
    assert set(PLAINLY) == set(Status)


def test_every_action_of_the_table_is_told_or_kept_quiet_on_purpose() -> None:
    of_the_house = {"send_back", "amend", "attach", "approve_suspension", "take_in", "raise_topic"}
    of_the_returns = {"uphold_return", "release", "assist_sign"}  # what follows from them is told
    of_the_centre = {"propose_exclusion", "decide_exclusion", "urge", "inspect", "propose_supervision", "withdraw_card"}
    of_the_centre |= {"brief", "record_leak"}
    of_the_main = {"main_done", "main_reopened"}  # its own events tell it
    quiet = of_the_house | of_the_returns | of_the_centre | of_the_main | OF_PAPERS
    assert set(RULES) - set(TOLD) == quiet
    assert "reopen" not in NOT_BUTTONS


def test_large_type_is_remembered(client: Client, db: None) -> None:
    assert "public-large" not in client.get(PAGE).content.decode()
    answer = client.post("/public/type-size/", {"size": "large", "back": "/public/suspended/"})
    assert answer["Location"] == "/public/suspended/"
    assert "public-large" in client.get(PAGE).content.decode()
    assert "public-large" in client.get("/public/suspended/").content.decode()
    assert client.post("/public/type-size/", {"back": "https://elsewhere.example/"})["Location"] == "/public/"
    client.post("/public/type-size/", {"size": "plain"})
    assert "public-large" not in client.get(PAGE).content.decode()
