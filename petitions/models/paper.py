"""What happened to a meeting, a briefing, a task or a notice, when, by whom: append-only, held by the database.

What concerns a petition stands in the petition's own events as well.
"""

import pgtrigger
from django.db import models

from accounts.models import User
from petitions.models.briefing import Briefing
from petitions.models.meeting import Meeting
from petitions.models.supervision import SupervisionNotice
from petitions.models.task import Task


class PaperEvent(models.Model):
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="events", verbose_name="会议"
    )
    briefing = models.ForeignKey(
        Briefing, models.CASCADE, null=True, blank=True, related_name="events", verbose_name="呈阅件"
    )
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, blank=True, related_name="events", verbose_name="交办事项"
    )
    notice = models.ForeignKey(
        SupervisionNotice,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
        verbose_name="督办通知单",
    )
    action = models.CharField("动作", max_length=20)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人", db_index=False
    )
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "办文记录"
        verbose_name_plural = "办文记录"
        ordering = ("at", "id")
        indexes = [
            models.Index(fields=["-at", "-id"], name="paper_event_newest"),
            models.Index(
                fields=["by", "-at", "-id"], name="paper_event_by_person", condition=models.Q(by__isnull=False)
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.action
