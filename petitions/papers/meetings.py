"""Meetings: called, held, minuted; what they decide becomes a task with a date, what they cannot goes up."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Notice, Unit, User
from accounts.notnow import NotNow
from grids.models import Place
from grids.scope import units_of
from petitions import workflow
from petitions.models import Attendance, Briefing, Decision, Meeting, Ruling, Series, Topic
from petitions.models.meeting import IN_A_UNIT
from petitions.papers import briefings, seats, unsolved
from petitions.papers.assignments import Charge, give
from petitions.papers.step import PaperStep, paper_step, record, tell


def convene(meeting: Meeting, *, by: User, at: datetime | None = None) -> Meeting:
    """Number and store a meeting that is being prepared."""
    at = at or timezone.now()
    if not seats.secretary(by, meeting):
        raise PermissionDenied
    with transaction.atomic():
        meeting.number = Series.take(Meeting.PREFIX[Meeting.Kind(meeting.kind)], timezone.localdate(at))
        meeting.created_at, meeting.created_by = at, by
        meeting.save(force_insert=True)
        record(meeting, "convene", by=by, at=at)
        when = f"{timezone.localtime(meeting.held_at):%m-%d %H:%M}，{meeting.venue}"
        tell(meeting, [meeting.convener], "convene", f"请您召集：{meeting.title}", at=at, body=when)
    return meeting


def arrange(
    meeting: Meeting,
    *,
    by: User,
    title: str,
    convener: User,
    held_at: datetime,
    venue: str,
    materials: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with paper_step("arrange", meeting, by=by, at=at, seen=seen) as this:
        moved = (held_at, venue) != (meeting.held_at, meeting.venue)
        this.change(title=title, convener=convener, held_at=held_at, venue=venue, materials=materials)
        if moved:
            this.note = f"改为 {timezone.localtime(held_at):%Y-%m-%d %H:%M}，{venue}"
            for attendance in meeting.attendances.all():
                this.tell(seats.people_of(attendance.unit_id), f"会议时间地点有变：{meeting.title}", this.note)


def set_agenda(
    meeting: Meeting, *, by: User, topics: Iterable[Topic], at: datetime | None = None, seen: int | None = None
) -> None:
    """The agenda in this order; what is no longer on it waits again."""
    with paper_step("set_agenda", meeting, by=by, at=at, seen=seen) as this:
        wanted = [topic.pk for topic in topics]
        locked = {t.pk: t for t in Topic.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")}
        for topic in locked.values():
            if topic.state == Topic.State.WITHDRAWN or topic.meeting_id not in (None, meeting.pk):
                raise NotNow(f"议题“{topic}”刚刚被列入另一场会议或已撤回，请重新排议程。")
        _off_the_agenda(this, meeting.topics.filter(state=Topic.State.ON_AGENDA).exclude(pk__in=wanted))
        for order, pk in enumerate(wanted, 1):
            topic = locked[pk]
            fresh, topic.order = topic.state == Topic.State.WAITING, order
            if fresh:
                topic.meeting, topic.state = meeting, Topic.State.ON_AGENDA
                this.on_petition(topic.petition, "set_agenda", f"{meeting.number} {meeting.title}")
            topic.save(update_fields=["meeting", "state", "order"])
        this.note = f"{len(wanted)} 个议题"


def _off_the_agenda(this: PaperStep, topics: Iterable[Topic]) -> None:
    for topic in list(topics):
        topic.meeting, topic.order, topic.state = None, None, Topic.State.WAITING
        topic.save(update_fields=["meeting", "order", "state"])
        this.on_petition(topic.petition, "off_agenda", f"{this.paper}")


def invite(
    meeting: Meeting, *, by: User, units: Iterable[Unit], at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("invite", meeting, by=by, at=at, seen=seen) as this:
        asked = set(meeting.attendances.values_list("unit", flat=True))
        fresh = {unit.pk: unit for unit in units if unit.pk not in asked}
        if not fresh:
            raise NotNow("这些单位都已经通知过了。")
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, unit=unit, invited_at=this.at) for unit in fresh.values()
        )
        this.note = "、".join(str(unit) for unit in fresh.values())
        when = f"{timezone.localtime(meeting.held_at):%m-%d %H:%M}，{meeting.venue}"
        for pk in fresh:
            this.tell(seats.people_of(pk), f"参会通知：{meeting.title}", when)


def sign_in(
    meeting: Meeting,
    *,
    by: User,
    unit: Unit,
    name: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Somebody of the unit signs for it, or the secretary writes down who came."""
    with paper_step("sign_in", meeting, by=by, at=at, seen=seen) as this:
        if not seats.secretary(by, meeting) and unit.pk not in units_of(by, *IN_A_UNIT):
            raise PermissionDenied
        attendance = meeting.attendances.select_for_update(no_key=True).get(unit=unit)
        if attendance.signed_in_at:
            raise NotNow(f"{unit}已由{attendance.name}签到。")
        attendance.name, attendance.person, attendance.signed_in_at = name or by.name, by, this.at
        attendance.save(update_fields=["name", "person", "signed_in_at"])
        this.note = str(attendance)


