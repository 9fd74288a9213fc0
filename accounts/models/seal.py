"""Records sealed in a chain: each seal rests on the one before, so that nothing behind it can be changed unseen."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models.user import User


class Seal(models.Model):
    chain = models.CharField("记录表", max_length=60)
    number = models.PositiveIntegerField("序号")
    sealed_at = models.DateTimeField("封存时间")
    rows = ArrayField(models.BigIntegerField(), verbose_name="封存的记录")
    marks = models.BinaryField("各条的摘要", help_text="每条 8 字节，用来指出是哪一条不符")
    digest = models.BinaryField("SM3", max_length=32)

    class Meta:
        verbose_name = "审计封存"
        verbose_name_plural = "审计封存"
        ordering = ("chain", "number")
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="seal_has_its_number")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"

    @property
    def sm3(self) -> str:
        return bytes(self.digest).hex()


class SealCheck(models.Model):
    """All seals looked at again: asked for by somebody, or by the calendar."""

    asked_at = models.DateTimeField("提出时间")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出人")
    done_at = models.DateTimeField("完成时间", null=True)
    records = models.PositiveBigIntegerField("核验的记录数", default=0)
    problem = models.CharField("第一处不符", max_length=200, blank=True)

    class Meta:
        verbose_name = "审计核验"
        verbose_name_plural = "审计核验"
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.problem or '无误'}"
