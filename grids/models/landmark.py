"""What people say instead of a grid: the name of a housing compound, a road and a house number."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from grids.models.place import Place


class Landmark(models.Model):
    name = models.CharField("小区", max_length=60, blank=True, help_text="空表示只登记路段")
    road = models.CharField("道路", max_length=40, blank=True)
    first_number = models.PositiveIntegerField("门牌起", null=True, blank=True)
    last_number = models.PositiveIntegerField("门牌止（含）", null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="landmarks", verbose_name="所属网格")
    illustrative = models.BooleanField("演示数据", default=True)

    class Meta:
        verbose_name = "小区与路段"
        verbose_name_plural = "小区与路段"
        ordering = ("place", "name", "road", "first_number")
        constraints = [
            models.CheckConstraint(
                name="landmark_has_a_name", condition=~Q(name="", road=""), violation_error_message="请填写小区或道路"
            ),
            models.CheckConstraint(
                name="landmark_numbers_run_up",
                condition=Q(first_number=None, last_number=None)
                | Q(first_number__isnull=False, last_number__gte=F("first_number")) & ~Q(road=""),
                violation_error_message="门牌应起止都填、止不小于起，并写明道路",
            ),
            models.UniqueConstraint(
                name="landmark_once",
                fields=["place", "name", "road", "first_number"],
                nulls_distinct=False,
                violation_error_message="该网格已登记同样的小区或路段",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.road}{self.numbers}"

    @property
    def numbers(self) -> str:
        if self.first_number is None:
            return ""
        if self.first_number == self.last_number:
            return f"{self.first_number}号"
        return f"{self.first_number}–{self.last_number}号"

    def clean(self) -> None:
        if self.place_id and len(self.place_id) < 12:
            raise ValidationError({"place": "小区和路段应属于一个网格或社区"})
