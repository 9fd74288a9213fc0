"""The unit has it: it signs, contacts the caller, does the work and answers; the centre checks the answer."""

from datetime import datetime

from accounts.models import Notice, User
from accounts.notnow import NotNow
from petitions import ledger, photos
from petitions.models import Interval, Petition, Promise
from petitions.permissions import HANDLERS, HEADS, REVIEWERS
from petitions.step import step


def sign(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with step("sign", petition, by=by, at=at, seen=seen) as this:
        this.change(this.lead(), signed_at=this.at, signed_by=by)
        if petition.contact_unit_id != petition.unit_id:
            this.stop(Promise.CONTACT, of=petition.contact_unit_id)
            this.change(petition, contact_unit_id=petition.unit_id)


def contact(
    petition: Petition,
    *,
    by: User,
    manner: str,
    reached: bool,
    note: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Who was given it first keeps the contact until another unit has signed."""
    with step("contact", petition, by=by, at=at, seen=seen) as this:
        keeper = this.last_dispatch(petition.contact_unit_id)
        if keeper.contacted_at is None:
            this.change(keeper, contacted_at=this.at)
        this.change(keeper, contact_manner=manner, contact_reached=reached, contact_note=note)
        this.units = [keeper.unit_id]
        this.note = note
        this.detail |= {"manner": manner, "reached": reached}


def reply(
    petition: Petition,
    *,
    by: User,
    result: str,
    basis: str,
    assessment: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("reply", petition, by=by, at=at, seen=seen) as this:
        lead = this.lead()
        this.change(lead, replied_at=this.at, handled_by=by, result=result, basis=basis, assessment=assessment)
        this.note = result
        this.detail["assessment"] = assessment
        this.tell(HEADS, "办理结果待审核")


def approve(
    petition: Petition, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with step("approve", petition, by=by, at=at, seen=seen) as this:
        this.change(this.lead(), approved_at=this.at, approved_by=by)
        this.note = note
        this.tell(REVIEWERS, "办理结果待中心审核")


def send_back(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with step("send_back", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.tell(HANDLERS, "办理结果被退回修改", Notice.Weight.WARNING)


def pass_review(
    petition: Petition,
    *,
    by: User,
    note: str = "",
    excuse: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """`excuse`: why photos that look like those from before are accepted all the same."""
    with step("pass_review", petition, by=by, at=at, seen=seen) as this:
        if (why := photos.too_alike(petition)) and not excuse:
            raise NotNow(f"{why}请退回补正；确认无误的，写明认可的理由。")
        for photo in ledger.current().photos_in_doubt(petition):
            this.change(photo, excused_by=by, excuse=excuse)
        this.note = "；".join(words for words in (note, excuse and f"认可照片：{excuse}") if words)


def correct(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    """The centre's review is not held against the unit: its promise goes on where it stopped."""
    with step("correct", petition, by=by, at=at, seen=seen) as this:
        stopped = ledger.current().last_clock(petition, Promise.RESOLVE)
        if stopped is not None and stopped.stopped_at is not None:
            this.go_on(
                Interval(
                    petition=petition,
                    kind=Interval.Kind.REVIEW,
                    stopped=stopped,
                    from_at=stopped.stopped_at,
                    until_at=this.at,
                    reason="中心审核占用，不计入单位时长",
                    asked_at=stopped.stopped_at,
                    approved_by=by,
                    approved_at=this.at,
                )
            )
        this.note = note
        this.tell(HANDLERS, "中心退回补正", Notice.Weight.WARNING)
        this.tell(HEADS, "中心退回补正", Notice.Weight.WARNING)
