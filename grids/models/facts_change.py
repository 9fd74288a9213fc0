"""What was said of a compound or of one of its buildings, and what before: append-only."""

from django.db import models

from accounts.models import User
from grids.models.compound import Building, Compound
from grids.models.record import APPEND_ONLY


class FactsChange(models.Model):
    """One field, its old and its new words."""

    compound = models.ForeignKey(Compound, models.PROTECT, related_name="changes", verbose_name="小区", db_index=False)
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="楼栋", db_index=False
    )
    field = models.CharField("字段", max_length=40)
    old = models.CharField("原值", max_length=80, blank=True)
    new = models.CharField("新值", max_length=80, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人", db_index=False)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "小区楼栋资料变更"
        verbose_name_plural = "小区楼栋资料变更"
        ordering = ("-id",)
        indexes = [models.Index(fields=["compound", "building", "-id"], name="facts_change_of_row")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.compound_id} {self.building_id or ''} {self.field}"

    @property
    def label(self) -> str:
        model = Building if self.building_id else Compound
        return str(model._meta.get_field(self.field).verbose_name)  # type: ignore[union-attr]
