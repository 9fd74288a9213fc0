"""Supervision notices: drafted, reviewed, issued, signed by the unit's head, fed back on, verified, and cleared."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Notice, User
from accounts.notnow import NotNow
from grids.models import CITY_CODE, Duty
from grids.scope import holders
from petitions import supervision, workflow
from petitions.models import Briefing, Clock, Event, Petition, SupervisionNotice
from petitions.papers import seats
from petitions.papers.step import PaperStep, paper_step
from petitions.supervision import LAST, Asked, Origin

# --- The centre writes it ---------------------------------------------------------------------------------


def revise(
    notice: SupervisionNotice,
    *,
    by: User,
    further: Iterable[Petition] = (),
    at: datetime | None = None,
    seen: int | None = None,
    **words: Any,
) -> None:
    with paper_step("revise", notice, by=by, at=at, seen=seen) as this:
        this.change(**words)
        notice.further.set(further)


def review(
    notice: SupervisionNotice, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("review", notice, by=by, at=at, seen=seen) as this:
        this.change(reviewed_at=this.at, reviewed_by=by)
        this.note = note
        this.tell(_directors(), "督办通知单待签发", notice.title)


def return_draft(
    notice: SupervisionNotice, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("return_draft", notice, by=by, at=at, seen=seen) as this:
        this.change(reviewed_at=None, reviewed_by=None)
        this.note = note
        if notice.drafted_by:
            this.tell([notice.drafted_by], "督办通知单文稿退回修改", notice.title, Notice.Weight.WARNING)


def issue(
    notice: SupervisionNotice, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    """The signature: number, briefing and topic come with it, all in this transaction."""
    with paper_step("issue", notice, by=by, at=at, seen=seen) as this:
        # The sweep may be issuing for the same promise: whoever holds its clock counts the times.
        Clock.objects.select_for_update(no_key=True).get(pk=notice.clock_id)
        if not supervision.sign_draft(notice, by.pk, this.at):
            raise NotNow("这项承诺已经发过三次督办通知单，请报主要领导批示。")
        notice.refresh_from_db()
        this.note = note


def deliver(
    notice: SupervisionNotice, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """By hand, where nobody of the unit reads the portal."""
    with paper_step("deliver", notice, by=by, at=at, seen=seen) as this:
        this.change(delivered_at=this.at, delivery=note)
        this.note = note


def discard(
    notice: SupervisionNotice, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """A draft that is not to be issued; it never had a number, so that the series has no gap."""
    with paper_step("discard", notice, by=by, at=at, seen=seen) as this:
        this.note = note
        if notice.drafted_by and notice.drafted_by != by:
            this.tell([notice.drafted_by], "督办通知单文稿已作废", f"{notice.title}：{note}", Notice.Weight.WARNING)
        _in_the_story(this, notice)


def brief(
    notice: SupervisionNotice, *, by: User, at: datetime | None = None, seen: int | None = None, **words: Any
) -> Briefing:
    """To a leader, beside the one that went out with it: what has become of the notice."""
    with paper_step("brief", notice, by=by, at=at, seen=seen) as this:
        briefing = workflow.brief(notice.petition, by=by, at=this.at, **words)
        this.note = briefing.number
    return briefing


# --- The unit answers ---------------------------------------------------------------------------------------


def sign(notice: SupervisionNotice, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with paper_step("sign", notice, by=by, at=at, seen=seen) as this:
        this.change(
            signed_at=this.at,
            signed_by=by,
            delivered_at=notice.delivered_at or this.at,
            delivery=notice.delivery or "网上送达",
            next_tick_at=notice.feed_back_by,
        )
        _in_the_story(this, notice)


def feed_back(
    notice: SupervisionNotice,
    *,
    by: User,
    handler: str,
    measures: str,
    result: str,
    opinion: str,
    evidence: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with paper_step("feed_back", notice, by=by, at=at, seen=seen) as this:
        this.change(
            fed_back_at=this.at,
            fed_back_by=by,
            handler=handler,
            measures=measures,
            result=result,
            evidence=evidence,
            opinion=opinion,
            next_tick_at=None,
        )
        this.note = result
        this.tell(_reviewers(), f"督办通知单已反馈，待核查：{notice.number}", notice.title)
        _in_the_story(this, notice)


# --- The centre looks whether it is so ------------------------------------------------------------------------


def verify(
    notice: SupervisionNotice, *, by: User, finding: str, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("verify", notice, by=by, at=at, seen=seen) as this:
        this.change(verified_at=this.at, verified_by=by, finding=finding, verification=note)
        this.note = f"{SupervisionNotice.Finding(finding).label}。{note}"
        _in_the_story(this, notice)


def ask_again(
    notice: SupervisionNotice, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("ask_again", notice, by=by, at=at, seen=seen) as this:
        feed_back_by = supervision.after("notice_feedback_days", this.at)
        this.change(feed_back_by=feed_back_by, next_tick_at=feed_back_by)
        this.note = note
        heads = seats.heads_of(notice.unit_id)
        this.tell(heads, f"请重新反馈：{notice.number}", notice.title, Notice.Weight.WARNING)


def clear(
    notice: SupervisionNotice, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("clear", notice, by=by, at=at, seen=seen) as this:
        this.change(cleared_at=this.at, cleared_by=by)
        this.note = note
        this.tell(seats.heads_of(notice.unit_id), f"督办通知单已销号：{notice.number}", notice.title)
        _in_the_story(this, notice)


def escalate(
    notice: SupervisionNotice, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """The next notice at once; after the third, to the principal leaders."""
    with paper_step("escalate", notice, by=by, at=at, seen=seen) as this:
        Clock.objects.select_for_update(no_key=True).get(pk=notice.clock_id)
        this.change(escalated_at=this.at, next_tick_at=None)
        this.note = note
        assert notice.time is not None, "what was issued has been counted"
        if notice.time < LAST:
            untrue = notice.finding == SupervisionNotice.Finding.FALSE
            origin = Origin.UNTRUE if untrue else Origin.NO_FEEDBACK
            supervision.supervise([Asked(notice.clock_id, this.at, notice.time + 1, origin)], this.at)
        else:
            supervision.report([notice.clock_id], this.at)


def _in_the_story(this: PaperStep, notice: SupervisionNotice) -> None:
    """The petition's own story says it, too. Nothing else about the petition changes, whoever has it by now."""
    Event.objects.create(
        petition_id=notice.petition_id,
        action=f"notice_{this.action}",
        at=this.at,
        by=this.by,
        unit_id=notice.unit_id,
        detail={"notice": notice.pk, "number": notice.number},
    )


def _directors() -> list[User]:
    return list(holders(Duty.CENTRE_DIRECTOR, place=CITY_CODE))


def _reviewers() -> list[User]:
    return list(holders(Duty.REVIEWER, place=CITY_CODE))
