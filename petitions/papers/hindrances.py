"""What stands in the way of an action on a paper: one sentence for the button, the API and the guard."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from petitions.models import Briefing, Meeting, SupervisionNotice, Topic
from petitions.papers import pending, unsolved
from petitions.papers.rules import Paper

Question = Callable[[Any, datetime], str]


def hindrance(action: str, paper: Paper, at: datetime) -> str:
    question = _QUESTIONS.get((type(paper), action))
    return question(paper, at) if question else ""


def _no_agenda(meeting: Meeting, at: datetime) -> str:
    return "" if meeting.topics.exists() else "议程还是空的，请先列入议题。"


def _nothing_waits(meeting: Meeting, at: datetime) -> str:
    waits = Topic.objects.waiting().filter(level=meeting.kind).exists() or meeting.topics.exists()
    return "" if waits else "没有待上会的议题。"


def _nothing_on_the_table(meeting: Meeting, at: datetime) -> str:
    return "" if meeting.topics.filter(state=Topic.State.ON_AGENDA).exists() else "议程上的议题都已有结论。"


def _nobody_there(meeting: Meeting, at: datetime) -> str:
    if not meeting.attendances.filter(signed_in_at__isnull=False).exists():
        return "还没有单位签到，请先登记签到。"
    return "" if meeting.decisions.exists() or _unsolved(meeting) else "还没有议定事项，没有可以印发的内容。"


def _unsolved(meeting: Meeting) -> bool:
    return meeting.topics.filter(state=Topic.State.UNSOLVED).exists()


def _everything_kept(meeting: Meeting, at: datetime) -> str:
    if meeting.kind != Meeting.Kind.JOINT:
        return "领导小组会议由主要领导召集，不再上报。"
    return "" if unsolved.of(meeting, at).exists() else "议定事项都在时限内，没有需要上报的议题。"


def _nothing_to_rule(meeting: Meeting, at: datetime) -> str:
    decided = meeting.topics.filter(state=Topic.State.DECIDED, petition__isnull=False)
    return "" if decided.exists() else "还没有由诉求提请、已经议定的议题。"


def _all_signed_in(meeting: Meeting, at: datetime) -> str:
    return "" if meeting.attendances.filter(signed_in_at=None).exists() else "通知到的单位都已签到。"


def _nothing_to_assign(briefing: Briefing, at: datetime) -> str:
    return "" if pending.unassigned().filter(briefing=briefing).exists() else "没有待转办的批示。"


def _nothing_to_read(briefing: Briefing, at: datetime) -> str:
    return "" if pending.unread().filter(briefing=briefing).exists() else "还没有待阅的办结报告。"


def _not_finished(briefing: Briefing, at: datetime) -> str:
    """Only what was asked for and done, and whose report the leader has read, is concluded."""
    if pending.unassigned().filter(briefing=briefing).exists():
        return "还有批示没有转办。"
    if pending.unfinished().filter(briefing=briefing).exists():
        return "还有批示事项没有办完。"
    return "领导还没有阅办结报告。" if pending.unread().filter(briefing=briefing).exists() else ""


def _untrue(notice: SupervisionNotice, at: datetime) -> str:
    untrue = notice.finding == SupervisionNotice.Finding.FALSE
    return "核查结论是不实，不能销号，请退回重新反馈或升级督办。" if untrue else ""


_QUESTIONS: dict[tuple[type, str], Question] = {
    (Meeting, "set_agenda"): _nothing_waits,
    (Meeting, "sign_in"): _all_signed_in,
    (Meeting, "open"): _no_agenda,
    (Meeting, "leave_unsolved"): _nothing_on_the_table,
    (Meeting, "issue"): _nobody_there,
    (Meeting, "report_up"): _everything_kept,
    (Meeting, "enter_ruling"): _nothing_to_rule,
    (Briefing, "assign"): _nothing_to_assign,
    (Briefing, "read_final"): _nothing_to_read,
    (Briefing, "conclude"): _not_finished,
    (SupervisionNotice, "clear"): _untrue,
}
