"""The supervision notice (督办通知单), and the standing authorisation under which the ladder issues it by itself.

Notices are made by the sweep as rows of SQL (`petitions.supervision`), or drafted by a reviewer and issued by the
director. What was issued stays as it was issued: the database refuses to change or to delete it.
"""

from datetime import date, datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models import Duty
from grids.scope import holds, units_of
from petitions.models.briefing import Briefing
from petitions.models.clock import Clock
from petitions.models.event import Event
from petitions.models.meeting import Topic
from petitions.models.petition import Petition
from petitions.models.terms import Promise

SEE_EVERY_NOTICE = (
    Duty.DISPATCHER,
    Duty.REVIEWER,
    Duty.CALLER_BACK,
    Duty.CENTRE_DIRECTOR,
    Duty.LEADER,
    Duty.PRINCIPAL_LEADER,
    Duty.LEADERS_OFFICE,
    Duty.AUDITOR,
)
IN_THE_UNIT = (Duty.HEAD, Duty.RECEIVER, Duty.HANDLER)
# The paper as it was signed: number, addressees, words, dates.
ON_PAPER = (
    *("number", "copy_number", "urgency", "time", "origin", "petition_id", "clock_id", "unit_id", "copies_to", "title"),
    *("basis", "digest", "earlier", "requirements", "complete_by", "contact", "issued_at", "signer_id"),
    *("authorisation_id", "briefing_id", "topic_id"),
)
CHANGED = (
    f"ROW({', '.join(f'OLD.{c}' for c in ON_PAPER)}) IS DISTINCT FROM ROW({', '.join(f'NEW.{c}' for c in ON_PAPER)})"
)


