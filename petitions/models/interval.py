"""The only thing that moves a due date: a stretch of time with a reason, asked for and approved.

A clock is never edited. It stops, and after the interval another one goes on with the same promise.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from grids.models import Span
from petitions.models.clock import Clock
from petitions.models.petition import Petition
from petitions.promises import Length

FIXED = (
    "petition",
    "kind",
    "stopped",
    "from_at",
    "amount",
    "span",
    "reason",
    "asked_by",
    "asked_at",
    "approved_by",
    "approved_at",
)


class Interval(models.Model):
    class Kind(models.TextChoices):
        EXTENSION = "extension", "延期"
        SUSPENSION = "suspension", "挂账"
        REVIEW = "review", "中心审核"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="intervals", verbose_name="诉求")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    stopped = models.OneToOneField(Clock, models.CASCADE, related_name="interruption", verbose_name="停下的时钟")
    # An extension reaches from the old due instant to the new one; a pause from stop to resumption.
    from_at = models.DateTimeField("自")
    until_at = models.DateTimeField("至", null=True, blank=True, help_text="挂账未销时为空")
    amount = models.PositiveSmallIntegerField("延长", null=True, blank=True)
    span = models.CharField("单位", max_length=14, choices=Span, blank=True)
    reason = models.CharField("事由", max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间")

    class Meta:
        verbose_name = "期限变动"
        verbose_name_plural = "期限变动"
        ordering = ("petition", "id")
        constraints = [
            models.CheckConstraint(name="interval_runs_forwards", condition=Q(until_at__gte=F("from_at"))),
            models.CheckConstraint(
                name="an_extension_has_a_length",
                condition=Q(kind="extension", amount__isnull=False) | (~Q(kind="extension") & Q(amount=None)),
            ),
            models.CheckConstraint(
                name="only_a_suspension_is_open", condition=Q(kind="suspension") | Q(until_at__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="stands", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*FIXED)),
            pgtrigger.Protect(
                name="ends_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__until_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_kind_display()}"

    @property
    def length(self) -> Length | None:
        """By how much an extension is longer; a pause is as long as it lasted."""
        return Length(self.amount, self.span) if self.amount is not None else None
