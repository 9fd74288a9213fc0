"""The page of one petition: what each of the cast finds on it, may do from it, and is refused."""

from typing import Any

import time_machine
from django.test import Client

from accounts.models import Access, User
from grids.models import Item, Visibility
from petitions import clocks, workflow
from petitions.forms.actions import FORMS
from petitions.models import Petition, Status
from petitions.rules import NOT_BUTTONS, RULES
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import awaiting_callback, dissatisfied, in_hand, replied, satisfied

HTMX = {"HX-Request": "true"}


def seen_by(user: User, petition: Petition) -> str:
    return sign_in(user).get(f"/petitions/{petition.number}/").content.decode()


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def do(user: User, action: str, petition: Petition, **words: Any) -> Any:
    return sign_in(user).post(f"/petitions/{petition.number}/do/{action}/", words)


# --- What is on it ---------------------------------------------------------------------------------------


def test_the_page_says_who_has_it_and_how_much_time_is_left(cast: Cast) -> None:
    petition = in_hand(cast)
    with time_machine.travel(AT + hours(1), tick=False):
        page = seen_by(cast.officer, petition)
    assert "综合行政执法局承办人" in page
    assert "首次联系 还剩" in page
    assert "tone-green" in page
    assert "派单给综合行政执法局" in page
    assert "只算工作时间" in page


def test_the_page_tells_a_broken_promise_in_words_and_red(cast: Cast) -> None:
    petition = in_hand(cast)
    clocks.ring_due(AT + hours(48))
    with time_machine.travel(AT + hours(48), tick=False):
        page = seen_by(cast.head, petition)
    assert "办结 超期" in page
    assert "tone-red" in page
    assert "办结：红牌：已经超期" in page


