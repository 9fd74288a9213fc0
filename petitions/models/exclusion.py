"""A petition that does not count in the rates: one person proposes it with a reason code, another one agrees."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from petitions.models.petition import Petition


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def proposed(self) -> "ExclusionQuerySet":
        return self.filter(agreed=None)

    def standing(self) -> "ExclusionQuerySet":
        return self.filter(agreed=True)


class Exclusion(models.Model):
    class Reason(models.TextChoices):
        UNLAWFUL = "unlawful", "诉求违法违规"
        BEYOND_POLICY = "beyond_policy", "超出现行政策"
        HARASSMENT = "harassment", "恶意骚扰"
        LAWSUIT = "lawsuit", "司法程序中"
        REPEATED = "repeated", "重复且已终结"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="exclusions", verbose_name="诉求")
    reason = models.CharField("剔除理由", max_length=14, choices=Reason)
    note = models.TextField("事实说明")
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    agreed = models.BooleanField("是否同意", null=True, blank=True)
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人")
    words = models.TextField("复核意见", blank=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = "考核剔除"
        verbose_name_plural = "考核剔除"
        ordering = ("-proposed_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["petition"],
                name="one_exclusion_stands",
                condition=Q(agreed=None) | Q(agreed=True),
            ),
            models.CheckConstraint(
                name="exclusion_takes_two",
                condition=Q(agreed=None, decided_by=None, decided_at=None)
                | (
                    Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_reason_display()}"
