"""A clock is a row with one indexed instant: the next time it rings."""

from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from petitions.models.petition import Petition
from petitions.models.terms import Effect, Promise, PromiseClass
from petitions.promises import Length

if TYPE_CHECKING:
    from datetime import datetime


# What stays as it was promised; more time is an Interval, and another clock after it.
PROMISED = ("petition", "promise", "unit", "amount", "span", "started_at", "after")


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        return self.filter(stopped_at=None)

    def standing(self) -> "ClockQuerySet":
        """Without those whose promise goes on after an interval, or will: of each promise the one that counts."""
        return self.filter(interruption=None)

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
    after = models.ForeignKey(
        "petitions.Interval",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued",
        verbose_name="接续于",
        db_index=False,
        help_text="期限变动之后接着走的时钟",
    )
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
            models.UniqueConstraint(
                fields=["after"], name="one_clock_goes_on_after_an_interval", condition=Q(after__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_tick_at", "id"], name="clock_rings_next", condition=Q(next_tick_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="clock_due_next", condition=Q(stopped_at=None)),
            models.Index(
                fields=["due_at"], name="clock_judged", condition=Q(promise__in=["contact", "resolve", "assist_reply"])
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="promise_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*PROMISED),
            ),
            # A date that rests on holidays which nobody has published yet is worked out again when they are.
            pgtrigger.Protect(
                name="due_date_stands",
                operation=pgtrigger.UpdateOf("due_at"),
                condition=pgtrigger.Q(old__due_at__df=pgtrigger.F("new__due_at"), old__provisional=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_promise_display()} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def length(self) -> Length:
        return Length(self.amount, self.span)

    @property
    def kept_in_time(self) -> bool:
        return self.stopped_at is not None and self.stopped_at <= self.due_at
