"""A unit says that a petition is not its own: on what ground, whose it is instead, and what the centre said to that."""

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from petitions.models.dispatch import Dispatch
from petitions.models.petition import Petition


class Return(models.Model):
    class Verdict(models.TextChoices):
        UPHELD = "upheld", "成立"
        REJECTED = "rejected", "不成立"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="returns", verbose_name="诉求")
    dispatch = models.OneToOneField(Dispatch, models.CASCADE, related_name="handed_back", verbose_name="所退派单")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns", verbose_name="退单单位", db_index=False)
    asked_at = models.DateTimeField("退单时间")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="退单人")
    basis = models.CharField("退单依据", max_length=300, help_text="三定规定、权责清单或派单目录的条款")
    proposed = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="建议承办单位", db_index=False)
    material = models.TextField("情况说明", blank=True)
    files = models.PositiveSmallIntegerField("所附材料（份）", default=0)
    verdict = models.CharField("审核结论", max_length=8, choices=Verdict, blank=True)
    arbitrated = models.BooleanField("经会商", default=False)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人")
    reason = models.TextField("审核意见", blank=True)

    class Meta:
        verbose_name = "退单"
        verbose_name_plural = "退单"
        ordering = ("petition", "id")
        constraints = [
            models.UniqueConstraint(fields=["unit", "petition"], name="one_return_per_unit"),
            models.CheckConstraint(
                name="return_decided_whole",
                condition=Q(verdict="", decided_at=None) | Q(~Q(verdict=""), decided_at__isnull=False),
            ),
            models.CheckConstraint(name="return_has_material", condition=~Q(material="") | Q(files__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.unit}"
