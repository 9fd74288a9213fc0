"""On the books: three agree in their order, the deadline waits, a review clock runs, and it ends in a reply."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.notnow import NotNow
from petitions import clocks, workflow
from petitions.facets import FACETS
from petitions.models import Clock, Event, Interval, Petition, Promise, Status, Suspension
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import contacted, satisfied

SOON = AT + hours(3)
ASKED: dict[str, Any] = {
    "reason": Suspension.Reason.POLICY,
    "work_done": "已会同街道勘查，完成改造方案",
    "next_step": "待财政批复后招标",
    "leader": "局长杨振华",
    "expected_on": date(2027, 5, 31),
    "told_manner": "visit",
    "told_at": AT + hours(1.5),
    "told_words": "已上门说明，诉求人希望尽快",
}


def asked(cast: Cast, **said: Any) -> Petition:
    petition = contacted(cast, **said)
    workflow.ask_suspension(petition, by=cast.officer, at=AT + hours(2), **ASKED)
    return petition


def suspended(cast: Cast, **said: Any) -> Petition:
    petition = asked(cast, **said)
    for n, who in enumerate((cast.head, cast.reviewer, cast.leader), 1):
        workflow.approve_suspension(petition, by=who, note="同意", at=AT + hours(2 + n / 4))
    return petition


def listed(facet: str, at: datetime = SOON) -> list[Petition]:
    return list(Petition.objects.filter(FACETS[facet].where(at)))


def test_three_agree_in_their_order(cast: Cast) -> None:
    petition = asked(cast)
    assert petition.status == Status.SUSPENSION_UNDER_REVIEW
    for who, awaiting, facet in (
        (cast.head, "单位负责人", "suspension_of_head"),
        (cast.reviewer, "中心主任", "suspension_of_director"),
        (cast.leader, "分管市领导", "suspension_of_leader"),
    ):
        assert listed(facet) == [petition]
        assert petition.clocks.running().filter(promise=Promise.RESOLVE).exists(), "clocks run until all agree"
        for other in {cast.head, cast.reviewer, cast.leader} - {who}:
            with pytest.raises(NotNow, match=f"现在等{awaiting}审批"):
                workflow.approve_suspension(petition, by=other, at=AT + hours(2.5))
        workflow.approve_suspension(petition, by=who, at=AT + hours(2.5))
    assert petition.status == Status.SUSPENDED
    assert listed("suspended") == [petition]
    steps = petition.suspensions.get().approvals.values_list("step", "by__username")
    assert list(steps) == [("head", "head"), ("director", "reviewer"), ("leader", "leader")]


@pytest.mark.parametrize("refused_by", [0, 1, 2])
def test_each_of_them_may_refuse_with_words(cast: Cast, refused_by: int) -> None:
    petition = asked(cast)
    before = petition.clocks.running().get(promise=Promise.RESOLVE)
    people = (cast.head, cast.reviewer, cast.leader)
    for who in people[:refused_by]:
        workflow.approve_suspension(petition, by=who, at=AT + hours(3))
    workflow.refuse_suspension(petition, by=people[refused_by], note="能办的先办", at=AT + hours(3))
    assert petition.status == Status.IN_HAND
    assert petition.clocks.running().get(promise=Promise.RESOLVE) == before
    assert not Interval.objects.exists()
    workflow.ask_suspension(petition, by=cast.officer, at=AT + hours(4), **ASKED)
    assert petition.suspensions.asked().get().awaiting == Suspension.Step.HEAD


def test_the_deadline_waits_and_a_review_is_promised(cast: Cast) -> None:
    petition = suspended(cast)
    (running,) = petition.clocks.running()
    assert (running.promise, running.unit) == (Promise.SUSPENSION_REVIEW, cast.bureau)
    assert running.due_at == AT + hours(2.75) + timedelta(days=30)
    interval = Interval.objects.get()
    assert (interval.kind, interval.until_at, interval.approved_by) == ("suspension", None, cast.leader)
    assert petition.is_open
    assert listed("open") == [petition]
    for facet in ("closed", "answered", "concluded_today"):
        assert petition not in listed(facet)


def test_who_does_not_review_gets_a_red_card(cast: Cast) -> None:
    petition = suspended(cast)
    due = petition.clocks.running().get().due_at
    clocks.ring_due(due + timedelta(minutes=1))
    assert Event.objects.filter(petition=petition, action="red_card", promise=Promise.SUSPENSION_REVIEW).exists()
    assert listed("suspension_unreviewed", due + timedelta(minutes=1)) == [petition]
    workflow.review_suspension(
        petition, by=cast.head, note="已列入预算", expected_on=date(2027, 6, 30), at=due + timedelta(hours=1)
    )
    assert petition.clocks.running().get().due_at == due + timedelta(days=30, hours=1)
    assert petition.suspensions.get().expected_on == date(2027, 6, 30)
    assert listed("suspension_unreviewed", due + timedelta(hours=2)) == []


def test_it_ends_in_a_reply_and_a_call_back(cast: Cast) -> None:
    petition = suspended(cast)
    stopped = Clock.objects.get(interruption__isnull=False)
    back = AT + timedelta(days=20)
    workflow.resume(petition, by=cast.officer, note="资金到位", at=back)
    assert petition.status == Status.IN_HAND
    running = petition.clocks.running().get(promise=Promise.RESOLVE)
    assert running.after == Interval.objects.get(until_at=back)
    assert running.due_at == clocks.worked_out(running)
    assert running.due_at > stopped.due_at
    assert (running.started_at, running.length) == (stopped.started_at, stopped.length)
    workflow.reply(petition, by=cast.officer, result="改造完成", basis="条例", assessment="solved", at=back + hours(1))
    workflow.approve(petition, by=cast.head, at=back + hours(1))
    workflow.pass_review(petition, by=cast.reviewer, at=back + hours(2))
    satisfied(petition, cast, at=back + hours(48))
    assert petition.status == Status.CLOSED
    assert petition.suspensions.get().ended_at == back


def test_what_was_overdue_before_stays_overdue_after(cast: Cast) -> None:
    petition = asked(cast)
    overdue = petition.clocks.running().get(promise=Promise.RESOLVE).due_at + timedelta(days=1)
    for who in (cast.head, cast.reviewer, cast.leader):
        workflow.approve_suspension(petition, by=who, at=overdue)
    workflow.resume(petition, by=cast.head, note="恢复", at=overdue + timedelta(days=9))
    assert petition.clocks.running().get(promise=Promise.RESOLVE).due_at < overdue


@pytest.mark.parametrize("who", ["operator", "caller", "street", "officer", "auditor"])
def test_nobody_else_agrees(cast: Cast, who: str) -> None:
    petition = asked(cast)
    with pytest.raises(PermissionDenied):
        workflow.approve_suspension(petition, by=getattr(cast, who), at=AT + hours(3))


def test_a_second_round_of_the_books_is_another_row(cast: Cast) -> None:
    petition = suspended(cast)
    workflow.resume(petition, by=cast.head, note="恢复", at=AT + timedelta(days=5))
    workflow.ask_suspension(petition, by=cast.officer, at=AT + timedelta(days=6), **ASKED)
    for who in (cast.head, cast.reviewer, cast.leader):
        workflow.approve_suspension(petition, by=who, at=AT + timedelta(days=6))
    workflow.resume(petition, by=cast.head, note="恢复", at=AT + timedelta(days=9))
    running = petition.clocks.running().get(promise=Promise.RESOLVE)
    assert running.due_at == clocks.worked_out(running)
    assert Interval.objects.count() == 2
