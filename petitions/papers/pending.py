"""What a briefing still waits for: sent to a unit, done, and the report read by the leader; in that order."""

from django.db.models import QuerySet

from petitions.models import Instruction, Task


def unassigned() -> QuerySet[Instruction]:
    return Instruction.objects.exclude(kind=Instruction.Kind.SEEN).filter(task__isnull=True)


def unfinished() -> QuerySet[Instruction]:
    return Instruction.objects.filter(task__isnull=False).exclude(task__state=Task.State.DONE)


def unread() -> QuerySet[Instruction]:
    return Instruction.objects.filter(task__state=Task.State.DONE, final_read_at=None)
