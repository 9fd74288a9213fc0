"""A paper for a leader (呈阅件), and what the leader wrote on it (批示).

Briefings are also made by the sweep, as rows of SQL, in the transaction that supervises. What such a row has to say:
`number, petition_id, reason, digest, proposal, duty, raised_at`; `state` and `version` have database defaults, without
`addressee_id` whoever holds the duty reads it, and without `raised_by_id` it was raised by the clock. The number comes
from `Series` under `Briefing.PREFIX`; the digest names no caller and no telephone number.
"""

import uuid
from pathlib import PurePosixPath

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit, User
from grids.models import Duty
from grids.scope import holds, units_of
from petitions.models.meeting import IN_A_UNIT, SECRETARIES, Topic
from petitions.models.petition import Petition

SEE_EVERY_BRIEFING = (*SECRETARIES, Duty.PRINCIPAL_LEADER, Duty.LEADERS_OFFICE)


def charged(user: User, **where: object) -> Exists:
    """Her unit leads or assists a task that comes from this paper."""
    units = units_of(user, *IN_A_UNIT)
    tasks = apps.get_model("petitions", "Task")._default_manager
    return Exists(tasks.filter(Q(unit__in=units) | Q(assisting__in=units), **where))


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def visible_to(self, user: User) -> "BriefingQuerySet":
        """The leader it is for, who prepares and who carries it, and the unit that has to act on it: nobody else."""
        if holds(user, *SEE_EVERY_BRIEFING):
            return self
        return self.filter(to_leader(user) | Q(charged(user, instruction__briefing=OuterRef("pk"))))

    def for_leader(self, user: User) -> "BriefingQuerySet":
        return self.filter(to_leader(user))


def to_leader(user: User) -> Q:
    duties = [duty for duty in Briefing.Addressed.values if holds(user, duty)]
    return Q(duty__in=duties) & (Q(addressee=None) | Q(addressee=user))


class InstructionQuerySet(models.QuerySet["Instruction"]):
    def visible_to(self, user: User) -> "InstructionQuerySet":
        """A unit reads the words that were sent to it, and no others."""
        if holds(user, *SEE_EVERY_BRIEFING):
            return self
        return self.filter(
            Q(briefing__in=Briefing.objects.for_leader(user)) | Q(charged(user, instruction=OuterRef("pk")))
        )


class Briefing(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "待阅"
        READ = "read", "已阅"
        INSTRUCTED = "instructed", "已批示"
        CONCLUDED = "concluded", "已办结"

    class Addressed(models.TextChoices):
        LEADER = Duty.LEADER.value, "市级分管领导"
        PRINCIPAL_LEADER = Duty.PRINCIPAL_LEADER.value, "市委、市政府主要领导"

    PREFIX = "寿社治呈"  # 寿社治呈〔2026〕5号

    number = models.CharField("呈阅件编号", max_length=24, unique=True, editable=False)
    petition = models.ForeignKey(
        Petition, models.CASCADE, null=True, blank=True, related_name="briefings", verbose_name="诉求"
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="briefings", verbose_name="经过的会议议题"
    )
    reason = models.CharField("呈报事由", max_length=200)
    digest = models.TextField("摘要（已脱敏）")
    proposal = models.TextField("拟办意见", blank=True, db_default="")
    duty = models.CharField("呈报", max_length=24, choices=Addressed)
    addressee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="呈阅人")
    raised_at = models.DateTimeField("呈报时间")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="呈报人")
    state = models.CharField("状态", max_length=10, choices=State, db_default=State.WAITING)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="阅读人")
    concluded_at = models.DateTimeField("办结时间", null=True, blank=True)
    concluded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办结人"
    )
    version = models.PositiveIntegerField(db_default=1, editable=False)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = "呈阅件"
        verbose_name_plural = "呈阅件"
        ordering = ("-raised_at", "-id")
        indexes = [
            models.Index(fields=["duty", "raised_at"], name="briefing_waits", condition=~Q(state="concluded")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.reason}"

    def raised_for(self, user: User) -> bool:
        """Is this one of the leaders it was written for?"""
        return self.addressee_id == user.pk if self.addressee_id else holds(user, self.duty)


def scan_name(instruction: "Instruction", name: str) -> str:
    """Never the name a user chose: a random one, in a folder per month."""
    return f"scans/{instruction.at:%Y/%m}/{uuid.uuid4().hex}{PurePosixPath(name).suffix.lower()[:8]}"


class Instruction(models.Model):
    """The leader's words as they were written (照录), and to whom the leader's office sent them."""

    class Kind(models.TextChoices):
        SEEN = "seen", "圈阅"
        ACT = "act", "批示办理"
        STUDY = "study", "批示研究"
        FORWARD = "forward", "转有关单位"

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="instructions", verbose_name="呈阅件")
    leader = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="批示人")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人")
    at = models.DateTimeField("批示时间")
    kind = models.CharField("批示类别", max_length=8, choices=Kind)
    text = models.TextField("批示原文", blank=True)
    scan = models.FileField("扫描件", upload_to=scan_name, blank=True)
    scan_type = models.CharField("扫描件类型", max_length=80, blank=True)
    due_at = models.DateTimeField("领导要求的时限", null=True, blank=True)
    named_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="领导点名的单位"
    )
    final_read_at = models.DateTimeField("领导阅示办结报告时间", null=True, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "领导批示"
        verbose_name_plural = "领导批示"
        ordering = ("briefing", "at", "id")

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.get_kind_display()}"


class Phrase(models.Model):
    """A ready sentence that a leader gives with one tap; the city edits them."""

    kind = models.CharField("批示类别", max_length=8, choices=Instruction.Kind)
    text = models.CharField("批示语", max_length=80, unique=True)
    order = models.PositiveSmallIntegerField("次序", default=0)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "常用批示语"
        verbose_name_plural = "常用批示语"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.text