def open_(meeting: Meeting, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with paper_step("open", meeting, by=by, at=at, seen=seen) as this:
        this.change(opened_at=this.at)


def decide(
    meeting: Meeting,
    *,
    by: User,
    content: str,
    topic: Topic | None = None,
    charge: Charge | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> Decision:
    """A numbered decision; with a unit and a date it is a task at once."""
    with paper_step("decide", meeting, by=by, at=at, seen=seen) as this:
        if topic:
            _heard_here(topic, meeting)
        last = meeting.decisions.aggregate(last=Max("order"))["last"] or 0
        decision = Decision.objects.create(
            meeting=meeting, topic=topic, order=last + 1, content=content, decided_at=this.at, recorded_by=by
        )
        this.note = f"{decision.order}. {content}"
        if charge:
            give(charge, decision=decision, by=by, at=this.at)
        if topic:
            _conclude(topic, Topic.State.DECIDED)
            this.on_petition(topic.petition, "decide", f"{content}{charge.said() if charge else ''}")
        return decision


def leave_unsolved(
    meeting: Meeting, *, by: User, topic: Topic, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with paper_step("leave_unsolved", meeting, by=by, at=at, seen=seen) as this:
        _heard_here(topic, meeting)
        topic.result, this.note = note, f"{topic}：{note}"
        _conclude(topic, Topic.State.UNSOLVED)
        this.on_petition(topic.petition, "leave_unsolved", note)


def _heard_here(topic: Topic, meeting: Meeting) -> None:
    topic.refresh_from_db()
    if topic.meeting_id != meeting.pk or topic.state == Topic.State.UNSOLVED:
        raise NotNow(f"议题“{topic}”已不在这次会议的议程上，请看最新的情况再办。")


def _conclude(topic: Topic, state: Topic.State) -> None:
    topic.state = state
    topic.save(update_fields=["state", "result"])


def take_down(
    meeting: Meeting,
    *,
    by: User,
    minutes: str,
    dissent: str = "",
    next_review_on: date | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with paper_step("take_down", meeting, by=by, at=at, seen=seen) as this:
        this.change(minutes=minutes, dissent=dissent, next_review_on=next_review_on)


def issue(meeting: Meeting, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    """The minutes are out; what was not heard waits for the next meeting."""
    with paper_step("issue", meeting, by=by, at=at, seen=seen) as this:
        _off_the_agenda(this, meeting.topics.filter(state=Topic.State.ON_AGENDA))
        this.change(minuted_at=this.at, minuted_by=by)
        for attendance in meeting.attendances.all():
            this.tell(seats.people_of(attendance.unit_id), f"会议纪要已印发：{meeting.number}", meeting.title)


def enter_ruling(
    meeting: Meeting,
    *,
    by: User,
    topic: Topic,
    unit: Unit,
    place: Place,
    words: Iterable[str] = (),
    at: datetime | None = None,
    seen: int | None = None,
) -> Ruling:
    """Who answers for such a matter was decided here: the dispatch catalogue sends the next one there."""
    with paper_step("enter_ruling", meeting, by=by, at=at, seen=seen) as this:
        assert topic.petition is not None
        ruling = workflow.enter_ruling(
            item=topic.petition.item,
            place=place,
            words=words,
            unit=unit,
            basis=f"{meeting.number} {meeting.title}议定",
            petition=topic.petition,
            by=by,
            at=this.at,
        )
        this.note = str(ruling)
        return ruling


def review(
    meeting: Meeting,
    *,
    by: User,
    note: str,
    next_review_on: date | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with paper_step("review", meeting, by=by, at=at, seen=seen) as this:
        this.change(next_review_on=next_review_on)
        this.note = note


def report_up(
    meeting: Meeting,
    *,
    by: User,
    topic: Topic,
    proposal: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> Briefing:
    """What the joint meeting could not solve goes to the principal leaders: only after it, and once."""
    with paper_step("report_up", meeting, by=by, at=at, seen=seen) as this:
        if not unsolved.of(meeting, this.at).filter(pk=topic.pk).exists():
            raise NotNow("这个议题已经上报，或议定事项仍在时限内，不能越级上报。")
        briefing = briefings.of_topic(topic, proposal=proposal, by=by, at=this.at)
        this.note = f"{briefing.number} {topic}"
        this.on_petition(topic.petition, "report_up", briefing.number)
        return briefing


def cancel(meeting: Meeting, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with paper_step("cancel", meeting, by=by, at=at, seen=seen) as this:
        this.note = note
        _off_the_agenda(this, meeting.topics.filter(state=Topic.State.ON_AGENDA))
        for attendance in meeting.attendances.all():
            this.tell(seats.people_of(attendance.unit_id), f"会议已取消：{meeting.title}", note, Notice.Weight.WARNING)
