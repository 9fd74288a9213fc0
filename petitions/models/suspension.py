"""On the books (挂账): a matter that cannot be solved now for a reason of the list, and who agreed that it waits."""

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from petitions.models.petition import Petition
from petitions.models.told import ToldCaller


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def asked(self) -> "SuspensionQuerySet":
        return self.filter(granted_at=None, refused_at=None)

    def standing(self) -> "SuspensionQuerySet":
        return self.filter(granted_at__isnull=False, ended_at=None)


class Suspension(ToldCaller):
    class Reason(models.TextChoices):
        HISTORY = "history", "历史遗留"
        POLICY = "policy", "需政策、资金或规划"
        LAWSUIT = "lawsuit", "司法程序中"
        SEASON = "season", "季节性施工"
        OWNERS = "owners", "需业主表决"

    class Step(models.TextChoices):
        HEAD = "head", "单位负责人"
        DIRECTOR = "director", "中心主任"
        LEADER = "leader", "分管市领导"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="suspensions", verbose_name="诉求")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="suspensions", verbose_name="申请单位")
    reason = models.CharField("挂账原因", max_length=10, choices=Reason)
    work_done = models.TextField("已做工作")
    next_step = models.TextField("下一步")
    leader = models.CharField("责任领导", max_length=40)
    expected_on = models.DateField("预计销账日")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    awaiting = models.CharField("等谁审批", max_length=10, choices=Step, default=Step.HEAD, blank=True)
    granted_at = models.DateTimeField("挂账时间", null=True, blank=True)
    refused_at = models.DateTimeField("退回时间", null=True, blank=True)
    reviewed_at = models.DateTimeField("最近复核", null=True, blank=True)
    ended_at = models.DateTimeField("销账时间", null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = "挂账"
        verbose_name_plural = "挂账"
        ordering = ("petition", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], name="one_open_suspension", condition=Q(refused_at=None, ended_at=None)
            ),
            models.CheckConstraint(
                name="suspension_waits_for_a_step_or_is_decided",
                condition=(Q(granted_at=None, refused_at=None) & ~Q(awaiting=""))
                | (Q(awaiting="") & (Q(granted_at=None) ^ Q(refused_at=None))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_reason_display()}"


class Approval(models.Model):
    """One of the three who must agree, in their order."""

    suspension = models.ForeignKey(
        Suspension, models.CASCADE, related_name="approvals", verbose_name="挂账", db_index=False
    )
    step = models.CharField("审批人", max_length=10, choices=Suspension.Step)
    granted = models.BooleanField("是否同意")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="签批")
    at = models.DateTimeField("时间")
    words = models.TextField("意见", blank=True)

    class Meta:
        verbose_name = "挂账审批"
        verbose_name_plural = "挂账审批"
        ordering = ("suspension", "id")
        constraints = [models.UniqueConstraint(fields=["suspension", "step"], name="each_step_agrees_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}{'同意' if self.granted else '不同意'}"
