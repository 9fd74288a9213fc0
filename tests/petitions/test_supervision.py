"""Supervision: what the ladder writes, what people write, and what becomes of a notice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import clocks, supervision, workflow
from petitions.models import (
    Briefing,
    Clock,
    Effect,
    Petition,
    Promise,
    StandingAuthorisation,
    SupervisionNotice,
    Topic,
)
from petitions.papers import notices
from petitions.timeline import story
from tests.cast import MONDAY_TEN, Cast, call, hours
from tests.petitions.stages import awaiting_callback, dissatisfied, in_hand

AT = MONDAY_TEN
LONG_AFTER = AT + timedelta(days=30)
State = SupervisionNotice.State


def overdue(cast: Cast, *, days: float = 2) -> Petition:
    """In the unit's hands, four working hours promised, and nothing done."""
    petition = in_hand(cast)
    clocks.ring_due(AT + timedelta(days=days))
    return petition


def first_notice(cast: Cast) -> SupervisionNotice:
    return SupervisionNotice.objects.get(petition=overdue(cast), time=1)


def drafted(cast: Cast) -> SupervisionNotice:
    petition = in_hand(cast)
    return workflow.propose_supervision(
        petition, by=cast.reviewer, origin="complex", note="涉及三个部门，短时间内难以解决", at=AT + hours(1)
    )


def signed(cast: Cast) -> SupervisionNotice:
    notice = first_notice(cast)
    notices.sign(notice, by=cast.head, at=AT + timedelta(days=2, hours=1))
    return notice


def fed_back(cast: Cast) -> SupervisionNotice:
    notice = signed(cast)
    notices.feed_back(
        notice,
        by=cast.head,
        handler="马俊峰",
        measures="连续三晚驻点",
        result="桌椅已全部收回",
        opinion="情况属实，举一反三",
        at=AT + timedelta(days=2, hours=3),
    )
    return notice


# --- What the ladder writes -------------------------------------------------------------------------------


def test_a_broken_promise_brings_notice_briefing_and_topic_at_once(cast: Cast) -> None:
    petition = overdue(cast)
    notice = SupervisionNotice.objects.get(petition=petition)
    clock = petition.clocks.get(promise=Promise.RESOLVE)
    assert notice.number == "寿社治督〔2026〕1号"
    assert (notice.time, notice.state, notice.origin, notice.unit) == (1, State.DELIVERED, "overdue", cast.bureau)
    assert notice.issued_at == clock.ticks[clock.effects.index(Effect.SUPERVISE)]
    assert notice.briefing == Briefing.objects.get(petition=petition, duty="leader")
    assert notice.topic == Topic.objects.get(petition=petition, state="waiting")
    event = petition.events.get(action="supervise")
    assert (event.at, event.clock, event.detail["number"]) == (notice.issued_at, clock, notice.number)
    told = set(Notice.objects.filter(key=f"supervision:{notice.pk}:issued").values_list("person__username", "path"))
    assert told == {
        ("head", f"/supervision/{notice.pk}/"),
        ("officer", f"/supervision/{notice.pk}/"),
        ("reviewer", f"/supervision/{notice.pk}/"),
        ("leader", f"/briefings/{notice.briefing_id}/"),
    }


def test_an_automatic_notice_names_the_standing_authorisation(cast: Cast) -> None:
    notice = first_notice(cast)
    assert notice.signer is None
    assert notice.authorisation == StandingAuthorisation.objects.get()
    assert notice.authorisation.basis in notice.basis
    assert notice.requirements == notice.authorisation.requirements.splitlines()


