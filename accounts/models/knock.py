"""How often a door was knocked at lately: counted in the database, so that it holds for every process."""

from django.db import models


class Knock(models.Model):
    door = models.CharField("门", primary_key=True, max_length=64, help_text="摘要，不含账号与地址原文")
    count = models.PositiveIntegerField("次数", default=1)
    since = models.DateTimeField("起算时间")
    until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = "尝试计数"
        verbose_name_plural = "尝试计数"
        indexes = [models.Index(fields=["since"], name="knock_since")]

    def __str__(self) -> str:
        return f"{self.door[:8]}… {self.count}"
