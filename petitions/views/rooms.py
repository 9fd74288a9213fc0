"""What the pages of a meeting, a briefing, a task show around their paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from petitions.forms import briefings as briefing_forms
from petitions.forms import meetings as meeting_forms
from petitions.forms import notices as notice_forms
from petitions.forms.papers import PaperForm
from petitions.models import Briefing, Instruction, Meeting, PaperEvent, Phrase, SupervisionNotice, Task
from petitions.papers import letters
from petitions.papers.rules import RULES, SENTENCES, Paper
from petitions.papers.step import available
from petitions.timeleft import TimeLeft, left_of


@dataclass(frozen=True, slots=True)
class Room:
    model: Any
    related: tuple[str, ...]
    template: str
    forms: dict[str, type[PaperForm]]
    around: Callable[[Any, User, datetime], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Timed:
    task: Task
    left: TimeLeft | None


def surroundings(paper: Paper, user: User, at: datetime) -> dict[str, Any]:
    """Actions with what hinders them, and what has happened, newest first."""
    rules = RULES[type(paper)]
    actions = [
        {"name": name, "label": rules[name].label, "why": why} for name, why in available(paper, user, at).items()
    ]
    return {
        "actions": sorted(actions, key=lambda action: bool(action["why"])),
        "record": [
            (event, _sentence(paper, event)) for event in paper.events.select_related("by").order_by("-at", "-id")
        ],
    }


def _sentence(paper: Paper, event: PaperEvent) -> str:
    rule = RULES[type(paper)].get(event.action)
    return rule.sentence if rule else SENTENCES[event.action]


def of_meeting(meeting: Meeting, user: User, at: datetime) -> dict[str, Any]:
    decisions = meeting.decisions.select_related("topic__petition", "task__unit").prefetch_related("task__assisting")
    return {
        "topics": list(meeting.topics.select_related("petition", "petition__unit").prefetch_related("briefings")),
        "attendances": list(meeting.attendances.select_related("unit")),
        "decisions": [(decision, timed(getattr(decision, "task", None), at)) for decision in decisions],
    }


def of_briefing(briefing: Briefing, user: User, at: datetime) -> dict[str, Any]:
    visible = Instruction.objects.visible_to(user).filter(briefing=briefing)
    related = ("leader", "recorded_by", "named_unit", "task__unit")
    instructions = visible.select_related(*related).prefetch_related("task__reports__by")
    answers = [action for action in available(briefing, user, at) if action == "instruct"]
    return {
        "instructions": [(one, timed(getattr(one, "task", None), at)) for one in instructions],
        "phrases": list(Phrase.objects.filter(active=True)) if answers and briefing.raised_for(user) else [],
    }


def of_task(task: Task, user: User, at: datetime) -> dict[str, Any]:
    return {
        "left": left_of(task, at),
        "reports": list(task.reports.select_related("by")),
        "assisting": list(task.assisting.all()),
        "source": task.decision.meeting if task.decision else task.instruction.briefing if task.instruction else None,
    }


def of_notice(notice: SupervisionNotice, user: User, at: datetime) -> dict[str, Any]:
    others = SupervisionNotice.objects.visible_to(user).filter(petition=notice.petition).exclude(pk=notice.pk)
    return {
        "sheet": letters.of(notice),
        "further": list(notice.further.all()),
        "others": list(others.exclude(number=None).order_by("issued_at")),
        "late": notice.due_at is not None and notice.due_at < at,
        "sees_briefing": notice.briefing in Briefing.objects.visible_to(user).filter(petition=notice.petition),
    }


def timed(task: Task | None, at: datetime) -> Timed | None:
    return Timed(task, left_of(task, at)) if task else None


ROOMS: dict[str, Room] = {
    "meetings": Room(
        Meeting, ("convener", "created_by", "minuted_by"), "papers/meeting.html", meeting_forms.FORMS, of_meeting
    ),
    "briefings": Room(
        Briefing,
        ("petition", "topic__meeting", "addressee", "raised_by", "read_by", "concluded_by"),
        "papers/briefing.html",
        briefing_forms.FORMS,
        of_briefing,
    ),
    "tasks": Room(
        Task,
        (
            *("unit", "assigned_by", "accepted_by", "decision__meeting", "decision__topic__petition"),
            "instruction__briefing__petition",
        ),
        "papers/task.html",
        briefing_forms.OF_TASKS,
        of_task,
    ),
    "supervision": Room(
        SupervisionNotice,
        (
            *("unit", "petition", "clock", "authorisation", "signer", "drafted_by", "reviewed_by", "signed_by"),
            *("fed_back_by", "verified_by", "cleared_by", "briefing", "topic"),
        ),
        "papers/notice.html",
        notice_forms.FORMS,
        of_notice,
    ),
}
