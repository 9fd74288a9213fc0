"""The sweep of tasks: soon due, its unit is reminded; overdue, its head and who gave it are told.

Any number of sweeps may run at once, be killed, or come late; one task is one transaction, written at the tick's time.
"""

import logging
from datetime import datetime

from django.db import DatabaseError, OperationalError, transaction

from accounts.models import Notice
from petitions.models import Effect, Task
from petitions.papers import seats
from petitions.papers.step import record, tell

log = logging.getLogger(__name__)

BATCH = 500


def ring_due(at: datetime) -> int:
    rung = 0
    for pk in list(Task.objects.ringing(at).order_by("next_tick_at").values_list("pk", flat=True)[:BATCH]):
        try:
            rung += _ring(pk, at)
        except OperationalError:
            raise  # nothing is wrong with the row: the next sweep goes on
        except (DatabaseError, LookupError) as error:
            log.exception("Task %s could not be rung and is set aside", pk)
            Task.objects.filter(pk=pk).update(next_tick_at=None, fault=str(error).splitlines()[0][:200])
    return rung


def _ring(pk: int, at: datetime) -> int:
    """All of its ticks that have come, each once."""
    rung = 0
    with transaction.atomic():
        locked = Task.objects.ringing(at).select_for_update(no_key=True, skip_locked=True, of=("self",))
        task = locked.select_related("unit").filter(pk=pk).first()
        while task is not None and task.next_tick_at is not None and task.next_tick_at <= at:
            _say(task, task.effects[task.rung], task.next_tick_at)
            task.rung += 1
            task.next_tick_at = task.ticks[task.rung] if task.rung < len(task.ticks) else None
            task.save(update_fields=["rung", "next_tick_at"])
            rung += 1
    return rung


def _say(task: Task, effect: str, at: datetime) -> None:
    record(task, effect, by=None, at=at)
    if effect == Effect.YELLOW_CARD:
        tell(
            task,
            seats.people_of(task.unit_id),
            effect,
            f"交办事项即将到期：{task}",
            at=at,
            weight=Notice.Weight.WARNING,
        )
        return
    told = [*seats.heads_of(task.unit_id), *seats.acceptors(task)]
    tell(
        task, told, effect, f"交办事项已逾期：{task}", at=at, body=f"牵头单位：{task.unit}", weight=Notice.Weight.URGENT
    )
