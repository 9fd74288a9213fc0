"""An end without a solution (终止办理): asked for with evidence, and approved by the centre."""

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from petitions.models.petition import Petition
from petitions.models.told import ToldCaller


class Termination(ToldCaller):
    class Ground(models.TextChoices):
        UNWILLING = "unwilling", "诉求人拒不提供必要信息"
        UNLAWFUL = "unlawful", "诉求违法违规，已作解释"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="terminations", verbose_name="诉求")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="terminations", verbose_name="申请单位")
    ground = models.CharField("终止理由", max_length=10, choices=Ground)
    evidence = models.TextField("事实和材料")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    granted = models.BooleanField("是否批准", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    words = models.TextField("审批意见", blank=True)

    class Meta:
        verbose_name = "终止申请"
        verbose_name_plural = "终止申请"
        ordering = ("petition", "id")
        constraints = [
            models.UniqueConstraint(fields=["petition"], name="one_open_termination", condition=Q(granted=None)),
            models.CheckConstraint(
                name="termination_is_decided_by_somebody",
                condition=Q(granted=None, decided_at=None)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_ground_display()}"
