"""What a patrol or a visit found that could hurt somebody: solved on the spot, or sent on, and looked at again."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import User
from grids.models.dwelling import within
from grids.models.household import Household
from grids.models.item import Item
from grids.models.place import Place
from grids.models.premises import Premises
from grids.models.record import APPEND_ONLY


class HazardQuerySet(models.QuerySet["Hazard"]):
    def visible_to(self, user: User) -> "HazardQuerySet":
        return self.filter(within(user, "place__code") | Q(found_by=user))

    def open(self) -> "HazardQuerySet":
        return self.exclude(state=Hazard.State.CLEARED)

    def to_recheck(self, on: date) -> "HazardQuerySet":
        return self.open().filter(recheck_on__lte=on)

    def in_place(self, code: str) -> "HazardQuerySet":
        return self.filter(place__code__startswith=code)

    def awaiting_conclusion(self) -> "HazardQuerySet":
        """Sent on, and nobody has said yet that it is done."""
        return self.filter(state=Hazard.State.SENT_ON, recheck_on=None)


class Hazard(models.Model):
    class State(models.TextChoices):
        FOUND = "found", "待处置"
        SOLVED = "solved", "已当场处置，待复查"
        SENT_ON = "sent_on", "已上报，待复查"
        CLEARED = "cleared", "复查无隐患"

    item = models.ForeignKey(Item, models.PROTECT, related_name="hazards", verbose_name="事项", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="hazards", verbose_name="所属网格", db_index=False)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="户"
    )
    premises = models.ForeignKey(
        Premises, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="商户"
    )
    address = models.CharField("地址", max_length=120)
    words = models.CharField("现场情况", max_length=400)
    after_words = models.CharField("处置结果", max_length=400, blank=True, editable=False)
    state = models.CharField("状态", max_length=8, choices=State, default=State.FOUND, editable=False)
    found_by = models.ForeignKey(User, models.PROTECT, related_name="hazards_found", verbose_name="发现人")
    found_at = models.DateTimeField("发现时间")
    recheck_on = models.DateField("复查日期", null=True, blank=True, editable=False)
    cleared_at = models.DateTimeField("销号时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # one more with every verb

    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = "隐患"
        verbose_name_plural = "隐患"
        ordering = ("-found_at", "-id")
        indexes = [
            models.Index(fields=["place", "-found_at", "-id"], name="hazard_by_place"),
            models.Index(fields=["recheck_on"], name="hazard_to_recheck", condition=~Q(state="cleared")),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.address}"


class HazardEvent(models.Model):
    class Action(models.TextChoices):
        FOUND = "found", "发现"
        SOLVED = "solved", "当场处置"
        SENT_ON = "sent_on", "上报"
        CONCLUDED = "concluded", "诉求办结，请复查"
        RECHECKED = "rechecked", "复查"
        PHOTOGRAPHED = "photo", "补拍照片"
        UNPHOTOGRAPHED = "unphoto", "删除照片"
        ERASED = "erased", "到期删除文字和照片"

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="events", verbose_name="隐患", db_index=False)
    action = models.CharField("动作", max_length=10, choices=Action)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人", db_index=False
    )
    note = models.CharField("说明", max_length=400, blank=True)
    detail = models.JSONField("细节", default=dict, blank=True)

    class Meta:
        verbose_name = "隐患处置"
        verbose_name_plural = "隐患处置"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["hazard", "at", "id"], name="hazard_event_of_hazard")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.action}"

    @property
    def said(self) -> str:
        match self.action:
            case self.Action.RECHECKED:
                return "复查：已无隐患，销号" if self.detail.get("cleared") else "复查：隐患还在"
            case self.Action.SENT_ON:
                return f"上报为诉求 {self.detail.get('petition', '')}"
            case self.Action.UNPHOTOGRAPHED if "erasure" in self.detail:
                return "删除照片（保存期满）"
        return str(self.get_action_display())
