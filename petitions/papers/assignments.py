"""Tasks: given with a date, reported on by the unit that leads, accepted by who gave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Notice, Unit, User
from petitions import promises, terms
from petitions.models import Decision, Effect, Instruction, Report, Task
from petitions.papers import seats
from petitions.papers.step import PaperStep, paper_step, record, tell
from petitions.promises import Tick

# A task is warned of and turns red like every promise; what follows from a red one is a person's decision.
RINGS = (Effect.YELLOW_CARD, Effect.RED_CARD)


@dataclass(frozen=True, slots=True)
class Charge:
    """Who is to do what, by when, and how one will know that it is done."""

    unit: Unit
    due_at: datetime
    content: str
    standard: str = ""
    assisting: Sequence[Unit] = ()

    def said(self) -> str:
        return f"（{self.unit}牵头，{timezone.localtime(self.due_at):%Y-%m-%d %H:%M} 前）"


def give(
    charge: Charge,
    *,
    by: User,
    at: datetime,
    decision: Decision | None = None,
    instruction: Instruction | None = None,
) -> Task:
    ladder = ticks(at, charge.due_at)
    task = Task.objects.create(
        decision=decision,
        instruction=instruction,
        unit=charge.unit,
        content=charge.content,
        standard=charge.standard,
        assigned_at=at,
        assigned_by=by,
        due_at=charge.due_at,
        ticks=[tick.at for tick in ladder],
        effects=[tick.effect for tick in ladder],
        next_tick_at=ladder[0].at,
    )
    task.assisting.set(unit for unit in charge.assisting if unit.pk != charge.unit.pk)
    record(task, "give", by=by, at=at, note=charge.said())
    tell(task, seats.people_of(charge.unit.pk), "give", f"新的交办事项：{task}", at=at, body=charge.said())
    for unit in charge.assisting:
        tell(task, seats.people_of(unit.pk), "assist", f"请配合办理：{task}", at=at, body=charge.said())
    return task


def ticks(at: datetime, due_at: datetime) -> list[Tick]:
    """The city's general ladder, as far as it concerns a task."""
    rungs = [rung for rung in terms.ladder("", "") if rung.effect in RINGS]
    return promises.ticks(at, due_at, rungs, terms.calendar())


def progress(task: Task, *, by: User, text: str, at: datetime | None = None, seen: int | None = None) -> None:
    with paper_step("progress", task, by=by, at=at, seen=seen) as this:
        _say(this, Report.Kind.PROGRESS, text)


def finish(task: Task, *, by: User, text: str, at: datetime | None = None, seen: int | None = None) -> None:
    """The unit says it is done; the clock stops when that is accepted, and counts until now."""
    with paper_step("finish", task, by=by, at=at, seen=seen) as this:
        this.change(done_at=this.at, next_tick_at=None)
        _say(this, Report.Kind.FINISHED, text)
        this.tell(seats.acceptors(task), f"交办事项待验收：{task}", text)


def accept(task: Task, *, by: User, text: str = "", at: datetime | None = None, seen: int | None = None) -> None:
    with paper_step("accept", task, by=by, at=at, seen=seen) as this:
        this.change(accepted_by=by)
        _say(this, Report.Kind.ACCEPTED, text)
        this.tell(seats.people_of(task.unit_id), f"验收通过：{task}", text)
        if task.instruction:
            title = f"批示事项已办结，请阅办结报告：{task.instruction.briefing.number}"
            tell(task.instruction.briefing, [task.instruction.leader], f"final:{task.pk}", title, at=this.at)


def return_(task: Task, *, by: User, text: str, at: datetime | None = None, seen: int | None = None) -> None:
    """Not good enough: the same date goes on, and what has rung does not ring again."""
    with paper_step("return", task, by=by, at=at, seen=seen) as this:
        following = task.ticks[task.rung] if task.rung < len(task.ticks) else None
        this.change(done_at=None, next_tick_at=following)
        _say(this, Report.Kind.RETURNED, text)
        this.tell(seats.people_of(task.unit_id), f"退回补办：{task}", text, Notice.Weight.WARNING)


def _say(this: PaperStep, kind: Report.Kind, text: str) -> None:
    assert isinstance(this.paper, Task)
    Report.objects.create(task=this.paper, kind=kind, at=this.at, by=this.by, text=text)
    this.note = text