def test_without_an_authorisation_the_notice_waits_for_the_director(cast: Cast) -> None:
    StandingAuthorisation.objects.update(until=AT.date())
    petition = overdue(cast)
    notice = SupervisionNotice.objects.get(petition=petition)
    assert (notice.state, notice.number, notice.time, notice.briefing) == (State.DRAFT, None, None, None)
    assert not Topic.objects.filter(petition=petition).exists()
    assert Notice.objects.filter(person=cast.reviewer, path=f"/supervision/{notice.pk}/").exists()
    clocks.ring_due(AT + timedelta(days=10))
    assert SupervisionNotice.objects.filter(petition=petition).count() == 1, "one draft at a time"


def test_the_digest_names_no_telephone_number(cast: Cast) -> None:
    in_hand(cast, title="请回电13812345678，店外经营")
    clocks.ring_due(AT + timedelta(days=2))
    notice = SupervisionNotice.objects.get()
    for words in (notice.digest, notice.title, notice.briefing.digest, notice.topic.reason):  # type: ignore[union-attr]
        assert "13812345678" not in words
        assert "店外经营" in words


def test_the_ladder_goes_up_step_by_step_to_the_principal_leaders(cast: Cast) -> None:
    petition = in_hand(cast)
    clocks.ring_due(LONG_AFTER)
    clock = petition.clocks.get(promise=Promise.RESOLVE)
    rung = petition.events.filter(clock=clock).order_by("at", "id").values_list("action", flat=True)
    assert list(rung) == clock.effects == [effect for effect in Effect if effect != Effect.REPORT_DIRECTOR]
    issued = SupervisionNotice.objects.filter(petition=petition).order_by("id")
    assert [(n.time, n.state) for n in issued] == [(1, "escalated"), (2, "escalated"), (3, "delivered")]
    assert Briefing.objects.filter(petition=petition, duty="principal_leader").count() == 1
    assert Topic.objects.filter(petition=petition).count() == 1, "it is waiting already"
    clocks.ring_due(LONG_AFTER)
    assert issued.count() == 3


def test_no_step_is_skipped_whatever_a_clock_says(cast: Cast) -> None:
    petition = in_hand(cast)
    clock = petition.clocks.get(promise=Promise.RESOLVE)
    Clock.objects.filter(pk=clock.pk).update(effects=["supervise_third"], ticks=[clock.due_at], rung=0)
    clocks.ring_due(LONG_AFTER)
    assert SupervisionNotice.objects.get(petition=petition).time == 1


def test_each_step_rings_once_per_promise_by_constraint(cast: Cast) -> None:
    petition = overdue(cast)
    event = petition.events.get(action="supervise")
    event.pk = None
    with pytest.raises(IntegrityError, match="each_step_rings_once"), transaction.atomic():
        event.save(force_insert=True)
    notice = SupervisionNotice.objects.get(petition=petition)
    notice.pk, notice.number = None, "寿社治督〔2026〕99号"
    with pytest.raises(IntegrityError, match="each_notice_once_per_promise"), transaction.atomic():
        notice.save(force_insert=True)


def test_a_notice_without_its_papers_is_refused_by_the_database(cast: Cast) -> None:
    notice = first_notice(cast)
    notice.pk, notice.number, notice.time, notice.topic = None, "寿社治督〔2026〕99号", 2, None
    with pytest.raises(IntegrityError, match="issued_with_its_papers"), transaction.atomic():
        notice.save(force_insert=True)


def test_an_issued_paper_stands(cast: Cast) -> None:
    notice = first_notice(cast)
    changes: list[dict[str, Any]] = [{"title": "别的"}, {"number": "寿社治督〔2026〕2号"}, {"requirements": []}]
    for change in changes:
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            SupervisionNotice.objects.filter(pk=notice.pk).update(**change)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        SupervisionNotice.objects.filter(pk=notice.pk).delete()


def test_a_broken_promise_of_the_centre_goes_to_its_director_and_nobody_gets_a_notice(cast: Cast) -> None:
    petition = call(cast)
    clocks.ring_due(LONG_AFTER)
    assert petition.events.filter(action="report_director", promise=Promise.DISPATCH).exists()
    assert not SupervisionNotice.objects.exists()


