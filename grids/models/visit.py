"""How often each colour is visited, the promise that follows from it, and the visits that kept it."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models.dwelling import within
from grids.models.household import Colour, Household
from grids.models.record import APPEND_ONLY


class VisitRule(models.Model):
    class Unit(models.TextChoices):
        DAY = "day", "天"
        WEEK = "week", "周"
        MONTH = "month", "月"
        QUARTER = "quarter", "季度"
        YEAR = "year", "年"

    colour = models.CharField("走访分类", max_length=6, choices=Colour, primary_key=True)
    every = models.PositiveSmallIntegerField("每", default=1, validators=[MinValueValidator(1)])
    unit = models.CharField("周期", max_length=8, choices=Unit)
    manner = models.CharField("方式", max_length=60)
    who = models.CharField("哪些户", max_length=120)
    phone_percent = models.PositiveSmallIntegerField(
        "电话走访上限（%）", default=100, help_text="近一年走访中电话走访最多占几成；0 为必须上门"
    )
    self_confirmed = models.BooleanField("可自助确认", default=False)
    newcomer_days = models.PositiveSmallIntegerField("新迁入首访（天）", default=30)
    crisis_days = models.PositiveSmallIntegerField("重大变故几天内到户", default=1, validators=[MinValueValidator(1)])
    escalate_days = models.PositiveSmallIntegerField("逾期几天报社区书记", default=3)

    class Meta:
        verbose_name = "走访规则"
        verbose_name_plural = "走访规则"

    def __str__(self) -> str:
        return f"{self.get_colour_display()}：每 {self.every} {self.get_unit_display()}一次"


class VisitClockQuerySet(models.QuerySet["VisitClock"]):
    def running(self) -> "VisitClockQuerySet":
        return self.filter(stopped_at=None)

    def due(self, on: date) -> "VisitClockQuerySet":
        """To be visited by this day, or at once."""
        return self.running().filter(Q(due_on__lte=on) | Q(crisis_at__isnull=False))


class VisitClock(models.Model):
    """A promise to look in on a household. Its day is fixed when it is made; editing a rule moves none."""

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="visit_clocks", verbose_name="户", db_index=False
    )
    colour = models.CharField("走访分类", max_length=6, choices=Colour)
    started_on = models.DateField("起算")
    due_on = models.DateField("到期")
    escalates_on = models.DateField("报社区书记")
    rung = models.PositiveSmallIntegerField("已响几次", default=0)
    next_tick_on = models.DateField("下次响铃", null=True, blank=True)
    stopped_at = models.DateTimeField("停止", null=True, blank=True)
    crisis_at = models.DateTimeField("重大变故", null=True, blank=True, help_text="何时得知；须上门")

    objects = VisitClockQuerySet.as_manager()

    class Meta:
        verbose_name = "走访时钟"
        verbose_name_plural = "走访时钟"
        ordering = ("due_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["household"], name="one_running_visit_clock", condition=Q(stopped_at=None)),
            models.CheckConstraint(
                name="stopped_visit_clock_does_not_ring", condition=Q(stopped_at=None) | Q(next_tick_on=None)
            ),
        ]
        indexes = [
            models.Index(fields=["next_tick_on"], name="visit_clock_tick", condition=Q(next_tick_on__isnull=False)),
            models.Index(fields=["household", "stopped_at"], name="visit_clock_of_household"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.due_on}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> "VisitQuerySet":
        return self.filter(within(user, "household__dwelling__place__code"))


class Visit(models.Model):
    class Manner(models.TextChoices):
        DOOR = "door", "上门"
        PHONE = "phone", "电话"
        SELF = "self", "自助确认"

    class Met(models.TextChoices):
        SOMEBODY = "somebody", "见到本人或家人"
        NEIGHBOUR = "neighbour", "只见到邻居"
        NOBODY = "nobody", "无人应答"

    class Finding(models.TextChoices):
        NONE = "none", "无"
        NEED = "need", "需求"
        HAZARD = "hazard", "隐患"
        DISPUTE = "dispute", "矛盾"

    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", verbose_name="户", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="走访人", db_index=False)
    at = models.DateTimeField("时间")
    manner = models.CharField("方式", max_length=6, choices=Manner)
    met = models.CharField("见到谁", max_length=10, choices=Met)
    finding = models.CharField("民情", max_length=8, choices=Finding)
    note = SealedTextField("记录", blank=True, default="")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["household", "-at", "-id"], name="visit_of_household"),
            models.Index(fields=["-at", "-id"], name="visit_newest"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.household_id} {self.at:%Y-%m-%d}"


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: User) -> "NeedQuerySet":
        return self.filter(within(user, "household__dwelling__place__code"))

    def open(self) -> "NeedQuerySet":
        return self.filter(state=Need.State.OPEN)


class Need(models.Model):
    """Something a household lacks, for the need list; a small thing somebody could simply give is a wish."""

    class Kind(models.TextChoices):
        NEED = "need", "需求"
        WISH = "wish", "微心愿"

    class State(models.TextChoices):
        OPEN = "open", "待回应"
        MET = "met", "已满足"
        WITHDRAWN = "withdrawn", "已撤回"

    household = models.ForeignKey(Household, models.PROTECT, related_name="needs", verbose_name="户")
    kind = models.CharField("类别", max_length=6, choices=Kind)
    words = SealedTextField("内容")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN, editable=False)
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发现人", db_index=False)
    found_at = models.DateTimeField("发现时间")
    settled_at = models.DateTimeField("了结时间", null=True, blank=True, editable=False)
    answer = models.CharField("回应", max_length=200, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "需求与心愿"
        verbose_name_plural = "需求与心愿"
        ordering = ("-found_at", "-id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
