"""More time, asked for once before the deadline; granted it becomes an interval, refused nothing moves."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grids.models import Span
from petitions.models.petition import Petition
from petitions.models.told import ToldCaller
from petitions.promises import Length


class Extension(ToldCaller):
    petition = models.ForeignKey(
        Petition, models.CASCADE, related_name="extensions", verbose_name="诉求", db_index=False
    )
    round = models.PositiveSmallIntegerField("第几次办理", default=1)
    amount = models.PositiveSmallIntegerField("延长")
    span = models.CharField("单位", max_length=14, choices=Span)
    reason = models.CharField("延期理由", max_length=200)
    progress = models.TextField("阶段进展")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    granted = models.BooleanField("是否批准", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    words = models.TextField("审批意见", blank=True)

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        ordering = ("petition", "id")
        constraints = [
            models.UniqueConstraint(fields=["petition", "round"], name="extension_is_asked_once"),
            models.CheckConstraint(
                name="extension_is_decided_by_somebody",
                condition=Q(granted=None, decided_at=None)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} 延长 {self.amount}{self.get_span_display()}"

    @property
    def length(self) -> Length:
        return Length(self.amount, self.span)
