"""Shops and other small premises, patrolled like homes are visited."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models.dwelling import within
from grids.models.place import Place
from grids.models.record import APPEND_ONLY
from grids.visit_dates import after

SEALED = ("owner", "contact", "phone")


def to_patrol(on: date) -> Q:
    """To be patrolled by this day."""
    return Q(closed_at=None, patrol_due_on__lte=on)


class PremisesQuerySet(models.QuerySet["Premises"]):
    def visible_to(self, user: User) -> "PremisesQuerySet":
        return self.filter(within(user, "place__code"))

    def open(self) -> "PremisesQuerySet":
        return self.filter(closed_at=None)

    def due(self, on: date) -> "PremisesQuerySet":
        return self.filter(to_patrol(on))


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
    patrol_due_on = models.DateField("下次巡查", null=True, editable=False)
    closed_at = models.DateTimeField("停业", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    illustrative = models.BooleanField("演示数据", default=False)

    objects = PremisesQuerySet.as_manager()

    class Meta:
        verbose_name = "单位与商户"
        verbose_name_plural = "单位与商户"
        ordering = ("place", "name", "id")
        indexes = [
            models.Index(fields=["place", "name", "id"], name="premises_of_place"),
            models.Index(fields=["place", "patrol_due_on"], name="premises_to_patrol", condition=Q(closed_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="open_premises_are_patrolled", condition=~Q(closed_at=None) | ~Q(patrol_due_on=None)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def every(self) -> str:
        """九小场所 every month, all others every quarter (domain §3.6)."""
        return "month" if self.kind == self.Kind.SMALL else "quarter"

    @property
    def promised(self) -> str:
        return "每月一次" if self.every == "month" else "每季度一次"

    def next_patrol(self, on: date) -> date:
        return after(on, 1, self.every)


class PremisesEvent(models.Model):
    class Action(models.TextChoices):
        REGISTERED = "registered", "登记"
        EDITED = "edited", "修改"
        PATROLLED = "patrolled", "巡查"
        CLOSED = "closed", "停业"
        REOPENED = "reopened", "恢复营业"
        ERASED = "erased", "到期删除个人信息"

    premises = models.ForeignKey(Premises, models.PROTECT, related_name="events", verbose_name="商户", db_index=False)
    action = models.CharField("动作", max_length=10, choices=Action)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="操作人", db_index=False)
    note = models.CharField("说明", max_length=400, blank=True)
    # Of an edit: the version since then, and field by field the old and the new words; of sealed fields only the name.
    detail = models.JSONField("细节", default=dict, blank=True)

    class Meta:
        verbose_name = "商户变动"
        verbose_name_plural = "商户变动"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["premises", "at", "id"], name="premises_event_of_premises")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.action}"

    @property
    def changes(self) -> list[tuple[str, str, str | None]]:
        """Label, old and new words; None where they are sealed."""
        fields: dict[str, list[str] | None] = self.detail.get("fields", {})
        labels = {name: str(Premises._meta.get_field(name).verbose_name) for name in fields}  # type: ignore[union-attr]
        return [
            (labels[name], words[0] if words else "", words[1] if words else None) for name, words in fields.items()
        ]
