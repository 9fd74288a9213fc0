"""A caller's identity that a unit has let out: found by the centre's director, passed on to whoever looks into it."""

import pgtrigger
from django.db import models

from accounts.models import Unit, User
from petitions.models.petition import Petition


class Leak(models.Model):
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="leaks", verbose_name="诉求", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="泄露的单位", db_index=False)
    facts = models.TextField("事实")
    passed_to = models.CharField("移送", max_length=60)
    found_at = models.DateTimeField("认定时间")
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="认定人", db_index=False)

    class Meta:
        verbose_name = "泄露诉求人信息"
        verbose_name_plural = "泄露诉求人信息"
        ordering = ("-found_at", "-id")
        constraints = [models.UniqueConstraint(fields=["petition", "unit"], name="one_leak_per_unit")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.unit}"