def test_the_year_of_a_number_is_the_year_of_the_step(cast: Cast) -> None:
    at = AT.replace(month=12, day=30)
    for days in (0, 1, 7):
        petition = call(cast, at=at + timedelta(days=days))
        workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=at + timedelta(days=days, hours=0.1))
        workflow.sign(petition, by=cast.officer, at=at + timedelta(days=days, hours=0.2))
    clocks.ring_due(at + timedelta(days=11))
    firsts = SupervisionNotice.objects.filter(time=1).order_by("issued_at")
    assert [notice.number for notice in firsts] == [
        "寿社治督〔2026〕1号",
        "寿社治督〔2027〕1号",
        firsts[2].number,
    ]
    assert all(f"〔{n.issued_at.year}〕" in str(n.number) for n in SupervisionNotice.objects.all() if n.issued_at)


def test_a_unit_that_neither_signs_nor_resolves_gets_one_notice_of_each_time(cast: Cast) -> None:
    """Both promises were made by the same dispatch: the second that is broken does not begin anew."""
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    clocks.ring_due(LONG_AFTER)
    issued = SupervisionNotice.objects.filter(petition=petition).order_by("id")
    assert [notice.time for notice in issued] == [1, 2, 3]
    steps = petition.events.filter(action="supervise")
    assert {event.promise for event in steps} == {"sign", "resolve"}
    assert petition.events.filter(promise="resolve", action="supervise").get().detail["number"] == issued[0].number


# --- Not satisfied again ------------------------------------------------------------------------------------


def test_a_second_dissatisfied_answer_is_supervised_at_once(cast: Cast) -> None:
    petition = awaiting_callback(cast)
    dissatisfied(petition, cast)
    assert not SupervisionNotice.objects.exists()
    at = AT + timedelta(days=1, hours=1)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已联系", at=at)
    workflow.reply(petition, by=cast.officer, result="再清理", basis="条例", assessment="solved", at=at)
    workflow.approve(petition, by=cast.head, at=at)
    workflow.pass_review(petition, by=cast.reviewer, at=at)
    dissatisfied(petition, cast, at=AT + timedelta(days=3))
    notice = SupervisionNotice.objects.get(petition=petition)
    assert (notice.origin, notice.time, notice.earlier["satisfied"]) == ("dissatisfied", 1, "no")
    assert petition.events.filter(action="notice_issue").count() == 1
    clocks.ring_due(AT + timedelta(days=6))
    assert SupervisionNotice.objects.filter(petition=petition, time=1).count() == 1, "that step was taken"


# --- Its own clocks ---------------------------------------------------------------------------------------


def test_who_does_not_sign_is_reminded_and_who_does_not_feed_back_gets_the_next(cast: Cast) -> None:
    notice = first_notice(cast)
    assert notice.sign_by is not None
    assert notice.feed_back_by is not None
    assert supervision.ring_due(notice.sign_by) == 1
    assert set(
        Notice.objects.filter(key=f"supervision:{notice.pk}:no_signature").values_list("person__username", flat=True)
    ) == {"head", "officer", "reviewer"}
    assert supervision.ring_due(notice.sign_by) == 0
    assert supervision.ring_due(notice.feed_back_by) == 1
    second = SupervisionNotice.objects.get(petition=notice.petition, time=2)
    notice.refresh_from_db()
    assert (notice.state, second.state, second.origin) == (State.ESCALATED, State.DELIVERED, "no_feedback")


def test_who_never_feeds_back_is_reported_to_the_principal_leaders(cast: Cast) -> None:
    notice = first_notice(cast)
    Clock.objects.filter(petition=notice.petition).update(next_tick_at=None)
    supervision.ring_due(LONG_AFTER)
    for _ in range(3):
        supervision.ring_due(LONG_AFTER + timedelta(days=30))
        supervision.ring_due(LONG_AFTER + timedelta(days=60))
        supervision.ring_due(LONG_AFTER + timedelta(days=90))
    assert SupervisionNotice.objects.filter(petition=notice.petition).count() == 3
    assert Briefing.objects.filter(petition=notice.petition, duty="principal_leader").count() == 1


