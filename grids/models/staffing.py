"""The numbers by which a grid counts as well staffed, and what happened to who answers for it."""

from django.db import models

from accounts.models import User
from grids.models.leave import Leave
from grids.models.posting import Posting
from grids.models.record import APPEND_ONLY


class StaffingRule(models.Model):
    """A single number of 1+1+N that the city may edit."""

    key = models.CharField("键", max_length=40, primary_key=True)
    value = models.PositiveIntegerField("值")
    name = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        verbose_name = "人员配备标准"
        verbose_name_plural = "人员配备标准"
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.name}：{self.value}"


class PostingEvent(models.Model):
    """Who put whom where, and took whom away; the grids of a leave are those of its worker."""

    class Action(models.TextChoices):
        APPOINTED = "appointed", "任职"
        RELIEVED = "relieved", "卸任"
        CANCELLED = "cancelled", "取消任职"
        TOOK_LEAVE = "took_leave", "请假"
        RETURNED = "returned", "返岗"

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="events", verbose_name="任职")
    leave = models.ForeignKey(
        Leave, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="请假", db_index=False
    )
    action = models.CharField("动作", max_length=10, choices=Action)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="操作人", db_index=False)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "任职变动"
        verbose_name_plural = "任职变动"
        ordering = ("-at", "-id")
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.action}"