class StandingAuthorisation(models.Model):
    """The centre's decision that lets the ladder issue notices without a signature each time; each names it."""

    number = models.CharField("文号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=80)
    granted_by = models.CharField("授权人", max_length=60)
    since = models.DateField("自")
    until = models.DateField("止（不含）", null=True, blank=True)
    basis = models.CharField("督办依据", max_length=200)
    requirements = models.TextField("督办要求", help_text="一行一条")
    contact = models.CharField("反馈方式与联系人", max_length=120)

    class Meta:
        verbose_name = "督办签发授权"
        verbose_name_plural = "督办签发授权"
        ordering = ("-since", "-id")

    def __str__(self) -> str:
        return f"《{self.title}》（{self.number}）"

    @staticmethod
    def current(on: date) -> "StandingAuthorisation | None":
        running = StandingAuthorisation.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
        return running.order_by("-since", "-id").first()


class SupervisionNoticeQuerySet(models.QuerySet["SupervisionNotice"]):
    def visible_to(self, user: User) -> "SupervisionNoticeQuerySet":
        """The centre and the leaders see all of them; a unit what was issued to it."""
        if holds(user, *SEE_EVERY_NOTICE):
            return self
        return self.filter(unit__in=units_of(user, *IN_THE_UNIT), number__isnull=False)


class SupervisionNotice(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        REVIEWED = "reviewed", "已审核，待签发"
        ISSUED = "issued", "已签发，待送达"
        DELIVERED = "delivered", "已送达，待签收"
        SIGNED = "signed", "已签收，待反馈"
        FED_BACK = "fed_back", "已反馈，待核查"
        VERIFIED = "verified", "已核查，待销号"
        CLEARED = "cleared", "已销号"
        ESCALATED = "escalated", "已升级"
        DISCARDED = "discarded", "已作废"

    class Urgency(models.TextChoices):
        NORMAL = "normal", "普通"
        URGENT = "urgent", "加急"
        CRITICAL = "critical", "特急"

    class Time(models.IntegerChoices):
        FIRST = 1, "首次"
        SECOND = 2, "二次"
        THIRD = 3, "三次"

    class Origin(models.TextChoices):
        OVERDUE = "overdue", "超期未办结"
        DISSATISFIED = "dissatisfied", "重办后仍不满意"
        NO_FEEDBACK = "no_feedback", "逾期未反馈"
        COMPLEX = "complex", "复杂事项，短时间内难以解决"
        REPEATED = "repeated", "七日内同类三件以上"
        UNTRUE = "untrue", "反馈情况不实"

    class Finding(models.TextChoices):
        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        FALSE = "false", "不实"

    PREFIX = "寿社治督"  # 寿社治督〔2026〕12号

    number = models.CharField("发文字号", max_length=24, null=True, unique=True, editable=False)
    copy_number = models.CharField("份号", max_length=6, default="000001")
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT, editable=False)
    time = models.PositiveSmallIntegerField("第几次督办", choices=Time, null=True, editable=False)
    origin = models.CharField("督办事由", max_length=14, choices=Origin)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="supervision", verbose_name="来源工单")
    further = models.ManyToManyField(Petition, related_name="+", blank=True, verbose_name="并案工单")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+", verbose_name="所督办的承诺", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="supervision", verbose_name="主送单位", db_index=False)
    copies_to = models.CharField("抄送", max_length=200, blank=True)
    title = models.CharField("标题", max_length=120)
    basis = models.CharField("督办依据", max_length=400)
    digest = models.TextField("诉求摘要（已脱敏）")
    earlier = models.JSONField("前期办理情况", default=dict)
    requirements = ArrayField(models.TextField(), verbose_name="督办要求", default=list)
    complete_by = models.DateTimeField("完成时限")
    contact = models.CharField("反馈方式与联系人", max_length=120)
    briefing = models.ForeignKey(
        Briefing, models.PROTECT, null=True, related_name="+", verbose_name="同时呈报", editable=False
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, related_name="+", verbose_name="同时提请", editable=False
    )

    drafted_at = models.DateTimeField("拟稿时间")
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="拟稿人")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    issued_at = models.DateTimeField("签发时间", null=True)
    signer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签发人")
    authorisation = models.ForeignKey(
        StandingAuthorisation, models.PROTECT, null=True, related_name="+", verbose_name="签发授权"
    )
    delivered_at = models.DateTimeField("送达时间", null=True)
    delivery = models.CharField("送达方式", max_length=60, blank=True)

    sign_by = models.DateTimeField("签收时限", null=True)
    feed_back_by = models.DateTimeField("反馈时限", null=True)
    next_tick_at = models.DateTimeField("下次响铃", null=True)
    fault = models.CharField("故障", max_length=200, blank=True)

    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签收人")
    fed_back_at = models.DateTimeField("反馈时间", null=True)
    fed_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="主要负责人")
    handler = models.CharField("承办人", max_length=60, blank=True)
    measures = models.TextField("办理措施", blank=True)
    result = models.TextField("办理结果", blank=True)
    evidence = models.TextField("佐证材料", blank=True)
    opinion = models.TextField("主要负责人意见", blank=True)
    verified_at = models.DateTimeField("核查时间", null=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核查人")
    finding = models.CharField("核查结论", max_length=8, choices=Finding, blank=True)
    verification = models.TextField("核查情况", blank=True)
    cleared_at = models.DateTimeField("销号时间", null=True)
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="销号人")
    escalated_at = models.DateTimeField("升级时间", null=True)
    version = models.PositiveIntegerField(db_default=1, default=1, editable=False)

    objects = SupervisionNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "督办通知单"
        verbose_name_plural = "督办通知单"
        ordering = ("-issued_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["clock", "time"], name="each_notice_once_per_promise"),
            models.UniqueConstraint(
                fields=["clock"], name="one_draft_per_promise", condition=Q(state__in=["draft", "reviewed"])
            ),
            # 督办通知单、呈阅件、联席会议议题: all three, or none.
            models.CheckConstraint(
                name="issued_with_its_papers",
                condition=Q(number=None, time=None, briefing=None, topic=None, issued_at=None)
                | Q(number__isnull=False, time__in=[1, 2, 3], briefing__isnull=False, topic__isnull=False)
                & Q(issued_at__isnull=False),
            ),
            models.CheckConstraint(
                name="issued_by_somebody",
                condition=Q(number=None) | Q(signer__isnull=False) | Q(authorisation__isnull=False),
            ),
            models.CheckConstraint(
                name="finished_notice_does_not_ring",
                condition=~Q(state__in=["draft", "reviewed", "cleared", "escalated", "discarded"])
                | Q(next_tick_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-issued_at"], name="notice_by_state"),
            models.Index(fields=["unit", "-issued_at"], name="notice_of_unit"),
            models.Index(fields=["next_tick_at"], name="notice_rings_next", condition=Q(next_tick_at__isnull=False)),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="issued_paper_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.number IS NOT NULL AND {CHANGED}"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '（未编号）'} {self.title}"

    @property
    def due_at(self) -> datetime | None:
        """What the unit owes next: its signature, then its feedback."""
        if self.state in (self.State.ISSUED, self.State.DELIVERED):
            return self.sign_by
        return self.feed_back_by if self.state == self.State.SIGNED else None

    @property
    def unsigned(self) -> bool:
        """A draft that may still be issued."""
        return self.state in (self.State.DRAFT, self.State.REVIEWED)

    @property
    def promise(self) -> str:
        return Promise(self.clock.promise).label

    @property
    def time_label(self) -> str:
        return self.Time(self.time).label if self.time else ""


class CardWithdrawal(models.Model):
    """The centre's director takes a card back, with a reason (domain §2.8); the card itself stays on record."""

    card = models.OneToOneField(Event, models.PROTECT, related_name="withdrawal", verbose_name="亮牌")
    at = models.DateTimeField("撤销时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="撤销人")
    reason = models.CharField("撤销理由", max_length=500)

    class Meta:
        verbose_name = "撤牌"
        verbose_name_plural = "撤牌"
        ordering = ("-at", "-id")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"撤销 {self.card_id}"
