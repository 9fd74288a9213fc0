"""A petition: what one caller said, where, and who has it now."""

import secrets
import uuid

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit, User
from accounts.sealed import FingerprintField, SealedTextField
from accounts.sealing import fingerprints
from grids.models import Duty, Item, Place, Visibility
from grids.scope import holds, places_of, units_of
from petitions import moments
from petitions.words import grams


class Channel(models.Model):
    code = models.CharField("编码", max_length=8, primary_key=True)
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("次序", default=0)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "渠道"
        verbose_name_plural = "渠道"
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    RECEIVED = "received", "待受理"
    REFUSED = "refused", "不予受理"
    ANSWERED = "answered", "直接答复"
    AWAITING_DISPATCH = "awaiting_dispatch", "待派单"
    AWAITING_SIGN = "awaiting_sign", "待签收"
    RETURN_UNDER_REVIEW = "return_under_review", "退单待审"
    IN_ARBITRATION = "in_arbitration", "争议会商"
    IN_HAND = "in_hand", "办理中"
    EXTENSION_UNDER_REVIEW = "extension_asked", "延期待审"
    SUSPENSION_UNDER_REVIEW = "suspension_asked", "挂账待审"
    SUSPENDED = "suspended", "挂账"
    TERMINATION_UNDER_REVIEW = "termination_asked", "终止待审"
    AWAITING_APPROVAL = "awaiting_approval", "待单位审核"
    AWAITING_REVIEW = "awaiting_review", "待中心审核"
    AWAITING_CALLBACK = "awaiting_callback", "待回访"
    CLOSED = "closed", "已办结"
    MERGED = "merged", "并单"
    TERMINATED = "terminated", "终止办理"
    ARCHIVED = "archived", "已归档"


FINISHED = (Status.REFUSED, Status.ANSWERED, Status.CLOSED, Status.MERGED, Status.TERMINATED, Status.ARCHIVED)
OPEN = tuple(status for status in Status if status not in FINISHED)


class Nature(models.TextChoices):
    CONSULTATION = "consultation", "咨询"
    ASSISTANCE = "assistance", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    SUGGESTION = "suggestion", "建议"
    THANKS = "thanks", "感谢"
    INVALID = "invalid", "无效"


class Tag(models.TextChoices):
    REPEATED = "repeated", "重复"
    COMPLEX = "complex", "疑难"
    GROUP = "group", "群体"
    SENSITIVE = "sensitive", "敏感"
    BUSINESS = "business", "涉企"
    OPINION = "opinion", "舆情"
    ELDERLY = "elderly", "老年人来电"
    HISTORICAL = "historical", "历史遗留"


# No 0/O, 1/I/L: the code is read aloud over the phone.
LOOKUP_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

WHOLE_CITY = (
    Duty.OPERATOR,
    Duty.DISPATCHER,
    Duty.REVIEWER,
    Duty.CALLER_BACK,
    Duty.CENTRE_DIRECTOR,
    Duty.LEADER,
    Duty.PRINCIPAL_LEADER,
    Duty.AUDITOR,
)
OF_A_PLACE = (
    Duty.STREET_OFFICER,
    Duty.COMMUNITY_SECRETARY,
    Duty.GRID_SECRETARY,
    Duty.GRID_WORKER,
)
OF_A_UNIT = (Duty.RECEIVER, Duty.HANDLER, Duty.HEAD)


def new_lookup_code() -> str:
    return "".join(secrets.choice(LOOKUP_ALPHABET) for _ in range(6))


def sees_all(user: User) -> bool:
    return holds(user, *WHOLE_CITY)


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visible_to(self, user: User) -> "PetitionQuerySet":
        """City-wide duties see all; units what was sent to them; places what happened there, if not confidential."""
        if sees_all(user):
            return self
        mine = Q(registered_by=user)
        if units := units_of(user, *OF_A_UNIT):
            sent = apps.get_model("petitions", "Dispatch")._default_manager
            mine |= Q(Exists(sent.filter(petition=OuterRef("pk"), unit__in=units)))
        for code in places_of(user, *OF_A_PLACE):
            mine |= Q(place__code__startswith=code) & ~Q(item__visibility=Visibility.CONFIDENTIAL)
        return self.filter(mine)

    def public(self) -> "PetitionQuerySet":
        """What anybody may hear of: neither it nor what it was merged into is confidential."""
        openly = Q(item__visibility=Visibility.PUBLIC, confidential=False)
        main = Q(merged_into__item__visibility=Visibility.PUBLIC, merged_into__confidential=False)
        return self.filter(openly, Q(merged_into=None) | main)

    def open(self) -> "PetitionQuerySet":
        return self.filter(status__in=OPEN)

    def from_phone(self, phone: str) -> "PetitionQuerySet":
        return self.filter(caller_fingerprint__in=fingerprints(phone))

    def for_list(self) -> "PetitionQuerySet":
        """What a row of a list shows; the caller stays sealed."""
        return self.select_related("item", "unit", "place").defer(
            "content", "words", "wish", "caller_name", "caller_phone"
        )


