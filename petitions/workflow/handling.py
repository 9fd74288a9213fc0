"""The unit has it: it signs, contacts the caller, does the work and answers; the centre checks the answer."""

from datetime import datetime

from accounts.models import Notice, User
from petitions.models import Petition
from petitions.permissions import HANDLERS, HEADS, REVIEWERS
from petitions.step import step


def sign(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with step("sign", petition, by=by, at=at, seen=seen) as this:
        this.change(this.lead(), signed_at=this.at, signed_by=by)


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
    with step("contact", petition, by=by, at=at, seen=seen) as this:
        lead = this.lead()
        if lead.contacted_at is None:
            this.change(lead, contacted_at=this.at)
        this.change(lead, contact_manner=manner, contact_reached=reached, contact_note=note)
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
    petition: Petition, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with step("pass_review", petition, by=by, at=at, seen=seen) as this:
        this.note = note


def correct(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with step("correct", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.tell(HANDLERS, "中心退回补正", Notice.Weight.WARNING)
        this.tell(HEADS, "中心退回补正", Notice.Weight.WARNING)
