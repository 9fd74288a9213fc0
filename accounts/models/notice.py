"""What a person was told: one row per (person, key), kept for good. The inbox shows it from the moment it commits.

`sent_at` says when it was handed to the channels that want it; what became of it there, its deliveries say.
"""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models.user import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> "NoticeQuerySet":
        return self.filter(person=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def unsent(self) -> "NoticeQuerySet":
        return self.filter(sent_at=None)


class Notice(models.Model):
    class Weight(models.TextChoices):
        INFO = "info", "提示"
        WARNING = "warning", "提醒"
        URGENT = "urgent", "紧急"

    person = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="收件人", db_index=False)
    key = models.CharField("事由键", max_length=120, help_text="同一人同一键只通知一次")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    path = models.CharField("链接", max_length=200, blank=True)
    weight = models.CharField("轻重", max_length=10, choices=Weight, default=Weight.INFO)
    created_at = models.DateTimeField("时间")
    sent_at = models.DateTimeField("交付渠道时间", null=True, blank=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ("-created_at", "-id")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once_per_person_and_key")]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_inbox"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["id"], condition=Q(sent_at=None), name="notice_unsent"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title

    def read(self, at: datetime) -> None:
        if self.read_at is None:
            self.read_at = at
            self.save(update_fields=["read_at"])
