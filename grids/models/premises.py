"""Shops and other small premises, patrolled like homes are visited."""

from django.db import models

from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models.dwelling import within
from grids.models.place import Place


class PremisesQuerySet(models.QuerySet["Premises"]):
    def visible_to(self, user: User) -> "PremisesQuerySet":
        return self.filter(within(user, "place__code"))

    def open(self) -> "PremisesQuerySet":
        return self.filter(closed_at=None)


class Premises(models.Model):
    class Kind(models.TextChoices):
        SMALL = "small", "九小场所"
        NEW_ECONOMY = "new_economy", "两新组织"
        ENTERPRISE = "enterprise", "企业"
        SCHOOL = "school", "学校"
        HOSPITAL = "hospital", "医院"

    class FireRisk(models.TextChoices):
        ORDINARY = "ordinary", "一般"
        RAISED = "raised", "较大"
        KEY = "key", "重点"

    name = models.CharField("名称", max_length=80)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.SMALL)
    address = models.CharField("地址", max_length=120)
    place = models.ForeignKey(Place, models.PROTECT, related_name="premises", verbose_name="所属网格", db_index=False)
    owner = SealedTextField("法人", blank=True, default="")
    contact = SealedTextField("联系人", blank=True, default="")
    phone = SealedTextField("联系电话", blank=True, default="")
    employees = models.PositiveIntegerField("从业人数", null=True, blank=True)
    party_organisation = models.CharField("党组织情况", max_length=60, blank=True)
    licence = models.CharField("营业执照或许可", max_length=60, blank=True)
    fire_risk = models.CharField("消防等级", max_length=10, choices=FireRisk, blank=True)
    uses_gas = models.BooleanField("使用燃气", null=True, blank=True)
    inspected_on = models.DateField("最近检查", null=True, blank=True)
    closed_at = models.DateTimeField("停业", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    illustrative = models.BooleanField("演示数据", default=False)

    objects = PremisesQuerySet.as_manager()

    class Meta:
        verbose_name = "单位与商户"
        verbose_name_plural = "单位与商户"
        ordering = ("place", "name", "id")
        indexes = [models.Index(fields=["place", "name", "id"], name="premises_of_place")]

    def __str__(self) -> str:
        return self.name