class Petition(models.Model):
    ARCHIVE_PREFIX = "寿社治档"
    # Unique by a constraint of its own: `unique=True` would add a second index for prefixes, which this one finds too.
    number = models.CharField("工单编号", max_length=16, db_collation="C", editable=False)
    lookup_code = models.CharField("查询码", max_length=6, default=new_lookup_code, editable=False)
    submission = models.UUIDField("提交标识", unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    # Keys without an index of their own: one of those below begins with each. (Of a text, Django would make two.)
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name="渠道", db_index=False)
    nature = models.CharField("诉求性质", max_length=14, choices=Nature)
    item = models.ForeignKey(Item, models.PROTECT, related_name="petitions", verbose_name="事项", db_index=False)
    urgency = models.CharField("紧急程度", max_length=10, choices=Item.Urgency, default=Item.Urgency.NORMAL)
    tags = ArrayField(models.CharField(max_length=12, choices=Tag), verbose_name="标签", default=list, blank=True)

    title = models.CharField("标题", max_length=80)
    content = models.TextField("诉求内容", validators=[MaxLengthValidator(4000)])
    wish = models.CharField("期望", max_length=200, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="petitions", verbose_name="所属网格", db_index=False)
    happened_at = models.DateTimeField("发生时间", null=True, blank=True, help_text="零点表示只知道日期")
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)

    words = ArrayField(models.CharField(max_length=32), verbose_name="检索词", default=list, editable=False)

    caller_name = SealedTextField("诉求人", blank=True, default="")
    caller_phone = SealedTextField("联系电话", blank=True, default="")
    caller_fingerprint = FingerprintField(of="caller_phone", max_length=32, null=True, editable=False)
    anonymous = models.BooleanField("匿名", default=False)
    confidential = models.BooleanField("要求保密", default=False)

    status = models.CharField("状态", max_length=20, choices=Status, default=Status.RECEIVED, editable=False)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="petitions",
        verbose_name="主办单位",
        editable=False,
        db_index=False,
    )
    # Who was first given it keeps the contact with the caller until another unit has signed (首接负责).
    contact_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="联系诉求人的单位",
        editable=False,
        db_index=False,
    )
    assisting = ArrayField(
        models.BigIntegerField(), verbose_name="尚欠协办的单位", null=True, editable=False, help_text="没有时为空"
    )
    redo_count = models.PositiveSmallIntegerField("重办次数", default=0, editable=False)
    registered_at = models.DateTimeField("登记时间", editable=False)
    registered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人", editable=False
    )
    concluded_at = models.DateTimeField("办结时间", null=True, blank=True, editable=False)
    archive_number = models.CharField("归档号", max_length=24, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="主单",
        editable=False,
        db_index=False,
    )
    informed_at = models.DateTimeField("并单诉求人已告知", null=True, blank=True, editable=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = "诉求"
        verbose_name_plural = "诉求"
        ordering = ("-registered_at", "-id")
        indexes = [
            models.Index(fields=["-registered_at", "-id"], name="petition_newest"),
            models.Index(fields=["status", "-registered_at", "-id"], name="petition_by_status"),
            models.Index(fields=["unit", "-registered_at", "-id"], name="petition_by_unit"),
            models.Index(fields=["place", "-registered_at", "-id"], name="petition_by_place"),
            models.Index(fields=["item", "-registered_at", "-id"], name="petition_by_item"),
            models.Index(fields=["channel"], name="petition_by_channel"),
            models.Index(fields=["caller_fingerprint", "-registered_at"], name="petition_by_caller"),
            models.Index(
                fields=["concluded_at"],
                name="petition_concluded",
                condition=Q(status__in=["refused", "answered", "closed", "terminated"]),
            ),
            models.Index(fields=["merged_into"], name="petition_merged_into", condition=Q(merged_into__isnull=False)),
            GinIndex(fields=["words"], name="petition_words"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="petition_number"),
            models.UniqueConstraint(
                fields=["archive_number"], name="petition_archive_number", condition=~Q(archive_number="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def index_words(self) -> None:
        self.words = grams(f"{self.title} {self.address} {self.content}")

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def reachable(self) -> bool:
        """Is there anyone to contact and to call back?"""
        return bool(self.caller_phone)

    @property
    def happened(self) -> str:
        return moments.spelled(self.happened_at)

    @property
    def tag_labels(self) -> list[str]:
        return [Tag(tag).label for tag in self.tags]
