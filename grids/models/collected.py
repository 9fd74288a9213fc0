"""The catalogue of what is collected (信息采集目录): each field says what for, whose it is, how long it is kept."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models


class CollectedField(models.Model):
    class Level(models.IntegerChoices):
        BASIC = 1, "基础"
        GENERAL = 2, "一般"
        SENSITIVE = 3, "敏感"

    SUBJECTS: ClassVar = {
        "compound": "小区",
        "building": "楼栋",
        "dwelling": "房屋",
        "tenancy": "出租房",
        "household": "户",
        "resident": "居民",
        "care": "重点关爱",
        "premises": "单位与商户",
        "visit": "走访",
        "need": "需求与心愿",
        "hazard": "隐患",
        "change": "字段变更",
    }
    # From when the years of a row count; of all others, from when the household, the person or the shop is gone.
    SINCE: ClassVar = {"tenancy": "退租", "visit": "走访", "need": "了结", "hazard": "销号", "change": "变更"}

    subject = models.CharField("对象", max_length=20, help_text="如 resident")
    name = models.CharField("字段", max_length=40, help_text="如 id_number")
    label = models.CharField("名称", max_length=40)
    level = models.PositiveSmallIntegerField("级别", choices=Level)
    purpose = models.CharField("用途", max_length=120)
    source = models.CharField("来源部门", max_length=60)
    flows_back = models.BooleanField("可回流基层", default=True)
    kept_years = models.PositiveSmallIntegerField(
        "保存（年）", default=1, validators=[MinValueValidator(1)], help_text="同一对象取其中最长的"
    )
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "采集字段"
        verbose_name_plural = "信息采集目录"
        ordering = ("order", "id")
        constraints = [models.UniqueConstraint(fields=["subject", "name"], name="field_collected_once")]

    def __str__(self) -> str:
        return f"{self.subject}.{self.name}"

    @property
    def kept(self) -> str:
        return f"{self.SINCE.get(self.subject, '注销')}后 {self.kept_years} 年"
