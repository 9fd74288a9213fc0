"""The sweep of tasks: soon due, its unit is reminded; overdue, its head and who gave it are told.

Any number of sweeps may run at once, be killed, or come late; one task is one transaction, written at the tick's time.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError, OperationalError, transaction

from accounts import notices
from accounts.models import Notice
from grids.models import CITY_CODE, Duty
from grids.scope import holders
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
            _set_aside(pk, str(error) or type(error).__name__, at)
    return rung


def _set_aside(pk: int, why: str, at: datetime) -> None:
    with transaction.atomic():
        Task.objects.filter(pk=pk).update(next_tick_at=None, fault=why.splitlines()[0][:200])
        notices.tell(
            holders(Duty.ADMINISTRATOR, place=CITY_CODE),
            key=f"task-fault:{pk}",
            title="一件交办事项的时钟出错，已搁置",
            body="修正后请在后台重新上弦。",
            path=f"/admin/petitions/task/{pk}/change/",
            weight=Notice.Weight.URGENT,
            at=at,
        )


def rewind(tasks: Iterable[Task]) -> int:
    """Set the clocks of tasks that were put aside going again, at the step where they stopped."""
    count = 0
    for task in tasks:
        if task.fault and task.done_at is None and task.rung < len(task.ticks):
            count += Task.objects.filter(pk=task.pk, done_at=None).update(next_tick_at=task.ticks[task.rung], fault="")
    return count


def _ring(pk: int, at: datetime) -> int:
    """All of its ticks that have come, each once."""
    rung = 0
    with transaction.atomic():
        locked = Task.objects.ringing(at).select_for_update(no_key=True, skip_locked=True, of=("self",))
        task = locked.select_related("unit").filter(pk=pk).first()
        while task is not None and task.next_tick_at is not None and task.next_tick_at <= at:
            _say(task, task.effects[task.rung], tick_at=task.next_tick_at, at=at)
            task.rung += 1
            task.next_tick_at = task.ticks[task.rung] if task.rung < len(task.ticks) else None
            task.save(update_fields=["rung", "next_tick_at"])
            rung += 1
    return rung


def _say(task: Task, effect: str, *, tick_at: datetime, at: datetime) -> None:
    record(task, effect, by=None, at=tick_at)
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
