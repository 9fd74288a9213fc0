"""A standard address behind one door, and the grid that answers for it."""

import re

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models.compound import Building
from grids.models.place import Place
from grids.models.posting import Duty
from grids.said import normalise
from grids.scope import places_of

# Who works with the people behind the doors. City-wide desks see figures, never a household.
OF_HOMES = (Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER)

_NUMBER = re.compile(r"\d+")


def within(user: User, path: str) -> Q:
    """Rows whose place code, reached by `path`, lies inside what this user answers for; none for everybody else."""
    codes = places_of(user, *OF_HOMES)
    return Q(*(Q(**{f"{path}__startswith": code}) for code in codes), _connector=Q.OR) if codes else Q(pk__in=[])


class DwellingQuerySet(models.QuerySet["Dwelling"]):
    def visible_to(self, user: User) -> "DwellingQuerySet":
        return self.filter(within(user, "place__code"))

    def assigned(self) -> "DwellingQuerySet":
        """Those that lie in a grid."""
        return self.filter(place__kind=Place.Kind.GRID)

    def in_order(self) -> "DwellingQuerySet":
        """As somebody walks: compound after compound, building after building, door after door."""
        return self.order_by("walk", "id")


class Dwelling(models.Model):
    class Tenure(models.TextChoices):
        OWNED = "owned", "商品房"
        PUBLIC = "public", "公租房"
        UNIT = "unit", "单位房"
        RESETTLED = "resettled", "安置房"
        OTHER = "other", "其他"

    class Occupancy(models.TextChoices):
        OWNER = "owner", "自住"
        LET = "let", "出租"
        VACANT = "vacant", "空置"
        SHARED = "shared", "群租"

    building = models.ForeignKey(
        Building, models.PROTECT, related_name="dwellings", verbose_name="楼栋", db_index=False
    )
    unit = models.CharField("单元", max_length=10, blank=True, help_text="如 2单元")
    room = models.CharField("房号", max_length=12)
    # A grid; the community itself, as long as nobody has said which of its grids.
    place = models.ForeignKey(Place, models.PROTECT, related_name="dwellings", verbose_name="所属网格", db_index=False)
    address = models.CharField("标准地址", max_length=120)
    said = models.CharField("归一化地址", max_length=120, editable=False)
    walk = models.CharField("走访次序", max_length=60, db_collation="C", editable=False)
    area_m2 = models.DecimalField("面积（平方米）", max_digits=7, decimal_places=2, null=True, blank=True)
    tenure = models.CharField("产权性质", max_length=10, choices=Tenure, blank=True)
    occupancy = models.CharField("居住状态", max_length=8, choices=Occupancy, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    illustrative = models.BooleanField("演示数据", default=False)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = "房屋"
        verbose_name_plural = "房屋"
        ordering = ("walk", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit", "room"], name="dwelling_once", violation_error_message="该房屋已登记"
            )
        ]
        indexes = [
            models.Index(fields=["place", "walk", "id"], name="dwelling_walk"),
            models.Index(fields=["said"], name="dwelling_said"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def assigned(self) -> bool:
        return len(self.place_id) == 15

    def name_address(self) -> None:
        """What follows from building, unit and room."""
        self.address = f"{self.building}{self.unit}{self.room}"
        self.said = normalise(self.address)
        steps = (self.building.compound_id, self.building.number, _first_number(self.unit), _first_number(self.room))
        self.walk = "{:08d}{:05d}{:04d}{:06d}".format(*steps)


class Tenancy(models.Model):
    """What is kept of a dwelling that is let."""

    dwelling = models.OneToOneField(Dwelling, models.CASCADE, related_name="tenancy", verbose_name="房屋")
    landlord = SealedTextField("房东", blank=True, default="")
    tenants = models.PositiveSmallIntegerField("承租人数", null=True, blank=True)
    until = models.DateField("租期至", null=True, blank=True)
    registered = models.BooleanField("已登记备案", default=False)
    safety_notice = models.BooleanField("已签安全告知书", default=False)
    patrolled_on = models.DateField("最近巡查", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "出租房"
        verbose_name_plural = "出租房"

    def __str__(self) -> str:
        return f"出租房 {self.dwelling_id}"


def _first_number(words: str) -> int:
    found = _NUMBER.search(words)
    return int(found[0][-4:]) if found else 0
