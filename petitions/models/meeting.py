"""A meeting on what nobody solves alone: its agenda of topics, who came, what was decided.

Topics are also made by the sweep, as rows of SQL, in the transaction that supervises. What such a row has to say:
`petition_id, reason, raised_at`; `level`, `state`, `title` and `result` have database defaults, and without
`raised_by_id` it was raised by the clock. A petition may have several topics over time, so nothing here is unique.
"""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit, User
from grids.models import Duty
from grids.scope import holds, units_of
from petitions.models.petition import OF_A_UNIT, Petition

SECRETARIES = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR)  # who prepare meetings and write their minutes
SEE_EVERY_MEETING = (*SECRETARIES, Duty.LEADER, Duty.PRINCIPAL_LEADER, Duty.LEADERS_OFFICE)
IN_A_UNIT = (*OF_A_UNIT, Duty.STREET_OFFICER)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Leaders and the centre see all; a unit those to which it was asked, and those that gave it a task."""
        if holds(user, *SEE_EVERY_MEETING):
            return self
        units = units_of(user, *IN_A_UNIT)
        if not units:
            return self.none()
        asked = Attendance.objects.filter(meeting=OuterRef("pk"), unit__in=units)
        tasks = apps.get_model("petitions", "Task")._default_manager
        charged = tasks.filter(Q(unit__in=units) | Q(assisting__in=units), decision__meeting=OuterRef("pk"))
        return self.filter(Q(Exists(asked)) | Q(Exists(charged)))


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User) -> "TopicQuerySet":
        """What waits for a meeting is the business of those who prepare and who call it."""
        return self if holds(user, *SEE_EVERY_MEETING) else self.none()

    def waiting(self) -> "TopicQuerySet":
        return self.filter(state=Topic.State.WAITING)


class Meeting(models.Model):
    class Kind(models.TextChoices):
        JOINT = "joint", "联席会议"
        LEADING_GROUP = "leading_group", "领导小组会议"

    class State(models.TextChoices):
        PLANNED = "planned", "筹备"
        OPENED = "opened", "会议中"
        MINUTED = "minuted", "已印发纪要"
        CANCELLED = "cancelled", "已取消"

    # 寿社治联〔2026〕3号, 寿社治领〔2026〕1号: one gapless series per kind and year.
    PREFIX = {Kind.JOINT: "寿社治联", Kind.LEADING_GROUP: "寿社治领"}

    kind = models.CharField("类别", max_length=14, choices=Kind, default=Kind.JOINT)
    number = models.CharField("会议编号", max_length=24, unique=True, editable=False)
    title = models.CharField("会议名称", max_length=80)
    convener = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="召集人")
    held_at = models.DateTimeField("会议时间")
    venue = models.CharField("地点", max_length=80)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    materials = models.TextField("汇报材料", blank=True)
    dissent = models.TextField("分歧与保留意见", blank=True)
    minutes = models.TextField("会议情况", blank=True)
    next_review_on = models.DateField("下次复盘日", null=True, blank=True)
    created_at = models.DateTimeField("发起时间")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("开会时间", null=True, blank=True)
    minuted_at = models.DateTimeField("纪要印发时间", null=True, blank=True)
    minuted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "会议"
        verbose_name_plural = "会议"
        ordering = ("-held_at", "-id")
        indexes = [models.Index(fields=["kind", "-held_at"], name="meeting_of_kind")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Topic(models.Model):
    """What waits for a meeting, or was heard there."""

    class State(models.TextChoices):
        WAITING = "waiting", "待上会"
        ON_AGENDA = "on_agenda", "已列入议程"
        DECIDED = "decided", "已议定"
        UNSOLVED = "unsolved", "会上未能解决"
        WITHDRAWN = "withdrawn", "已撤回"

    level = models.CharField("上什么会", max_length=14, choices=Meeting.Kind, db_default=Meeting.Kind.JOINT)
    petition = models.ForeignKey(
        Petition, models.CASCADE, null=True, blank=True, related_name="topics", verbose_name="诉求"
    )
    title = models.CharField("议题", max_length=80, blank=True, db_default="", help_text="没有对应诉求时填写")
    reason = models.CharField("提请事由", max_length=200)
    raised_at = models.DateTimeField("提请时间")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提请人")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="会议"
    )
    order = models.PositiveSmallIntegerField("序号", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, db_default=State.WAITING)
    result = models.TextField("会上情况", blank=True, db_default="")

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "会议议题"
        verbose_name_plural = "会议议题"
        ordering = ("order", "raised_at", "id")
        indexes = [models.Index(fields=["level", "raised_at"], name="topic_waits", condition=Q(state="waiting"))]
        constraints = [
            models.CheckConstraint(name="topic_is_about_something", condition=Q(petition__isnull=False) | ~Q(title="")),
            models.CheckConstraint(
                name="topic_waits_outside_of_meetings",
                condition=Q(state__in=["waiting", "withdrawn"]) | Q(meeting__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        return self.title or (self.petition.title if self.petition else "")


class Attendance(models.Model):
    """A unit that was asked to a meeting, and who came for it."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendances", verbose_name="会议", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="参会单位")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签到人")
    name = models.CharField("参会人", max_length=60, blank=True)
    invited_at = models.DateTimeField("通知时间")
    signed_in_at = models.DateTimeField("签到时间", null=True, blank=True)

    class Meta:
        verbose_name = "参会单位"
        verbose_name_plural = "参会单位"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="unit_is_asked_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}".strip()


class Decision(models.Model):
    """What the meeting decided, numbered as in its minutes. Who does it by when is a Task."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name="会议", db_index=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="议题"
    )
    order = models.PositiveSmallIntegerField("序号")
    content = models.TextField("议定内容")
    decided_at = models.DateTimeField("议定时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")

    class Meta:
        verbose_name = "议定事项"
        verbose_name_plural = "议定事项"
        ordering = ("meeting", "order")
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="decision_has_its_number")]

    def __str__(self) -> str:
        return f"{self.order}. {self.content[:40]}"
