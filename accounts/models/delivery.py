"""One notice on one channel: sent, waiting for its next try, or given up."""

from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models.channel import Channel
from accounts.models.notice import Notice

TRIES = 8  # the last one two hours after the first: later, nobody is warned in time
FIRST_WAIT = timedelta(minutes=1)


def next_try(attempts: int, at: datetime) -> datetime | None:
    """1, 2, 4 … minutes until the next try; after the last, none."""
    return at + FIRST_WAIT * 2 ** (attempts - 1) if attempts < TRIES else None


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def outstanding(self) -> "DeliveryQuerySet":
        return self.filter(sent_at=None, given_up_at=None)

    def given_up(self) -> "DeliveryQuerySet":
        return self.filter(given_up_at__isnull=False)

    def try_again(self, at: datetime) -> int:
        return self.given_up().filter(channel__active=True).update(given_up_at=None, attempts=0, next_try_at=at)


class Delivery(models.Model):
    # Neither key has an index of its own: the first constraint begins with the notice, and channels are few.
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries", db_index=False, verbose_name="通知")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries", db_index=False, verbose_name="渠道")
    key = models.CharField("事由键", max_length=120, null=True, help_text="群里同一事由只发一次；发给个人的为空")
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次尝试")
    problem = models.CharField("最近的问题", max_length=60, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    given_up_at = models.DateTimeField("放弃时间", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "通知发送"
        verbose_name_plural = "通知发送"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_notice_and_channel"),
            models.UniqueConstraint(
                fields=["channel", "key"], name="delivery_once_per_group", condition=Q(key__isnull=False)
            ),
        ]
        indexes = [
            # Both hold what is unusual, and stay small while the table grows.
            models.Index(
                fields=["next_try_at", "id"],
                name="delivery_outstanding",
                condition=Q(sent_at=None, given_up_at=None),
            ),
            models.Index(fields=["given_up_at"], name="delivery_given_up", condition=Q(given_up_at__isnull=False)),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.notice_id} → {self.channel}"

    def succeed(self, at: datetime) -> None:
        self.sent_at, self.problem = at, ""

    def fail(self, at: datetime, problem: str) -> None:
        self.problem = problem
        if again := next_try(self.attempts, at):
            self.next_try_at = again
        else:
            self.given_up_at = at
