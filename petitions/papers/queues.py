"""Named lists of papers: the list page filters by one, the desk counts those that are this person's work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from grids.models import Duty
from grids.scope import duties_of, units_of
from petitions.models import Attendance, Briefing, Meeting, SupervisionNotice, Task, Topic
from petitions.models.briefing import to_leader
from petitions.models.meeting import IN_A_UNIT, SECRETARIES
from petitions.models.petition import OF_A_UNIT
from petitions.papers import pending

D = Duty
LEADERS = (D.LEADER, D.PRINCIPAL_LEADER)


@dataclass(frozen=True, slots=True)
class PaperQueue:
    name: str
    label: str
    where: Callable[[User, datetime], Q]
    duties: tuple[str, ...] = ()  # whose work it is, on the desk


def _of_briefing(instructions: QuerySet[Any]) -> Exists:
    return Exists(instructions.filter(briefing=OuterRef("pk")))


def _to_conclude(user: User, at: datetime) -> Q:
    pieces = (pending.unassigned(), pending.unfinished(), pending.unread())
    waits = Q()
    for piece in pieces:
        waits |= Q(_of_briefing(piece))
    return Q(state=Briefing.State.INSTRUCTED) & ~waits


def _mine(user: User, at: datetime) -> Q:
    return ~Q(state=Task.State.DONE) & Q(unit__in=units_of(user, *IN_A_UNIT))


def _assisted(user: User, at: datetime) -> Q:
    units = units_of(user, *IN_A_UNIT)
    return ~Q(state=Task.State.DONE) & Q(pk__in=Task.assisting.through.objects.filter(unit__in=units).values("task"))


def _to_accept(user: User, at: datetime) -> Q:
    who = Q(decision__meeting__convener=user)
    if Duty.LEADERS_OFFICE in duties_of(user):
        who |= Q(instruction__isnull=False)
    return Q(state=Task.State.REPORTED) & who


def _asked(user: User, at: datetime) -> Q:
    units = units_of(user, *IN_A_UNIT)
    asked = Attendance.objects.filter(meeting=OuterRef("pk"), unit__in=units, signed_in_at=None)
    return Q(state__in=(Meeting.State.PLANNED, Meeting.State.OPENED)) & Q(Exists(asked))


def _late(user: User, at: datetime) -> Q:
    return ~Q(state=Task.State.DONE) & Q(due_at__lt=at, done_at=None)


def _soon(user: User, at: datetime) -> Q:
    return ~Q(state=Task.State.DONE) & Q(due_at__gte=at, due_at__lt=at + timedelta(days=1), done_at=None)


def _unanswered(user: User, at: datetime) -> Q:
    unsigned = Q(state__in=("issued", "delivered"), sign_by__lt=at)
    return unsigned | Q(state="signed", feed_back_by__lt=at)


def _review_due(user: User, at: datetime) -> Q:
    return Q(state=Meeting.State.MINUTED, next_review_on__lte=timezone.localdate(at))


UNITS = (*OF_A_UNIT, D.STREET_OFFICER)

BRIEFINGS = (
    PaperQueue(
        "to_read",
        "待阅批的呈阅件",
        lambda user, at: Q(state__in=("waiting", "read")) & to_leader(user),
        LEADERS,
    ),
    PaperQueue(
        "to_read_final", "待阅的办结报告", lambda user, at: Q(_of_briefing(pending.unread())) & to_leader(user), LEADERS
    ),
    PaperQueue(
        "to_assign",
        "待转办的批示",
        lambda user, at: Q(state="instructed") & Q(_of_briefing(pending.unassigned())),
        (D.LEADERS_OFFICE,),
    ),
    PaperQueue("to_conclude", "可办结的呈阅件", _to_conclude, (D.LEADERS_OFFICE,)),
    PaperQueue("open", "未办结", lambda user, at: ~Q(state="concluded")),
    PaperQueue("concluded", "已办结", lambda user, at: Q(state="concluded")),
)
TASKS = (
    PaperQueue("mine", "本单位牵头", _mine, UNITS),
    PaperQueue("assisted", "本单位配合", _assisted, UNITS),
    PaperQueue("to_accept", "待我验收", _to_accept, (*LEADERS, D.LEADERS_OFFICE)),
    PaperQueue("overdue", "已逾期", _late, (*SECRETARIES, *LEADERS, D.LEADERS_OFFICE, D.HEAD)),
    PaperQueue("due_soon", "24 小时内到期", _soon),
    PaperQueue("open", "未完成", lambda user, at: ~Q(state="done")),
    PaperQueue("done", "已完成", lambda user, at: Q(state="done")),
)
MEETINGS = (
    PaperQueue("asked", "待参加的会议", _asked, UNITS),
    PaperQueue("coming", "筹备和进行中", lambda user, at: Q(state__in=("planned", "opened")), (*SECRETARIES, *LEADERS)),
    PaperQueue("review_due", "到期复盘", _review_due, (*SECRETARIES, *LEADERS)),
    PaperQueue("joint", "联席会议", lambda user, at: Q(kind=Meeting.Kind.JOINT)),
    PaperQueue("leading_group", "领导小组会议", lambda user, at: Q(kind=Meeting.Kind.LEADING_GROUP)),
)
TOPICS = (
    PaperQueue(
        "joint",
        "待上联席会议的议题",
        lambda user, at: Q(state="waiting", level=Meeting.Kind.JOINT),
        (*SECRETARIES, D.LEADER),
    ),
    PaperQueue(
        "leading_group",
        "待上领导小组的议题",
        lambda user, at: Q(state="waiting", level=Meeting.Kind.LEADING_GROUP),
        (D.PRINCIPAL_LEADER, D.LEADERS_OFFICE),
    ),
)
NOTICES = (
    PaperQueue("to_draft", "待审核的督办文稿", lambda user, at: Q(state="draft"), (D.REVIEWER,)),
    PaperQueue("to_issue", "待签发的督办通知单", lambda user, at: Q(state="reviewed"), (D.CENTRE_DIRECTOR,)),
    PaperQueue("to_deliver", "待送达的督办通知单", lambda user, at: Q(state="issued"), (D.REVIEWER,)),
    PaperQueue("to_sign", "待签收的督办通知单", lambda user, at: Q(state__in=("issued", "delivered")), (D.HEAD,)),
    PaperQueue("to_feed_back", "待反馈的督办通知单", lambda user, at: Q(state="signed"), (D.HEAD,)),
    PaperQueue("to_verify", "待核查的督办反馈", lambda user, at: Q(state="fed_back"), (D.REVIEWER,)),
    PaperQueue("to_clear", "待销号", lambda user, at: Q(state="verified"), (D.REVIEWER,)),
    PaperQueue("overdue", "逾期未签收、未反馈", _unanswered, (D.REVIEWER, D.CENTRE_DIRECTOR, D.HEAD)),
    PaperQueue("second", "二次、三次督办", lambda user, at: Q(time__gte=2)),
    PaperQueue("cleared", "已销号", lambda user, at: Q(state="cleared")),
    PaperQueue("escalated", "已升级", lambda user, at: Q(state="escalated")),
)

# Kind of paper → its named lists, what its rows need, the oldest first where somebody waits.
KINDS: dict[str, tuple[Any, tuple[PaperQueue, ...], tuple[str, ...], str]] = {
    "briefings": (Briefing, BRIEFINGS, ("petition",), "raised_at"),
    "supervision": (SupervisionNotice, NOTICES, ("unit", "petition"), "drafted_at"),
    "tasks": (Task, TASKS, ("unit", "decision__meeting", "instruction__briefing"), "due_at"),
    "meetings": (Meeting, MEETINGS, ("convener",), "held_at"),
    "topics": (Topic, TOPICS, ("petition", "raised_by"), "raised_at"),
}
TITLES = {
    "meetings": "会议与议定",
    "briefings": "呈阅与批示",
    "tasks": "交办事项",
    "topics": "待上会议题",
    "supervision": "督办通知单",
}


def narrowed(
    kind: str, facet: str, user: User, at: datetime
) -> tuple[list[PaperQueue], PaperQueue | None, QuerySet[Any]]:
    """The lists that she has of this kind, the one that was asked for, and its papers."""
    model, queues, related, order = KINDS[kind]
    held = duties_of(user)
    hers = [queue for queue in queues if not queue.duties or held & set(queue.duties)]
    chosen = next((queue for queue in hers if queue.name == facet), None)
    papers = model.objects.visible_to(user).select_related(*related)
    return hers, chosen, papers.filter(chosen.where(user, at)).order_by(order, "pk") if chosen else papers
