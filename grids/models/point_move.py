"""Where a building was said to stand, and where before: append-only."""

from django.db import models

from accounts.models import User
from grids.models.compound import Building, spelled
from grids.models.record import APPEND_ONLY


class PointMove(models.Model):
    building = models.ForeignKey(Building, models.PROTECT, related_name="moves", verbose_name="楼栋", db_index=False)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="操作人", db_index=False)
    from_longitude = models.FloatField("原经度", null=True)
    from_latitude = models.FloatField("原纬度", null=True)
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)

    class Meta:
        verbose_name = "点位变更"
        verbose_name_plural = "点位变更"
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["building", "-at", "-id"], name="point_move_of_building")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.building_id} {self.before} → {self.after}"

    @property
    def before(self) -> str:
        return spelled(self.from_longitude, self.from_latitude)

    @property
    def after(self) -> str:
        return spelled(self.longitude, self.latitude)
