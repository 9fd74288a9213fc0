"""The list of what may be asked of a grid (入格事项清单) in numbered versions, and how a matter comes onto it.

A published version is never edited. What changes, changes by an application that was reviewed, in the next version.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models.item import Item, Span, Visibility
from grids.models.posting import Duty
from grids.models.record import APPEND_ONLY
from grids.scope import holds, units_of

APPLICANTS = (Duty.RECEIVER, Duty.HEAD)
REVIEWERS = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR)
READERS = (*REVIEWERS, Duty.AUDITOR)


class CatalogueVersionQuerySet(models.QuerySet["CatalogueVersion"]):
    def in_force(self) -> "CatalogueVersion | None":
        return self.order_by("-id").first()


class CatalogueVersion(models.Model):
    name = models.CharField("版本", max_length=12, unique=True, help_text="如 v2019.1")
    published_on = models.DateField("公布日期")
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布人", db_index=False
    )
    note = models.CharField("说明", max_length=400, blank=True)

    objects = CatalogueVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "入格事项清单版本"
        verbose_name_plural = "入格事项清单版本"
        ordering = ("-id",)
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.name


class Said(models.Model):
    """What the list says of a matter."""

    domain = models.CharField("领域", max_length=20)
    name = models.CharField("事项", max_length=60)
    lead_line = models.CharField("牵头条线", max_length=20)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="牵头单位", db_index=False)
    assisting = models.CharField("配合", max_length=80, blank=True)
    urgency = models.CharField("紧急程度", max_length=10, choices=Item.Urgency)
    first_level = models.CharField("首办层级", max_length=12, choices=Item.Level)
    respond_amount = models.PositiveSmallIntegerField("响应时限")
    respond_span = models.CharField("响应时限单位", max_length=14, choices=Span)
    close_amount = models.PositiveSmallIntegerField("办结时限")
    close_span = models.CharField("办结时限单位", max_length=14, choices=Span)
    closing_standard = models.CharField("结案标准", max_length=80, blank=True)
    visibility = models.CharField("公开级别", max_length=14, choices=Visibility)
    note = models.CharField("备注", max_length=120, blank=True)
    until = models.DateField("有效期至", null=True, blank=True, help_text="临时事项当天仍有效；长期事项为空")

    class Meta:
        abstract = True

    FIELDS = (
        *("domain", "name", "lead_line", "lead", "assisting", "urgency", "first_level"),
        *("respond_amount", "respond_span", "close_amount", "close_span"),
        *("closing_standard", "visibility", "note"),
    )

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIELDS}

    @property
    def responds(self) -> str:
        return f"{self.respond_amount} {self.get_respond_span_display()}"

    @property
    def closes(self) -> str:
        return f"{self.close_amount} {self.get_close_span_display()}"


class ListedItemQuerySet(models.QuerySet["ListedItem"]):
    def valid(self, on: date) -> "ListedItemQuerySet":
        """Temporary ones end by themselves, whether or not somebody has published the list without them."""
        return self.filter(Q(until=None) | Q(until__gte=on))

    def in_force(self, on: date) -> "ListedItemQuerySet":
        newest = CatalogueVersion.objects.order_by("-id").values("id")[:1]
        return self.valid(on).filter(version=models.Subquery(newest))


class ListedItem(Said):
    """A matter with its limits, as one version of the list says it."""

    version = models.ForeignKey(
        CatalogueVersion, models.PROTECT, related_name="items", verbose_name="版本", db_index=False
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="listed", verbose_name="事项", db_index=False)
    code = models.CharField("编码", max_length=6)

    objects = ListedItemQuerySet.as_manager()

    class Meta:
        verbose_name = "入格事项"
        verbose_name_plural = "入格事项"
        ordering = ("version", "code")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="item_listed_once")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def visible_to(self, user: User) -> "AdmissionQuerySet":
        """The centre reads all, a unit its own."""
        if holds(user, *READERS):
            return self
        return self.filter(unit__in=units_of(user, *APPLICANTS, Duty.HANDLER))

    def waiting(self) -> "AdmissionQuerySet":
        return self.filter(state=Admission.State.APPLIED)

    def approved(self) -> "AdmissionQuerySet":
        return self.filter(state=Admission.State.APPROVED)

    def open(self) -> "AdmissionQuerySet":
        return self.filter(state__in=Admission.OPEN)


class Admission(Said):
    """准入: a department asks that a matter be put on the list, changed on it, or taken off it."""

    class Kind(models.TextChoices):
        ADD = "add", "新增"
        CHANGE = "change", "调整"
        WITHDRAW = "withdraw", "退出"

    class State(models.TextChoices):
        APPLIED = "applied", "待审核"
        RETURNED = "returned", "退回补正"
        APPROVED = "approved", "待公布"
        PUBLISHED = "published", "已公布"
        REFUSED = "refused", "未准入"

    OPEN = (State.APPLIED, State.RETURNED, State.APPROVED)

    kind = models.CharField("申请", max_length=8, choices=Kind)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="admissions", verbose_name="事项"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="admissions", verbose_name="申请单位")
    temporary = models.BooleanField("临时事项", default=False)
    reason = models.CharField("申请理由和依据", max_length=400)
    state = models.CharField("状态", max_length=10, choices=State, default=State.APPLIED, editable=False)
    applied_at = models.DateTimeField("申请时间", editable=False)
    version = models.ForeignKey(
        CatalogueVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="admissions",
        verbose_name="公布于",
        editable=False,
        db_index=False,
    )

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "准入申请"
        verbose_name_plural = "准入申请"
        ordering = ("-applied_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                name="one_open_admission_per_item",
                condition=Q(item__isnull=False, state__in=["applied", "returned", "approved"]),
            ),
            models.CheckConstraint(name="temporary_item_ends", condition=Q(temporary=False) | Q(until__isnull=False)),
        ]
        indexes = [models.Index(fields=["state", "-applied_at", "-id"], name="admission_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class AdmissionEvent(models.Model):
    class Action(models.TextChoices):
        APPLY = "apply", "申请"
        RESUBMIT = "resubmit", "补正后再报"
        SEND_BACK = "send_back", "退回补正"
        APPROVE = "approve", "审核通过"
        REFUSE = "refuse", "不予准入"
        PUBLISH = "publish", "公布"

    admission = models.ForeignKey(
        Admission, models.PROTECT, related_name="events", verbose_name="准入申请", db_index=False
    )
    action = models.CharField("动作", max_length=10, choices=Action)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人", db_index=False
    )
    note = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        verbose_name = "准入办理"
        verbose_name_plural = "准入办理"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["admission", "at", "id"], name="admission_event_of_admission")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.action}"