def test_every_stage_of_the_way_renders_for_everybody_who_may_see_it(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    dissatisfied(petition, cast)
    workflow.contact(petition, by=cast.officer, manner="visit", reached=False, note="敲门无人", at=AT + hours(25))
    for who in ("operator", "dispatcher", "reviewer", "caller", "officer", "head", "secretary", "street", "leader"):
        page = seen_by(getattr(cast, who), petition)
        assert "第 2 次办理" in page
        assert "未解决 · 不满意" in page
        assert "已清理店外桌椅" in page


# --- Who may see and do ------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    petition = call(cast)
    for who in ("member", "liaison", "organiser", "admin", "officer", "head"):
        assert sign_in(getattr(cast, who)).get(f"/petitions/{petition.number}/").status_code == 404
        assert do(getattr(cast, who), "dispatch", petition).status_code == 404
        assert sign_in(getattr(cast, who)).post(f"/petitions/{petition.number}/unmask/").status_code == 404


def test_the_wrong_duty_is_refused(cast: Cast) -> None:
    petition = call(cast)
    assert do(cast.leader, "dispatch", petition, to=cast.bureau.name).status_code == 403
    assert do(cast.operator, "dispatch", petition, to=cast.bureau.name).status_code == 403
    petition.refresh_from_db()
    assert petition.status == Status.AWAITING_DISPATCH


def test_a_refusal_on_the_page_is_a_fragment_above_it(cast: Cast) -> None:
    petition = call(cast)
    answer = sign_in(cast.leader).post(f"/petitions/{petition.number}/do/dispatch/", headers=HTMX)
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#flashes"
    assert "没有办理它的权限" in answer.content.decode()


def test_the_wrong_time_is_answered_with_a_sentence(cast: Cast) -> None:
    petition = in_hand(cast)
    answer = do(cast.dispatcher, "dispatch", petition, to=cast.bureau.name)
    assert answer.status_code == 409
    assert "工单现在是“办理中”，不能派单。" in answer.content.decode()


def test_no_action_has_a_made_up_name(cast: Cast) -> None:
    petition = call(cast)
    for action in ("sweep", "close", "archive"):
        assert do(cast.operator, action, petition).status_code == 404


def test_a_stale_page_is_refused_and_keeps_what_was_typed(cast: Cast) -> None:
    petition = call(cast)
    workflow.amend(petition, by=cast.operator, title="店外经营", at=AT + hours(0.1))
    answer = do(cast.dispatcher, "dispatch", petition, to=cast.bureau.name, opinion="请尽快", seen=petition.version - 1)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "刚刚被别人处理过" in page
    assert "请尽快" in page
    assert f'name="seen" value="{petition.version}"' in page
    assert do(cast.dispatcher, "dispatch", petition, to=cast.bureau.name, seen=petition.version).status_code == 302


# --- Doing the next thing -------------------------------------------------------------------------------------


def test_one_petition_goes_the_whole_way_by_the_forms(cast: Cast) -> None:
    petition = call(cast)
    way: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("dispatcher", "dispatch", {"to": "寿光市综合行政执法局", "opinion": "请现场查看"}),
        ("officer", "sign", {}),
        ("officer", "contact", {"manner": "phone", "reached": "yes", "note": "已电话联系"}),
        ("officer", "reply", {"result": "已清理", "basis": "市容条例", "assessment": "solved"}),
        ("head", "approve", {}),
        ("reviewer", "pass_review", {"note": "属实"}),
        (
            "caller",
            "call_back",
            {"way": "phone", "reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "very"},
        ),
    )
    for who, action, words in way:
        answer = do(getattr(cast, who), action, petition, **words)
        assert answer.status_code == 302, answer.content.decode()
    petition.refresh_from_db()
    assert petition.status == Status.CLOSED


def test_after_an_action_the_page_tells_who_has_it_now(cast: Cast) -> None:
    petition = call(cast)
    client = sign_in(cast.dispatcher)
    answer = client.post(
        f"/petitions/{petition.number}/do/dispatch/", {"to": cast.bureau.name, "seen": petition.version}, headers=HTMX
    )
    page = answer.content.decode()
    assert f"{petition.number} 派单。现在由综合行政执法局收件员（马俊峰）处理。" in page
    assert "<html" not in page


def test_the_dispatcher_is_shown_a_unit_and_why(cast: Cast) -> None:
    petition = call(cast)
    page = sign_in(cast.dispatcher).get(f"/petitions/{petition.number}/do/dispatch/").content.decode()
    assert "建议派给 综合行政执法局：“占道经营、店外经营”由综合执法条线牵头" in page
    assert 'value="寿光市综合行政执法局"' in page


def test_every_form_says_what_is_missing_beside_the_field(cast: Cast) -> None:
    petition = call(cast)
    for action, words in (
        ("dispatch", {"to": "没有的单位"}),
        ("refuse", {"reason": "", "direction": "天上"}),
        ("answer", {"note": "x" * 2001}),
        ("answer", {"note": "有\x00空"}),
        ("amend", {"title": "", "nature": "rain"}),
        ("attach", {}),
    ):
        answer = do(cast.dispatcher, action, petition, **words)
        assert answer.status_code == 422, action
        assert "field-error" in answer.content.decode(), action
    petition.refresh_from_db()
    assert petition.version == 1


def test_a_call_that_was_answered_has_three_answers(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    answer = do(cast.caller, "call_back", petition, way="phone", reached="yes", solved="yes")
    assert answer.status_code == 422
    assert answer.content.decode().count("接通了就要问到") == 2
    assert not petition.callbacks.exists()


def test_a_vain_call_needs_no_answers(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    assert do(cast.caller, "call_back", petition, way="phone", reached="no", satisfied="no").status_code == 302
    assert petition.callbacks.get().satisfied == ""


def test_a_reply_before_the_contact_stands_on_the_page_with_its_reason(cast: Cast) -> None:
    petition = in_hand(cast)
    page = seen_by(cast.officer, petition)
    assert "还没有登记联系诉求人的记录，请先“登记联系”。" in page
    assert f'href="/petitions/{petition.number}/do/reply/"' not in page
    assert "请先“登记联系”" in workflow.available(petition, cast.officer, AT)["reply"]
    assert do(cast.officer, "reply", petition, result="已清理", basis="条例", assessment="solved").status_code == 409


def test_what_was_sent_back_need_not_be_typed_again(cast: Cast) -> None:
    petition = replied(cast)
    workflow.send_back(petition, by=cast.head, note="请写明整改措施", at=AT + hours(2))
    page = sign_in(cast.officer).get(f"/petitions/{petition.number}/do/reply/").content.decode()
    assert "已清理店外桌椅</textarea>" in page


def test_an_amendment_shows_old_and_new_in_words(cast: Cast) -> None:
    petition = call(cast)
    form = FORMS["amend"](petition=petition)
    words = {name: form[name].value() for name in form.fields if name != "seen"}
    words |= {"item": "A01", "place": petition.place_id, "nature": "suggestion", "tags": ["repeated"]}
    assert do(cast.dispatcher, "amend", petition, **words).status_code == 302
    page = seen_by(cast.dispatcher, petition)
    assert "<del>投诉</del> → <ins>建议</ins>" in page
    assert "<del>无</del> → <ins>重复</ins>" in page


def test_every_button_has_a_form_or_asks_for_nothing(cast: Cast) -> None:
    wordless = set(RULES) - set(NOT_BUTTONS) - set(FORMS)
    assert wordless == {"sign", "assist_sign"}


# --- The caller ------------------------------------------------------------------------------------------------


def test_the_caller_is_masked_until_somebody_says_why_and_only_that_once(cast: Cast) -> None:
    petition = in_hand(cast)
    client = sign_in(cast.officer)
    page = client.get(f"/petitions/{petition.number}/").content.decode()
    assert "120****0001" in page
    assert "12000000001" not in page
    assert "王秀英" not in page

    refused = client.post(f"/petitions/{petition.number}/unmask/", {"field": "caller_phone", "reason": ""})
    assert refused.status_code == 422
    assert "12000000001" not in refused.content.decode()
    assert not Access.objects.exists()

    shown = client.post(f"/petitions/{petition.number}/unmask/", {"field": "caller_phone", "reason": "上门前联系"})
    assert "12000000001" in shown.content.decode()
    assert "王秀英" not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    access = Access.objects.get()
    assert (access.by, access.kind, access.field, access.reason) == (cast.officer, "unmask", "联系电话", "上门前联系")
    assert access.subject == f"petition:{petition.number}"

    assert "12000000001" not in client.get(f"/petitions/{petition.number}/").content.decode()


def test_who_asked_for_confidentiality_is_known_to_the_centre_alone(cast: Cast) -> None:
    petition = in_hand(cast, confidential=True)
    for who in ("officer", "head", "leader"):
        page = seen_by(getattr(cast, who), petition)
        assert "保密" in page
        assert "120****" not in page
        answer = sign_in(getattr(cast, who)).post(
            f"/petitions/{petition.number}/unmask/", {"field": "caller_phone", "reason": "想知道"}
        )
        assert answer.status_code == 403
    assert "120****0001" in seen_by(cast.caller, petition)
    assert not Access.objects.exists()


def test_the_other_petitions_of_the_same_caller_are_shown(cast: Cast) -> None:
    earlier, later = call(cast, title="路灯不亮"), call(cast)
    assert earlier.number in seen_by(cast.dispatcher, later)
    assert "路灯不亮" in seen_by(cast.dispatcher, later)


def test_a_confidential_item_is_not_seen_by_the_place(cast: Cast) -> None:
    petition = call(cast)
    assert sign_in(cast.secretary).get(f"/petitions/{petition.number}/").status_code == 200
    Item.objects.filter(pk=petition.item_id).update(visibility=Visibility.CONFIDENTIAL)
    assert sign_in(cast.secretary).get(f"/petitions/{petition.number}/").status_code == 404


def test_a_closed_petition_says_since_when(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    satisfied(petition, cast)
    page = seen_by(cast.reviewer, petition)
    assert "2026-11-17 10:00 已办结" in page
    assert "现在没有需要您办理的步骤" in page
