"""A petition in the hands of one unit, from dispatch to reply; a redo is a new row."""

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from petitions.models.petition import Petition


class Dispatch(models.Model):
    class Role(models.TextChoices):
        LEAD = "lead", "主办"
        ASSISTING = "assisting", "协办"

    class Manner(models.TextChoices):
        PHONE = "phone", "电话"
        VISIT = "visit", "上门"
        MESSAGE = "message", "短信"
        ON_SITE = "on_site", "现场"

    class Assessment(models.TextChoices):
        SOLVED = "solved", "已解决"
        PARTLY = "partly", "部分解决"
        UNSOLVED = "unsolved", "未解决"
        EXPLAINED = "explained", "已解释"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="dispatches", verbose_name="诉求")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="dispatches", verbose_name="承办单位", db_index=False)
    role = models.CharField("角色", max_length=10, choices=Role, default=Role.LEAD)
    round = models.PositiveSmallIntegerField("第几次办理", default=1)
    opinion = models.CharField("派单意见", max_length=200, blank=True)
    dispatched_at = models.DateTimeField("派单时间")
    dispatched_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="派单人")
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人")
    contacted_at = models.DateTimeField("首次联系时间", null=True, blank=True)
    contact_manner = models.CharField("联系方式", max_length=10, choices=Manner, blank=True)
    contact_reached = models.BooleanField("是否联系上", null=True, blank=True)
    contact_note = models.TextField("联系记录", blank=True)
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办人")
    result = models.TextField("办理结果", blank=True)
    basis = models.CharField("办理依据", max_length=200, blank=True)
    assessment = models.CharField("自评", max_length=10, choices=Assessment, blank=True)
    approved_at = models.DateTimeField("单位审核时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "派单"
        verbose_name_plural = "派单"
        ordering = ("petition", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], name="one_running_lead", condition=Q(role="lead", ended_at=None)
            ),
        ]
        indexes = [models.Index(fields=["unit", "petition"], name="dispatch_of_unit")]

    def __str__(self) -> str:
        return f"{self.petition_id} → {self.unit}"

    @property
    def released(self) -> bool:
        """It was asked to assist, and was let go before it had answered."""
        return self.role == self.Role.ASSISTING and self.ended_at is not None and self.replied_at is None
