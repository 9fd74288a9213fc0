"""Briefings: raised to a leader, read, instructed on, carried to a unit, and concluded by the leader's office."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.files import check, gone_if_undone
from accounts.masking import mask_numbers
from accounts.models import Notice, Unit, User
from accounts.notnow import NotNow
from petitions.models import Briefing, Instruction, Meeting, Petition, Series, Topic
from petitions.models.briefing import scan_name
from petitions.papers import digests, pending, seats
from petitions.papers.assignments import Charge, give
from petitions.papers.step import paper_step, record, tell


def of_topic(topic: Topic, *, proposal: str, by: User, at: datetime) -> Briefing:
    """To the principal leaders, after the meeting that could not solve it; the caller has checked that."""
    assert topic.meeting is not None
    return raise_(
        petition=topic.petition,
        topic=topic,
        reason=f"经{topic.meeting.get_kind_display()}（{topic.meeting.number}）研究仍未解决",
        digest=digests.of_topic(topic, at),
        proposal=proposal,
        duty=Briefing.Addressed.PRINCIPAL_LEADER,
        by=by,
        at=at,
    )


def raise_(
    *,
    petition: Petition | None,
    topic: Topic | None = None,
    reason: str,
    digest: str,
    proposal: str,
    duty: str,
    addressee: User | None = None,
    by: User,
    at: datetime,
) -> Briefing:
    """Number and store it, and tell the leader; in the transaction of what made it necessary."""
    briefing = Briefing.objects.create(
        number=Series.take(Briefing.PREFIX, timezone.localdate(at)),
        petition=petition,
        topic=topic,
        reason=reason,
        digest=digest,
        proposal=proposal,
        duty=duty,
        addressee=addressee,
        raised_at=at,
        raised_by=by,
        state=Briefing.State.WAITING,
        version=1,
    )
    record(briefing, "raise", by=by, at=at, note=briefing.reason)
    tell(
        briefing,
        seats.addressees(briefing),
        "raise",
        f"呈阅件待批示：{briefing.number}",
        at=at,
        body=mask_numbers(petition.title) if petition else reason,
        weight=Notice.Weight.URGENT,
    )
    return briefing


def why_not_to(petition: Petition, duty: str) -> str:
    """One at a time to each, and to the top only what a joint meeting has heard: no step is skipped."""
    unanswered = petition.briefings.filter(duty=duty, state__in=(Briefing.State.WAITING, Briefing.State.READ)).first()
    if unanswered:
        return f"{unanswered.number} 还在等{unanswered.get_duty_display()}批示，批示以后再呈。"
    heard = petition.topics.filter(
        level=Meeting.Kind.JOINT, state__in=(Topic.State.DECIDED, Topic.State.UNSOLVED)
    ).exists()
    if duty == Briefing.Addressed.PRINCIPAL_LEADER and not heard:
        return "还没有经联席会议研究，不能越级呈报主要领导；请先“提请会议研究”，或呈报分管领导。"
    return ""


def read(briefing: Briefing, *, by: User, at: datetime) -> None:
    """The receipt: the first time that a leader it is for opens it."""
    if briefing.state != Briefing.State.WAITING or not seats.addressee(by, briefing):
        return
    with transaction.atomic():
        briefing.refresh_from_db(from_queryset=Briefing.objects.select_for_update(no_key=True))
        if briefing.state != Briefing.State.WAITING:
            return
        briefing.state, briefing.read_at, briefing.read_by = Briefing.State.READ, at, by
        briefing.save(update_fields=["state", "read_at", "read_by"])
        record(briefing, "read", by=by, at=at)


def instruct(
    briefing: Briefing,
    *,
    by: User,
    kind: str,
    text: str = "",
    leader: User | None = None,
    due_at: datetime | None = None,
    named_unit: Unit | None = None,
    scan: UploadedFile | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> Instruction:
    """The leader's own words; or, from paper, written down by the leader's office with the scan of it."""
    with gone_if_undone() as written, paper_step("instruct", briefing, by=by, at=at, seen=seen) as this:
        leader = by if seats.addressee(by, briefing) else leader
        if leader is None or not seats.addressee(leader, briefing):
            raise PermissionDenied
        instruction = Instruction(
            briefing=briefing,
            leader=leader,
            recorded_by=by,
            at=this.at,
            kind=kind,
            text=text,
            due_at=due_at,
            named_unit=named_unit,
        )
        if scan:
            instruction.scan_type = check(scan).content_type
            instruction.scan = scan_name(instruction, scan.name or "")
            written.append(instruction.scan)
            instruction.scan.storage.save(str(instruction.scan.name), scan)
        instruction.save(force_insert=True)
        if briefing.read_at is None:
            this.change(read_at=this.at, read_by=leader)
        # The words stand in the instruction alone: the record of the petition is read by many.
        this.note = Instruction.Kind(kind).label
        this.on_petition(briefing.petition, "instruct", f"{briefing.number} {Instruction.Kind(kind).label}")
        if kind != Instruction.Kind.SEEN:
            this.tell(seats.offices(), f"领导已批示，请转办：{briefing.number}", weight=Notice.Weight.WARNING)
        return instruction


def assign(
    briefing: Briefing,
    *,
    by: User,
    instruction: Instruction,
    charge: Charge,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with paper_step("assign", briefing, by=by, at=at, seen=seen) as this:
        if hasattr(instruction, "task"):
            raise NotNow("这条批示已经转办。")
        give(charge, instruction=instruction, by=by, at=this.at)
        this.note = str(charge.unit)
        this.on_petition(briefing.petition, "assign", f"{briefing.number} {charge.said()}")


def read_final(briefing: Briefing, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with paper_step("read_final", briefing, by=by, at=at, seen=seen) as this:
        for instruction in pending.unread().filter(briefing=briefing):
            instruction.final_read_at = this.at
            instruction.save(update_fields=["final_read_at"])
        this.tell(seats.offices(), f"领导已阅办结报告：{briefing.number}")


def conclude(
    briefing: Briefing, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("conclude", briefing, by=by, at=at, seen=seen) as this:
        this.change(concluded_at=this.at, concluded_by=by)
        this.note = note
        this.on_petition(briefing.petition, "conclude_briefing", briefing.number)