def test_what_was_concluded_meanwhile_is_asked_for_and_not_escalated(cast: Cast) -> None:
    notice = first_notice(cast)
    Clock.objects.filter(petition=notice.petition).update(next_tick_at=None)
    Petition.objects.filter(pk=notice.petition_id).update(concluded_at=AT + timedelta(days=2))
    supervision.ring_due(LONG_AFTER)
    notice.refresh_from_db()
    assert (notice.state, notice.next_tick_at) == (State.DELIVERED, None)
    assert SupervisionNotice.objects.count() == 1
    assert set(notice.events.values_list("action", flat=True)) == {"issue", "no_signature", "no_feedback"}


def test_a_fed_back_notice_rings_no_more(cast: Cast) -> None:
    notice = fed_back(cast)
    assert supervision.ring_due(LONG_AFTER) == 0
    assert notice.next_tick_at is None


# --- What people do -----------------------------------------------------------------------------------------


def test_a_notice_is_signed_fed_back_verified_and_cleared(cast: Cast) -> None:
    notice = fed_back(cast)
    at = AT + timedelta(days=3)
    notices.verify(notice, by=cast.reviewer, finding="true", note="现场看过", at=at)
    notices.clear(notice, by=cast.reviewer, at=at)
    notice.refresh_from_db()
    assert (notice.state, notice.cleared_by, notice.signed_by) == (State.CLEARED, cast.reviewer, cast.head)
    told = [moment.sentence for moment in story(notice.petition)]
    for sentence in ("签收督办通知单", "反馈督办通知单", "核查督办通知单的反馈", "督办通知单销号"):
        assert f"{sentence}（{notice.number}）" in told


def test_an_untrue_feedback_is_not_cleared_but_goes_on(cast: Cast) -> None:
    notice = fed_back(cast)
    at = AT + timedelta(days=2, hours=5)
    notices.verify(notice, by=cast.reviewer, finding="false", note="桌椅还在", at=at)
    with pytest.raises(NotNow, match="不能销号"):
        notices.clear(notice, by=cast.reviewer, at=at)
    notices.escalate(notice, by=cast.reviewer, note="反馈不实", at=at)
    second = SupervisionNotice.objects.get(petition=notice.petition, time=2)
    assert second.origin == "untrue"
    notice.refresh_from_db()
    assert notice.state == State.ESCALATED


def test_a_feedback_may_be_asked_for_again(cast: Cast) -> None:
    notice = fed_back(cast)
    at = AT + timedelta(days=3)
    notices.verify(notice, by=cast.reviewer, finding="partly", note="材料不全", at=at)
    notices.ask_again(notice, by=cast.reviewer, note="请补材料", at=at)
    assert (notice.state, notice.next_tick_at) == (State.SIGNED, notice.feed_back_by)


def test_a_draft_is_reviewed_and_signed_by_the_director_with_all_its_papers(cast: Cast) -> None:
    notice = drafted(cast)
    assert (notice.state, notice.number, notice.drafted_by) == (State.DRAFT, None, cast.reviewer)
    assert "短时间内难以解决" in notice.basis
    assert not Briefing.objects.exists()
    notices.revise(notice, by=cast.reviewer, title="关于督办占道经营事项的通知", at=AT + hours(1.5))
    notices.review(notice, by=cast.reviewer, at=AT + hours(2))
    notices.issue(notice, by=cast.reviewer, at=AT + hours(3))  # she is the director as well
    notice.refresh_from_db()
    assert (notice.number, notice.time, notice.state) == ("寿社治督〔2026〕1号", 1, State.DELIVERED)
    assert (notice.signer, notice.authorisation) == (cast.reviewer, None)
    assert notice.briefing is not None
    assert notice.topic is not None
    assert notice.events.filter(action="issue").count() == 1


