"""The portal's own rows: when each of its regular works was last done."""

from datetime import datetime

from django.db import models
from django.db.models import F


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str, *, at: datetime, seconds: float) -> None:
        if not self.filter(name=name).update(at=at, seconds=seconds, runs=F("runs") + 1):
            Heartbeat.objects.bulk_create([Heartbeat(name=name, at=at, seconds=seconds, runs=1)], ignore_conflicts=True)


class Heartbeat(models.Model):
    name = models.CharField("工作", max_length=100, primary_key=True)
    at = models.DateTimeField("最近完成")
    seconds = models.FloatField("用时（秒）", default=0)
    runs = models.PositiveBigIntegerField("完成次数", default=0)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = "心跳"
        verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
