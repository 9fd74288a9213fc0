"""What can be the matter: the 56 items that enter the grid, and those that the hotline alone answers."""

from django.db import models

from accounts.models import Unit
from grids.models.place import Place


class Visibility(models.TextChoices):
    PUBLIC = "public", "可公开"
    INTERNAL = "internal", "内部"
    CONFIDENTIAL = "confidential", "保密"


class Span(models.TextChoices):
    MINUTE = "minute", "分钟"
    HOUR = "hour", "小时"
    DAY = "day", "天"
    WORKING_MINUTE = "working_minute", "工作分钟"
    WORKING_HOUR = "working_hour", "工作时"
    WORKING_DAY = "working_day", "工作日"


OF_THE_STREET = "街道"  # the line of what the street offices answer for, each in its own street


class Item(models.Model):
    class Urgency(models.TextChoices):
        NORMAL = "normal", "一般"
        URGENT = "urgent", "紧急"
        CRITICAL = "critical", "特急"

    class Level(models.TextChoices):
        GRID = "grid", "网格"
        COMMUNITY = "community", "社区"
        STREET = "street", "街道"
        DEPARTMENT = "department", "部门"

    code = models.CharField("编码", max_length=6, unique=True)
    domain = models.CharField("领域", max_length=20)
    name = models.CharField("事项", max_length=60)
    in_grid = models.BooleanField("入格", default=True, help_text="在现行入格事项清单里；否则仅由热线受理")
    lead_line = models.CharField("牵头条线", max_length=20)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="牵头单位")
    assisting = models.CharField("配合", max_length=80, blank=True)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency)
    first_level = models.CharField("首办层级", max_length=12, choices=Level)
    respond_amount = models.PositiveSmallIntegerField("响应时限")
    respond_span = models.CharField("响应时限单位", max_length=14, choices=Span)
    close_amount = models.PositiveSmallIntegerField("办结时限")
    close_span = models.CharField("办结时限单位", max_length=14, choices=Span)
    closing_standard = models.CharField("结案标准", max_length=80, blank=True)
    visibility = models.CharField("公开级别", max_length=14, choices=Visibility)
    note = models.CharField("备注", max_length=120, blank=True)
    active = models.BooleanField("在用", default=True)
    unsorted = models.BooleanField(
        "待归类", default=False, help_text="群众说不清是哪一类的先归入此项；受理时改为具体事项，不改不能派单"
    )

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["unsorted"], name="one_unsorted_item", condition=models.Q(unsorted=True)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_of_the_street(self) -> bool:
        return self.lead_line == OF_THE_STREET

    def unit_for(self, place: Place | None) -> Unit | None:
        """The unit that answers for this item here: by duty first, the street office only where the list says so."""
        if self.lead is not None:
            return self.lead
        if place is None or not self.is_of_the_street:
            return None
        street = Place.objects.filter(pk=place.code[:9], kind=Place.Kind.STREET).select_related("unit").first()
        return street.unit if street else None
