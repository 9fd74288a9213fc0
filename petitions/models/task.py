"""A task with a date: what a meeting decided or a leader wrote, in the hands of one unit; and what it reports.

Its clock is the pair (`due_at`, `next_tick_at`), wound from the city's ladder by the same arithmetic as a petition's.
"""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.scope import holds, units_of
from petitions.models.briefing import Briefing, Instruction
from petitions.models.meeting import IN_A_UNIT, SEE_EVERY_MEETING, Decision


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> "TaskQuerySet":
        """A unit its own and those it assists; others what meetings and briefings show them."""
        seen = Q(pk__in=Task.objects.of_units(units_of(user, *IN_A_UNIT)).values("pk"))
        if holds(user, *SEE_EVERY_MEETING):
            seen |= Q(decision__isnull=False)
        return self.filter(seen | Q(instruction__briefing__in=Briefing.objects.visible_to(user)))

    def of_units(self, units: list[int]) -> "TaskQuerySet":
        return self.filter(
            Q(unit__in=units) | Q(pk__in=Task.assisting.through.objects.filter(unit__in=units).values("task"))
        )

    def open(self) -> "TaskQuerySet":
        return self.exclude(state=Task.State.DONE)

    def ringing(self, at: datetime) -> "TaskQuerySet":
        return self.filter(next_tick_at__lte=at)


class Task(models.Model):
    class State(models.TextChoices):
        NOT_STARTED = "not_started", "未开始"
        IN_PROGRESS = "in_progress", "推进中"
        REPORTED = "reported", "已报完成，待验收"
        DONE = "done", "已完成"

    decision = models.OneToOneField(
        Decision, models.CASCADE, null=True, blank=True, related_name="task", verbose_name="议定事项"
    )
    instruction = models.OneToOneField(
        Instruction, models.CASCADE, null=True, blank=True, related_name="task", verbose_name="领导批示"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name="牵头单位")
    assisting = models.ManyToManyField(Unit, related_name="assisted_tasks", blank=True, verbose_name="配合单位")
    content = models.TextField("任务")
    standard = models.CharField("验收标准", max_length=200, blank=True)
    assigned_at = models.DateTimeField("交办时间")
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="交办人")
    due_at = models.DateTimeField("完成时限")
    ticks = ArrayField(models.DateTimeField(), verbose_name="响铃时刻", default=list)
    effects = ArrayField(models.CharField(max_length=20), verbose_name="响铃动作", default=list)
    rung = models.PositiveSmallIntegerField("已响几次", default=0)
    next_tick_at = models.DateTimeField("下次响铃", null=True, blank=True)
    fault = models.CharField("故障", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.NOT_STARTED)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="验收人"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "交办事项"
        verbose_name_plural = "交办事项"
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                name="task_has_one_origin",
                condition=Q(decision__isnull=False, instruction=None) | Q(decision=None, instruction__isnull=False),
            ),
            models.CheckConstraint(
                name="finished_task_does_not_ring", condition=~Q(state="done") | Q(next_tick_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["next_tick_at"], name="task_rings_next", condition=Q(next_tick_at__isnull=False)),
            models.Index(fields=["unit", "due_at"], name="task_of_unit", condition=~Q(state="done")),
        ]

    def __str__(self) -> str:
        return self.content[:40]

    def is_overdue(self, at: datetime) -> bool:
        return self.due_at < (self.done_at or at)


class Report(models.Model):
    """What the unit said about its task, and what was answered; the last word is an acceptance."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", "阶段报告"
        FINISHED = "finished", "办结报告"
        RETURNED = "returned", "退回补办"
        ACCEPTED = "accepted", "验收通过"

    task = models.ForeignKey(Task, models.CASCADE, related_name="reports", verbose_name="交办事项")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="报告人")
    text = models.TextField("内容")

    class Meta:
        verbose_name = "进展报告"
        verbose_name_plural = "进展报告"
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.task_id} {self.get_kind_display()}"
