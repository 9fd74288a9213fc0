"""Ready words for an action's form: one's own, those of a unit, or the centre's for everybody."""

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models import Duty, Item
from grids.scope import duties_of, units_of
from petitions.models.petition import OF_A_UNIT

TEMPLATE_READERS = (*OF_A_UNIT, Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CALLER_BACK, Duty.CENTRE_DIRECTOR)
CENTRE_KEEPERS = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR)


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, user: User) -> "TemplateQuerySet":
        if not duties_of(user) & set(TEMPLATE_READERS):
            return self.none()
        mine = Q(owner=user) | Q(unit__in=units_of(user, *OF_A_UNIT)) | Q(owner=None, unit=None)
        return self.filter(mine, ended_at=None)

    def of_action(self, action: str) -> "TemplateQuerySet":
        """All of them where none is named that exists."""
        return self.filter(action=action) if action in Template.Action else self

    def fitting(self, action: str, item_id: int) -> "TemplateQuerySet":
        """Those of the item before those for all; one's own before the unit's, and the centre's last."""
        of_all = models.F("item").asc(nulls_last=True)
        near = models.F("owner").asc(nulls_last=True), models.F("unit").asc(nulls_last=True)
        return self.filter(Q(item=item_id) | Q(item=None), action=action).order_by(of_all, *near, "title", "pk")


class Template(models.Model):
    class Action(models.TextChoices):
        REPLY = "reply", "提交办理结果"
        ANSWER = "answer", "直接答复"
        REFUSE = "refuse", "不予受理"
        CALL_BACK = "call_back", "回访备注"

    action = models.CharField("用在", max_length=12, choices=Action)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项", db_index=False
    )
    title = models.CharField("名称", max_length=40)
    text = models.TextField("内容")
    owner = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="templates", verbose_name="仅此人使用"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="templates", verbose_name="仅此单位使用"
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="写的人", db_index=False)
    written_at = models.DateTimeField("写于")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "答复模板"
        verbose_name_plural = "答复模板"
        ordering = ("action", "title", "id")
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(unit=None), name="template_of_one_or_of_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.whose}）"

    @property
    def whose(self) -> str:
        return "我的" if self.owner_id else str(self.unit) if self.unit else "全市通用"