def test_one_draft_at_a_time(cast: Cast) -> None:
    notice = drafted(cast)
    with pytest.raises(NotNow, match="待签发"):
        workflow.propose_supervision(
            notice.petition, by=cast.reviewer, origin="complex", note="再来一份", at=AT + hours(2)
        )


def test_strangers_do_nothing(cast: Cast) -> None:
    notice = first_notice(cast)
    for stranger in (cast.leader, cast.officer, cast.reviewer, cast.worker):
        with pytest.raises(PermissionDenied):
            notices.sign(notice, by=stranger)
    with pytest.raises(PermissionDenied):
        workflow.propose_supervision(notice.petition, by=cast.head, origin="complex", note="不行")
    seen = SupervisionNotice.objects.visible_to
    assert not seen(cast.worker).exists()
    assert not seen(cast.operator).exists()
    assert seen(cast.head).get() == notice
    assert not SupervisionNotice.objects.visible_to(cast.member).exists()


def test_a_unit_does_not_see_what_is_not_issued_to_it(cast: Cast) -> None:
    drafted(cast)
    assert not SupervisionNotice.objects.visible_to(cast.head).exists()
    assert SupervisionNotice.objects.visible_to(cast.reviewer).exists()


def test_two_sign_and_one_gets_a_sentence(cast: Cast) -> None:
    notice = first_notice(cast)
    other = SupervisionNotice.objects.get(pk=notice.pk)
    notices.sign(notice, by=cast.head, seen=notice.version)
    with pytest.raises(NotNow):
        notices.sign(other, by=cast.head, seen=other.version)


def test_urging_and_inspecting_are_on_record(cast: Cast) -> None:
    petition = in_hand(cast)
    workflow.urge(petition, by=cast.reviewer, spoken_to="杨局长", promised="今晚清理", at=AT + hours(1))
    workflow.inspect(
        petition, by=cast.reviewer, people="陈国栋、赵丽娟", place="向阳社区门口", note="仍有摊位", at=AT + hours(2)
    )
    told = [moment.sentence for moment in story(petition)]
    assert "电话督办（接话人：杨局长；承诺：今晚清理）" in told
    assert "现场督办（陈国栋、赵丽娟，向阳社区门口）" in told


# --- Cards ------------------------------------------------------------------------------------------------------


def test_a_card_is_withdrawn_by_the_director_alone_and_counts_no_longer(cast: Cast, client: Client) -> None:
    petition = overdue(cast)
    card = petition.events.filter(action="red_card", promise=Promise.RESOLVE).get()
    with pytest.raises(PermissionDenied):
        workflow.withdraw_card(card, by=cast.head, note="我说的")
    client.force_login(cast.reviewer)
    assert petition.number in client.get("/petitions/?facet=red_carded").content.decode()
    for card in petition.events.filter(action="red_card"):
        answer = client.post(f"/supervision/cards/{card.pk}/withdraw/", {"note": "系统停机，期限误算"}, follow=True)
        assert "已撤销" in answer.content.decode()
    assert petition.number not in client.get("/petitions/?facet=red_carded").content.decode()
    assert "撤销了亮牌：办结红牌超期" in [moment.sentence for moment in story(petition)]
    assert "系统停机，期限误算" in client.get("/supervision/cards/?card=withdrawn").content.decode()
    with pytest.raises(NotNow, match="已经撤销"):
        workflow.withdraw_card(card, by=cast.reviewer, note="再撤一次")
    assert client.post(f"/supervision/cards/{card.pk}/withdraw/", {"note": ""}).status_code in (409, 422)
    client.force_login(cast.head)
    assert client.get(f"/supervision/cards/{card.pk}/withdraw/").status_code == 403
    client.force_login(cast.worker)
    assert client.get("/supervision/cards/").status_code == 200
