"""What the caller answered when asked: contacted in time, solved, satisfied."""

from django.db import models

from accounts.models import Unit, User
from petitions.models.petition import Petition


class Solved(models.TextChoices):
    YES = "yes", "已解决"
    PARTLY = "partly", "部分解决"
    NO = "no", "未解决"
    NOT_NEEDED = "not_needed", "不需要解决"


class Satisfied(models.TextChoices):
    VERY = "very", "非常满意"
    YES = "yes", "满意"
    BASICALLY = "basically", "基本满意"
    NO = "no", "不满意"
    NOT_AT_ALL = "not_at_all", "非常不满意"


DISSATISFIED = (Satisfied.NO, Satisfied.NOT_AT_ALL)


class Callback(models.Model):
    class Way(models.TextChoices):
        PHONE = "phone", "电话回访"
        SELF = "self", "群众自评"
        VISIT = "visit", "上门回访"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="callbacks", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("第几次办理", default=1)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被评价单位", db_index=False
    )
    way = models.CharField("方式", max_length=8, choices=Way, default=Way.PHONE)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回访人")
    reached = models.BooleanField("接通")
    contacted = models.BooleanField("按时联系", null=True, blank=True)
    solved = models.CharField("是否解决", max_length=12, choices=Solved, blank=True)
    satisfied = models.CharField("是否满意", max_length=12, choices=Satisfied, blank=True)
    note = models.TextField("备注", blank=True)

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"
        ordering = ("petition", "at", "id")
        indexes = [models.Index(fields=["at"], name="callback_answers", condition=models.Q(reached=True))]
        constraints = [
            models.CheckConstraint(
                name="reached_callback_has_answers",
                condition=models.Q(reached=False) | (~models.Q(solved="") & ~models.Q(satisfied="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_satisfied_display() or '未接通'}"

    @property
    def dissatisfied(self) -> bool:
        return self.satisfied in DISSATISFIED
