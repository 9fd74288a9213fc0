"""What happened to a household and what was changed in it, by whom, from what to what: append-only."""

import pgtrigger
from django.db import models

from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models.household import Household
from grids.models.resident import Resident

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Submission(models.Model):
    """One press of a button: sent twice, by a weak network or an impatient thumb, it is done once."""

    key = models.UUIDField(primary_key=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人", db_index=False)
    at = models.DateTimeField("时间", help_text="何时做的；离线填报时早于收到的时刻")
    received_at = models.DateTimeField("收到")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="+", verbose_name="户", db_index=False
    )

    class Meta:
        verbose_name = "提交"
        verbose_name_plural = "提交"
        ordering = ("-received_at",)
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return str(self.key)


class HomeEvent(models.Model):
    class Action(models.TextChoices):
        FOUND = "found", "建户"
        MOVED_IN = "moved_in", "入户"
        BORN = "born", "出生登记"
        MOVED_OUT = "moved_out", "迁出"
        DIED = "died", "去世登记"
        MERGED = "merged", "合并重复"
        RECOLOURED = "recoloured", "调整走访分类"
        CRISIS = "crisis", "重大变故"
        ENDED = "ended", "销户"
        MOVED_GRID = "moved_grid", "调整网格"
        SETTLED = "settled", "需求有了结果"
        ERASED = "erased", "到期删除个人信息"

    household = models.ForeignKey(Household, models.PROTECT, related_name="events", verbose_name="户", db_index=False)
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="居民", db_index=False
    )
    action = models.CharField("动作", max_length=12, choices=Action)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人", db_index=False
    )
    note = SealedTextField("说明", blank=True, default="")
    detail = models.JSONField("细节", default=dict, blank=True)

    class Meta:
        verbose_name = "户情变动"
        verbose_name_plural = "户情变动"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["household", "at", "id"], name="home_event_of_household")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.household_id} {self.action}"


class Change(models.Model):
    """One field, its old and its new words; the row it belongs to has `version` since then."""

    class Subject(models.TextChoices):
        DWELLING = "dwelling", "房屋"
        TENANCY = "tenancy", "出租房"
        HOUSEHOLD = "household", "户"
        RESIDENT = "resident", "居民"
        CARE = "care", "重点关爱"

    household = models.ForeignKey(Household, models.PROTECT, related_name="changes", verbose_name="户", db_index=False)
    subject = models.CharField("对象", max_length=10, choices=Subject)
    row = models.BigIntegerField("对象编号")
    field = models.CharField("字段", max_length=40)
    old = SealedTextField("原值", blank=True, default="")
    new = SealedTextField("新值", blank=True, default="")
    version = models.PositiveIntegerField("版本")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人", db_index=False)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "字段变更"
        verbose_name_plural = "字段变更"
        ordering = ("at", "id")
        indexes = [
            models.Index(fields=["household", "at", "id"], name="change_of_household"),
            models.Index(fields=["subject", "row", "version"], name="change_of_row"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.subject} {self.row} {self.field}"
