"""Where people live, before anybody's door: the housing compound and its buildings."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models.coverage import READERS
from grids.models.place import Place
from grids.scope import places_of

COMMITTEE_PREPARED = timedelta(days=90)  # before the old one ends
BOTH_OR_NEITHER = "经度和纬度应一起填写，或都留空"


class CompoundQuerySet(models.QuerySet["Compound"]):
    def visible_to(self, user: User) -> "CompoundQuerySet":
        """Its buildings and how many doors they have are no secret of anybody: who reads of coverage sees them."""
        codes = places_of(user, *READERS)
        inside = Q(*(Q(community__code__startswith=code) for code in codes), _connector=Q.OR)
        return self.filter(inside) if codes else self.none()


class Compound(models.Model):
    """A 小区 lies in one community and may lie in several of its grids."""

    class Renewal(models.TextChoices):
        NOT_NEEDED = "not_needed", "非老旧小区"
        PLANNED = "planned", "已列入计划"
        UNDER_WAY = "under_way", "改造中"
        DONE = "done", "已改造"

    name = models.CharField("小区名称", max_length=60)
    community = models.ForeignKey(
        Place, models.PROTECT, related_name="compounds", verbose_name="所属社区", db_index=False
    )
    property_company = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="compounds", verbose_name="物业企业"
    )
    owners_committee = models.CharField("业主委员会", max_length=60, blank=True)
    committee_until = models.DateField("业委会届满", null=True, blank=True)
    parking_spaces = models.PositiveIntegerField("车位数", null=True, blank=True)
    charging_points = models.PositiveIntegerField("充电桩数", null=True, blank=True)
    renewal = models.CharField("老旧小区改造", max_length=12, choices=Renewal, blank=True)
    repair_fund = models.BooleanField("有维修资金", null=True, blank=True)
    illustrative = models.BooleanField("演示数据", default=False)

    objects = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = "小区"
        verbose_name_plural = "小区"
        ordering = ("community", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="compound_once", violation_error_message="该社区已有同名小区"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def committee_ends(self, on: date) -> tuple[str, str] | None:
        """A tone and words where a new committee has to be prepared, or is overdue; None while there is time."""
        if self.committee_until is None or self.committee_until > on + COMMITTEE_PREPARED:
            return None
        days = (self.committee_until - on).days
        return ("red", "业委会已届满，应换届") if days < 0 else ("yellow", f"业委会还有 {days} 天届满，准备换届")


class Building(models.Model):
    """A 楼栋 of the community's list: it counts even before a dwelling of it is on record."""

    class Structure(models.TextChoices):
        BRICK = "brick", "砖混"
        FRAME = "frame", "框架"
        SHEAR = "shear", "剪力墙"
        OTHER = "other", "其他"

    class Heating(models.TextChoices):
        DISTRICT = "district", "集中供暖"
        GAS = "gas", "燃气壁挂炉"
        ELECTRIC = "electric", "电取暖"
        COAL = "coal", "燃煤"
        NONE = "none", "无"

    class Gas(models.TextChoices):
        PIPED = "piped", "管道天然气"
        BOTTLED = "bottled", "瓶装液化气"
        NONE = "none", "不用气"

    compound = models.ForeignKey(
        Compound, models.PROTECT, related_name="buildings", verbose_name="小区", db_index=False
    )
    name = models.CharField("楼栋", max_length=20, help_text="如 3号楼")
    number = models.PositiveSmallIntegerField("走访次序", default=0, help_text="走访时按此排序，通常为楼号")
    built_year = models.PositiveSmallIntegerField("建筑年代", null=True, blank=True)
    structure = models.CharField("结构", max_length=8, choices=Structure, blank=True)
    heating = models.CharField("供暖方式", max_length=10, choices=Heating, blank=True)
    gas = models.CharField("燃气类型", max_length=10, choices=Gas, blank=True)
    elevator = models.BooleanField("有电梯", null=True, blank=True)
    accessible = models.BooleanField("有无障碍设施", null=True, blank=True)
    # Where it stands, in WGS-84, as the boundaries are; every address in it stands there.
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)

    class Meta:
        verbose_name = "楼栋"
        verbose_name_plural = "楼栋"
        ordering = ("compound", "number", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "name"], name="building_once", violation_error_message="该小区已有此楼栋"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="building_point_whole",
                violation_error_message=BOTH_OR_NEITHER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compound}{self.name}"

    @property
    def summary(self) -> str:
        """What is known of it, in one line."""
        lift = {True: "有电梯", False: "无电梯", None: ""}[self.elevator]
        ramp = "有无障碍设施" if self.accessible else ""
        year = f"{self.built_year} 年" if self.built_year else ""
        heating = f"供暖：{self.get_heating_display()}" if self.heating else ""
        gas = self.get_gas_display()
        return " · ".join(filter(None, (year, self.get_structure_display(), heating, gas, lift, ramp)))

    @property
    def point(self) -> str:
        return spelled(self.longitude, self.latitude)


def spelled(longitude: float | None, latitude: float | None) -> str:
    """A point as it is read; empty where none is known."""
    return "" if longitude is None or latitude is None else f"{longitude:.6f}, {latitude:.6f}"
