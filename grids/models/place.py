"""The tree city → street → community → grid. The code is the path: a subtree is a prefix."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length, Substr

from accounts.models import Unit
from grids.models.outline import validate_outline

CITY_CODE = "370783"

code_shape = RegexValidator(
    rf"^{CITY_CODE}((001|003|004|005|006)(\d{{3}}(\d{{3}})?)?)?$",
    "编码应为 6 位（市）、9 位（街道）、12 位（社区）或 15 位（网格），且街道码为 001、003、004、005、006",
)


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, code: str) -> "PlaceQuerySet":
        """The place itself and everything below it."""
        return self.filter(code__startswith=code)

    def standing(self) -> "PlaceQuerySet":
        """Without the grids that were merged into others; those stay readable for what happened in them."""
        return self.filter(closed_on=None)

    def children_of(self, place: "Place") -> "PlaceQuerySet":
        return self.filter(parent=place)

    def of_kind(self, kind: str) -> "PlaceQuerySet":
        return self.filter(kind=kind)


class Place(models.Model):
    class Kind(models.TextChoices):
        CITY = "city", "市"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"
        GRID = "grid", "网格"

    KIND_OF_LENGTH = {6: Kind.CITY, 9: Kind.STREET, 12: Kind.COMMUNITY, 15: Kind.GRID}

    code = models.CharField("编码", max_length=15, primary_key=True, db_collation="C", validators=[code_shape])
    kind = models.CharField("级别", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="places", verbose_name="管理单位"
    )
    nbs_code = models.CharField("统计用区划代码", max_length=12, blank=True)
    brand = models.CharField("社区品牌", max_length=60, blank=True)
    illustrative = models.BooleanField("演示数据", default=True)
    boundary = models.JSONField(
        "边界", null=True, blank=True, validators=[validate_outline], help_text="GeoJSON 几何，WGS-84 经纬度"
    )

    changed_on = models.DateField("最近变更", null=True, blank=True, editable=False)  # a version after the first
    closed_on = models.DateField("撤销日期", null=True, blank=True, editable=False)
    # Who answers now for what happened in a closed grid: always a standing one, whichever it went into first.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_over",
        verbose_name="并入网格",
        editable=False,
        db_index=False,
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "场所"
        verbose_name_plural = "场所"
        ordering = ("code",)
        indexes = [
            models.Index(
                fields=["merged_into"], name="place_merged_into", condition=models.Q(merged_into__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="place_code_is_path",
                # 6 → 9 → 12 → 15 digits: a child's code is its parent's and three more.
                condition=models.Q(kind="city", parent=None)
                | models.Q(parent=Substr("code", 1, Length("code") - 3)) & ~models.Q(kind="city"),
                violation_error_message="编码应为上级编码后加三位",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.parent_id is None and len(self.code) > 6:
            self.parent_id = self.code[:-3]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.KIND_OF_LENGTH.get(len(self.code)) != self.kind:
            raise ValidationError({"code": "编码长度与级别不符"})
        if self.kind != self.Kind.CITY and self.parent_id not in (None, self.code[:-3]):
            raise ValidationError({"parent": "上级编码应为本编码去掉末三位"})

    @property
    def path_codes(self) -> list[str]:
        """Codes from the city down to this place."""
        return [self.code[:n] for n in (6, 9, 12, 15) if n <= len(self.code)]
