"""One petition, the whole way; and every way it may not go."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import clocks, workflow
from petitions.models import Clock, Petition, Promise, Status
from petitions.rarity import with_words
from tests.cast import MONDAY_TEN, Cast, call, hours, known
from tests.petitions.stages import awaiting_callback, dissatisfied, in_hand, replied, satisfied

AT = MONDAY_TEN


def running(petition: Petition) -> set[str]:
    return set(petition.clocks.running().values_list("promise", flat=True))


def test_a_petition_goes_from_call_to_close(cast: Cast) -> None:
    petition = call(cast)
    assert petition.number == "SG2026111600001"
    assert petition.status == Status.AWAITING_DISPATCH
    assert running(petition) == {Promise.DISPATCH}

    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    assert running(petition) == {Promise.SIGN, Promise.CONTACT, Promise.RESOLVE}
    workflow.sign(petition, by=cast.officer, at=AT + hours(0.5))
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已说明", at=AT + hours(1))
    workflow.reply(petition, by=cast.officer, result="已清理", basis="条例", assessment="solved", at=AT + hours(1.5))
    workflow.approve(petition, by=cast.head, at=AT + hours(2))
    assert running(petition) == {Promise.REVIEW}
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(4))
    satisfied(petition, cast)

    petition.refresh_from_db()
    assert petition.status == Status.CLOSED
    assert petition.concluded_at == AT + hours(24)
    assert not running(petition)
    assert [event.action for event in petition.events.all()] == [
        "register",
        "dispatch",
        "sign",
        "contact",
        "reply",
        "approve",
        "pass_review",
        "call_back",
        "close",
    ]


def test_numbers_of_a_day_have_no_gaps(cast: Cast) -> None:
    assert [call(cast).number[-5:] for _ in range(3)] == ["00001", "00002", "00003"]
    assert call(cast, at=AT + timedelta(days=1)).number == "SG2026111700001"


def test_a_caller_who_is_not_satisfied_gets_it_done_again_in_half_the_time(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    first = petition.clocks.get(promise=Promise.RESOLVE)
    dissatisfied(petition, cast)

    assert petition.status == Status.IN_HAND
    assert petition.redo_count == 1
    again = petition.clocks.running().get(promise=Promise.RESOLVE)
    assert again.length.delta == max(first.length.delta / 2, timedelta(hours=8))
    assert petition.dispatches.count() == 2


def test_the_second_dissatisfaction_reaches_head_and_reviewer(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    dissatisfied(petition, cast)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="再次核实", at=AT + hours(25))
    workflow.reply(petition, by=cast.officer, result="再次清理", basis="条例", assessment="solved", at=AT + hours(26))
    workflow.approve(petition, by=cast.head, at=AT + hours(27))
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(28))
    with pytest.raises(NotNow):
        workflow.conclude(petition, by=cast.reviewer, note="已依法解释", at=AT + hours(29))
    dissatisfied(petition, cast, at=AT + hours(48))

    assert petition.redo_count == 2
    told = Notice.objects.filter(title__startswith="再次不满意")
    assert {notice.person.username for notice in told} == {"head", "reviewer"}


def test_three_vain_calls_on_different_days_close_it_as_not_rated(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    # The second is on the same day as the first, the third at its time of day: neither counts.
    for days, hour in ((1, 0), (1, 5), (2, 0), (3, 5)):
        workflow.call_back(petition, by=cast.caller, reached=False, at=AT + timedelta(days=days, hours=hour))
    assert petition.status == Status.AWAITING_CALLBACK
    workflow.call_back(petition, by=cast.caller, reached=False, at=AT + timedelta(days=4, hours=9))
    assert petition.status == Status.CLOSED
    assert not petition.callbacks.filter(reached=True).exists()


def test_the_handler_never_calls_back(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    lead = petition.dispatches.get()
    lead.handled_by = cast.caller
    lead.save()
    with pytest.raises(NotNow, match="承办人"):
        satisfied(petition, cast)
    assert not petition.callbacks.exists()


def test_a_correction_does_not_eat_the_units_time(cast: Cast) -> None:
    petition = replied(cast)
    due = petition.clocks.get(promise=Promise.RESOLVE).due_at
    workflow.approve(petition, by=cast.head, at=AT + hours(2))
    workflow.correct(petition, by=cast.reviewer, note="缺少照片", at=AT + hours(5))

    assert petition.status == Status.IN_HAND
    resumed = petition.clocks.running().get(promise=Promise.RESOLVE)
    assert resumed.due_at > due


def test_the_resident_may_reopen_within_fifteen_days(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    satisfied(petition, cast)
    with pytest.raises(NotNow, match="15"):
        workflow.reopen(petition, by=None, note="又漏了", at=AT + timedelta(days=17))
    workflow.reopen(petition, by=None, note="又漏了", at=AT + timedelta(days=10))
    assert petition.status == Status.AWAITING_DISPATCH
    assert petition.unit is None
    assert petition.concluded_at is None
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + timedelta(days=10, hours=1))
    assert petition.dispatches.filter(ended_at=None).count() == 1


def test_an_answer_or_a_refusal_ends_it_at_the_desk(cast: Cast) -> None:
    answered, refused = call(cast), call(cast)
    workflow.answer(answered, by=cast.operator, note="社保卡补办请到政务中心", cites=known(cast), at=AT)
    workflow.refuse(refused, by=cast.operator, reason="已进入诉讼", direction="请向法院反映", at=AT)
    assert (answered.status, refused.status) == (Status.ANSWERED, Status.REFUSED)
    assert not running(answered)
    assert not running(refused)


def test_nobody_to_contact_means_no_promise_to_contact(cast: Cast) -> None:
    petition = in_hand(cast, caller_phone="", anonymous=True)
    assert running(petition) == {Promise.RESOLVE}
    workflow.reply(petition, by=cast.officer, result="已清理", basis="条例", assessment="solved", at=AT + hours(1))


@pytest.mark.parametrize("who", ["operator", "reviewer", "officer", "leader", "member", "street"])
def test_only_a_dispatcher_dispatches(cast: Cast, who: str) -> None:
    petition = call(cast)
    with pytest.raises(PermissionDenied):
        workflow.dispatch(petition, to=cast.bureau, by=getattr(cast, who))
    petition.refresh_from_db()
    assert petition.status == Status.AWAITING_DISPATCH


def test_a_stale_page_changes_nothing(cast: Cast) -> None:
    petition = call(cast)
    seen = petition.version
    workflow.amend(petition, by=cast.operator, title="店外经营夜间占道")
    with pytest.raises(NotNow, match="刚刚被别人"):
        workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, seen=seen)


def test_what_has_no_unit_cannot_be_signed(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        workflow.sign(call(cast), by=cast.officer)


def test_an_amendment_keeps_old_and_new(cast: Cast) -> None:
    petition = call(cast)
    due = Clock.objects.get().due_at
    workflow.amend(petition, by=cast.operator, title="夜间占道烧烤")
    event = petition.events.get(action="amend")
    assert event.detail["changed"]["标题"] == ["店外经营占用人行道", "夜间占道烧烤"]
    assert Clock.objects.get().due_at == due
    assert with_words(Petition.objects.all(), "烧烤")[0].get() == petition


def test_a_verb_that_fails_leaves_nothing(cast: Cast) -> None:
    petition = in_hand(cast)
    before = petition.events.count()
    with pytest.raises(NotNow, match="登记联系"):
        workflow.reply(petition, by=cast.officer, result="办好了", basis="", assessment="solved")
    petition.refresh_from_db()
    assert petition.status == Status.IN_HAND
    assert petition.events.count() == before


def test_available_follows_the_table(cast: Cast) -> None:
    petition = call(cast)
    available = workflow.available(petition, cast.dispatcher, MONDAY_TEN)
    assert set(available) == {"answer", "refuse", "dispatch", "merge", "amend", "attach"}
    assert not any(available.values())
    assert not workflow.available(petition, cast.officer, MONDAY_TEN)
    assert not workflow.available(petition, cast.leader, MONDAY_TEN)


def test_an_unsigned_petition_gets_its_cards_and_is_supervised(cast: Cast) -> None:
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    clock = petition.clocks.get(promise=Promise.SIGN)
    clocks.ring_due(AT + timedelta(days=3))

    rung = list(petition.events.filter(promise=Promise.SIGN).order_by("at"))
    assert [event.action for event in rung] == ["yellow_card", "red_card", "phone_urging", "supervise"]
    assert rung[1].at == clock.due_at
    red = Notice.objects.filter(title__startswith="红牌超期", title__endswith="签收")
    assert {notice.person.username for notice in red} == {"officer", "head"}
    supervised = Notice.objects.filter(title__startswith="首次书面督办")
    assert {notice.person.username for notice in supervised} == {"head", "officer", "reviewer", "leader"}


def test_clocks_of_petitions_that_nobody_took_ring_too(cast: Cast) -> None:
    petition = call(cast)
    clocks.ring_due(AT + timedelta(days=1))
    assert petition.events.filter(action="red_card", promise=Promise.DISPATCH).exists()
    assert Notice.objects.filter(person=cast.dispatcher, title__startswith="红牌").exists()


def test_a_search_for_nothing_finds_nothing(cast: Cast) -> None:
    call(cast)
    assert not with_words(Petition.objects.all(), "！？")[0].exists()
