"""People who live together behind one door, and how soon somebody should look in on them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.sealed import FingerprintField, SealedTextField
from accounts.sealing import fingerprints
from grids.models.dwelling import Dwelling, within

if TYPE_CHECKING:
    from grids.models.resident import Resident


class Colour(models.TextChoices):
    """How soon the household is served, not what its people are: level 3 of the catalogue of fields."""

    RED = "red", "红"
    ORANGE = "orange", "橙"
    YELLOW = "yellow", "黄"
    GREEN = "green", "绿"

    @classmethod
    def soonest(cls, *colours: str) -> str:
        """The most urgent of these."""
        return min(colours, key=cls.values.index)


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: User) -> "HouseholdQuerySet":
        return self.filter(within(user, "dwelling__place__code"))

    def living(self) -> "HouseholdQuerySet":
        """Those that have not moved away, died out or been merged into another."""
        return self.filter(ended_at=None)

    def in_place(self, code: str) -> "HouseholdQuerySet":
        return self.filter(dwelling__place__code__startswith=code)

    def with_phone(self, phone: str) -> "HouseholdQuerySet":
        return self.filter(phone_fingerprint__in=fingerprints(phone))


class Household(models.Model):
    class Kind(models.TextChoices):
        PERMANENT = "permanent", "常住"
        FLOATING = "floating", "流动"
        COLLECTIVE = "collective", "集体"

    class Ending(models.TextChoices):
        MOVED = "moved", "迁出"
        EMPTY = "empty", "已无人居住"
        MERGED = "merged", "与另一户合并"

    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="households", verbose_name="房屋")
    kind = models.CharField("户类型", max_length=10, choices=Kind, default=Kind.PERMANENT)
    colour = models.CharField("走访分类", max_length=6, choices=Colour, default=Colour.GREEN)
    contact = models.ForeignKey(
        "grids.Resident",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="联系人",
        db_index=False,
    )
    phone = SealedTextField("联系电话", blank=True, default="")
    phone_fingerprint = FingerprintField(of="phone", max_length=32, null=True, editable=False)
    hardship = SealedTextField("致困原因", blank=True, default="")
    welfare = SealedTextField("低保或特困", blank=True, default="")
    note = SealedTextField("备注", blank=True, default="")
    since = models.DateField("入住")
    visited_at = models.DateTimeField("最近走访", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    ended_at = models.DateTimeField("注销时间", null=True, blank=True, editable=False)
    ending = models.CharField("注销原因", max_length=8, choices=Ending, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="并入",
        editable=False,
        db_index=False,
    )
    illustrative = models.BooleanField("演示数据", default=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "户"
        verbose_name_plural = "户"
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                name="household_ends_for_a_reason",
                condition=Q(ended_at=None, ending="") | ~Q(ended_at=None) & ~Q(ending=""),
            )
        ]
        indexes = [
            models.Index(
                fields=["phone_fingerprint"], name="household_phone", condition=Q(phone_fingerprint__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.dwelling}"

    @property
    def number(self) -> str:
        """户编号."""
        return f"H{self.pk:07d}"

    @property
    def lives(self) -> bool:
        return self.ended_at is None

    def members(self) -> "models.QuerySet[Resident]":
        return self.residents.filter(left_at=None)
