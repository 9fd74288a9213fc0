"""A clock is a row with one indexed instant: the next time it rings."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from petitions.models.petition import Petition
from petitions.models.terms import Effect, Promise, PromiseClass
from petitions.promises import Length

if TYPE_CHECKING:
    from datetime import datetime


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        return self.filter(stopped_at=None)

    def ringing(self, at: "datetime") -> "ClockQuerySet":
        return self.filter(next_tick_at__lte=at)

    def overdue(self, at: "datetime") -> "ClockQuerySet":
        return self.running().filter(due_at__lt=at)


class Clock(models.Model):
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="clocks", verbose_name="诉求")
    promise = models.CharField("承诺", max_length=12, choices=Promise)
    promise_class = models.CharField("类别", max_length=14, choices=PromiseClass)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="clocks", verbose_name="责任单位"
    )
    amount = models.PositiveIntegerField("时长")
    span = models.CharField("单位", max_length=14)
    started_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("到期")
    provisional = models.BooleanField("暂定", default=False)
    # Fixed when the promise is made: the instants at which the ladder rings, and what each does.
    ticks = ArrayField(models.DateTimeField(), verbose_name="响铃时刻", default=list)
    effects = ArrayField(models.CharField(max_length=16, choices=Effect), verbose_name="响铃动作", default=list)
    rung = models.PositiveSmallIntegerField("已响几次", default=0)
    next_tick_at = models.DateTimeField("下次响铃", null=True, blank=True)
    stopped_at = models.DateTimeField("停止", null=True, blank=True)
    fault = models.CharField("故障", max_length=200, blank=True, help_text="响铃时出错而被搁置的原因")

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = "时钟"
        verbose_name_plural = "时钟"
        ordering = ("petition", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "promise", "unit"],
                name="one_running_clock_per_promise",
                condition=Q(stopped_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="stopped_clock_does_not_ring", condition=Q(stopped_at=None) | Q(next_tick_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_tick_at", "id"], name="clock_rings_next", condition=Q(next_tick_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="clock_due_next", condition=Q(stopped_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_promise_display()} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def length(self) -> Length:
        return Length(self.amount, self.span)

    @property
    def kept_in_time(self) -> bool:
        return self.stopped_at is not None and self.stopped_at <= self.due_at
