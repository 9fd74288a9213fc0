"""What has been kept as long as the catalogue says: proposed once a year, erased when somebody who answers confirms."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from grids.models.place import Place
from grids.models.posting import Duty
from grids.scope import holds, places_of


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: User) -> "ErasureQuerySet":
        """The secretary's own community; the administrator sees the counts of all, and no names."""
        if holds(user, Duty.ADMINISTRATOR):
            return self
        codes = places_of(user, Duty.COMMUNITY_SECRETARY)
        within = Q(*(Q(place__code__startswith=code) for code in codes), _connector=Q.OR)
        return self.filter(within) if codes else self.none()

    def open(self) -> "ErasureQuerySet":
        return self.filter(decided_at=None)


class Erasure(models.Model):
    class Kind(models.TextChoices):
        RESIDENTS = "residents", "已离户居民的个人信息"
        CARES = "cares", "在住居民已结束的重点关爱"
        HOUSEHOLDS = "households", "已注销户的电话、困难情况和备注"
        TENANCIES = "tenancies", "已不出租房屋的房东"
        PREMISES = "premises", "已停业商户的法人、联系人和电话"
        VISITS = "visits", "走访记录的文字"
        NEEDS = "needs", "已了结需求和心愿的文字"
        HAZARDS = "hazards", "已销号隐患的文字和照片"
        CHANGES = "changes", "字段变更的原值和新值"

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="社区", db_index=False)
    kind = models.CharField("内容", max_length=12, choices=Kind)
    before = models.DateField(
        "早于", help_text="在这一天以前离户、结束关爱、注销、退租、停业、走访、了结、销号或变更的"
    )
    rows = models.PositiveIntegerField("条数")
    proposed_at = models.DateTimeField("提出时间")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="决定人", db_index=False
    )
    erased = models.PositiveIntegerField("已删除", null=True)
    kept_why = models.CharField("暂不删除的理由", max_length=200, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = "到期删除"
        verbose_name_plural = "到期删除"
        ordering = ("-proposed_at", "place", "id")
        constraints = [models.UniqueConstraint(fields=["place", "kind", "before"], name="erasure_proposed_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.get_kind_display()} {self.before}"
