"""What a telephone system tells the portal: which calls came in, for whom, and how long they lasted."""

import uuid
from datetime import datetime, timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.masking import mask_phone
from accounts.models import User
from accounts.sealed import SealedTextField
from petitions.models.petition import Petition

SHOWN_FOR = timedelta(hours=1)
SHOWN_AFTER_THE_END = timedelta(minutes=10)
KEPT_FOR = timedelta(days=30)  # of calls that became no petition
WITHHELD = "号码未显示"

plain = RegexValidator(r"^[a-z0-9-]+\Z", "只能用小写字母、数字和连字符。")


class PhoneSystem(models.Model):
    class Digest(models.TextChoices):
        SM3 = "sm3", "HMAC-SM3"
        SHA256 = "sha256", "HMAC-SHA256"

    code = models.CharField("标识", max_length=20, unique=True, validators=[plain], help_text="随每个事件发来的系统名")
    name = models.CharField("名称", max_length=40)
    digest = models.CharField("签名算法", max_length=6, choices=Digest, default=Digest.SM3)
    secret = SealedTextField("签名密钥")
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "话务系统"
        verbose_name_plural = "话务系统"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class PhoneExtension(models.Model):
    system = models.ForeignKey(
        PhoneSystem, models.CASCADE, related_name="extensions", verbose_name="话务系统", db_index=False
    )
    number = models.CharField("分机", max_length=20)
    user = models.ForeignKey(User, models.CASCADE, related_name="extensions", verbose_name="坐席")

    class Meta:
        verbose_name = "分机"
        verbose_name_plural = "分机"
        ordering = ("system", "number")
        constraints = [
            models.UniqueConstraint(
                name="extension_of_one", fields=["system", "number"], violation_error_message="这个分机已有坐席。"
            )
        ]

    def __str__(self) -> str:
        return self.number


class PhoneEvent(models.Model):
    """An event is heard once; the row outlives the minutes in which its signature holds."""

    system = models.ForeignKey(PhoneSystem, models.CASCADE, related_name="+", verbose_name="话务系统", db_index=False)
    event_id = models.CharField("事件标识", max_length=64)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "话务事件"
        verbose_name_plural = "话务事件"
        constraints = [models.UniqueConstraint(name="phone_event_once", fields=["system", "event_id"])]

    def __str__(self) -> str:
        return self.event_id


class IncomingCallQuerySet(models.QuerySet["IncomingCall"]):
    def of(self, user: User) -> "IncomingCallQuerySet":
        return self.filter(operator=user)

    def unwritten(self) -> "IncomingCallQuerySet":
        return self.filter(~Exists(Petition.objects.filter(submission=OuterRef("submission"))))

    def waiting(self, at: datetime) -> "IncomingCallQuerySet":
        """On the line, or just ended, and not yet a petition."""
        ends = Q(ended_at=None) | Q(ended_at__gt=at - SHOWN_AFTER_THE_END)
        return self.unwritten().filter(ends, rang_at__gt=at - SHOWN_FOR).order_by("-rang_at", "-id")

    def prune(self, at: datetime) -> int:
        return self.unwritten().filter(rang_at__lte=at - KEPT_FOR).delete()[0]


class IncomingCall(models.Model):
    """Its form has the call's own submission, so that the petition written from it is known as soon as it is saved."""

    system = models.ForeignKey(
        PhoneSystem, models.PROTECT, related_name="calls", verbose_name="话务系统", db_index=False
    )
    call_id = models.CharField("通话标识", max_length=64)
    submission = models.UUIDField("提交标识", unique=True, default=uuid.uuid4, editable=False)
    number = SealedTextField("来电号码", blank=True, default="")
    extension = models.CharField("分机", max_length=20, blank=True)
    operator = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="坐席", db_index=False)
    rang_at = models.DateTimeField("振铃时间")
    answered_at = models.DateTimeField("接听时间", null=True, blank=True)
    ended_at = models.DateTimeField("挂断时间", null=True, blank=True)
    seconds = models.PositiveIntegerField("通话秒数", null=True, blank=True)

    objects = IncomingCallQuerySet.as_manager()

    class Meta:
        verbose_name = "来电"
        verbose_name_plural = "来电"
        ordering = ("-rang_at", "-id")
        constraints = [models.UniqueConstraint(name="call_of_system", fields=["system", "call_id"])]
        indexes = [models.Index(fields=["operator", "-rang_at"], name="call_newest")]

    def __str__(self) -> str:
        return f"来电 {self.masked}"

    @property
    def masked(self) -> str:
        return mask_phone(self.number) or WITHHELD

    @property
    def lasted(self) -> str:
        """1 分 15 秒"""
        minutes, seconds = divmod(self.seconds or 0, 60)
        return f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"

    @property
    def petition(self) -> Petition | None:
        return Petition.objects.filter(submission=self.submission).first()
