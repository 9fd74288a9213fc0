"""The city's promises as rows: how long each lasts, what its ladder does, and which days people work."""

from django.core.exceptions import ValidationError
from django.db import models

from grids.models import Span


class Promise(models.TextChoices):
    ACCEPT = "accept", "受理"
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    CONTACT = "contact", "首次联系"
    RESOLVE = "resolve", "办结"
    REVIEW = "review", "审核"
    CALL_BACK = "call_back", "回访"
    EXTENSION = "extension", "延期上限"
    RETURN_REVIEW = "return", "退单审核"
    ARBITRATION = "arbitration", "会商裁定"
    ASSIST_SIGN = "assist_sign", "协办签收"
    ASSIST_REPLY = "assist_reply", "协办办理"
    SUSPENSION_REVIEW = "suspension", "挂账复核"
    STAGE = "stage", "阶段反馈"


class PromiseClass(models.TextChoices):
    CRITICAL = "critical", "特急"
    INSTRUCTION = "instruction", "领导批示件"
    SUPERIOR = "superior", "上级转办件"
    URGENT = "urgent", "紧急"
    BUSINESS = "business", "涉企"
    COMPLEX = "complex", "复杂疑难"
    CONSULTATION = "consultation", "咨询"
    ASSISTANCE = "assistance", "求助"
    COMPLAINT = "complaint", "投诉举报"
    SUGGESTION = "suggestion", "建议"


class Effect(models.TextChoices):
    """What a step of the ladder does, lowest first: no step rings before the one below it."""

    YELLOW_CARD = "yellow_card", "黄牌预警"
    RED_CARD = "red_card", "红牌超期"
    PHONE_URGING = "phone_urging", "电话督办"
    REPORT_DIRECTOR = "report_director", "报中心主任"
    SUPERVISE = "supervise", "书面督办"
    SUPERVISE_SECOND = "supervise_second", "二次书面督办"
    ON_SITE = "on_site", "现场督办"
    SUPERVISE_THIRD = "supervise_third", "三次书面督办"
    REPORT_PRINCIPAL = "report_principal", "报主要领导"


# Which supervision notice a step issues: the first, the second, the third.
WRITTEN = {Effect.SUPERVISE: 1, Effect.SUPERVISE_SECOND: 2, Effect.SUPERVISE_THIRD: 3}
# Steps against a unit; of what the centre itself promised, there is nobody to write to.
AGAINST_A_UNIT = frozenset({*WRITTEN, Effect.ON_SITE, Effect.REPORT_PRINCIPAL})
OF_THE_CENTRE = frozenset(
    {
        *("", Promise.ACCEPT, Promise.DISPATCH, Promise.REVIEW, Promise.CALL_BACK),
        *(Promise.RETURN_REVIEW, Promise.ARBITRATION),
    }
)

ANY_CLASS = "空表示各类通用"


class Term(models.Model):
    """How long a promise lasts for a class of petitions."""

    promise_class = models.CharField(
        "类别", max_length=14, choices=PromiseClass, blank=True, help_text="空表示各类通用"
    )
    promise = models.CharField("承诺", max_length=12, choices=Promise)
    amount = models.PositiveSmallIntegerField("时长")
    span = models.CharField("单位", max_length=14, choices=Span)
    note = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        verbose_name = "时限"
        verbose_name_plural = "时限表"
        ordering = ("promise_class", "promise")
        constraints = [models.UniqueConstraint(fields=["promise_class", "promise"], name="term_once")]

    def __str__(self) -> str:
        named = f"{self.get_promise_class_display() or '通用'} {self.get_promise_display()}"
        return f"{named} {self.amount}{self.get_span_display()}"


class Rung(models.Model):
    """A step of a promise's ladder: so long before or after the due instant, the effect happens."""

    class Side(models.TextChoices):
        BEFORE = "before", "到期前"
        AFTER = "after", "到期后"

    promise_class = models.CharField(
        "类别", max_length=14, choices=PromiseClass, blank=True, help_text="空表示各类通用"
    )
    promise = models.CharField("承诺", max_length=12, choices=Promise, blank=True, help_text="空表示各项通用")
    side = models.CharField("前后", max_length=6, choices=Side)
    amount = models.PositiveSmallIntegerField("时长")
    span = models.CharField("单位", max_length=14, choices=Span)
    effect = models.CharField("动作", max_length=16, choices=Effect)
    rings = models.BooleanField("启用", default=True, help_text="某一类不要这一步时，为它单列一行并取消启用")
    note = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        verbose_name = "催督阶梯"
        verbose_name_plural = "催督阶梯"
        ordering = ("promise_class", "promise", "-side", "amount")
        constraints = [
            models.UniqueConstraint(fields=["promise_class", "promise", "effect"], name="rung_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.amount}{self.get_span_display()} {self.get_effect_display()}"

    def clean(self) -> None:
        if self.effect in AGAINST_A_UNIT and self.promise in OF_THE_CENTRE:
            raise ValidationError({"promise": "这一步针对承办单位，请指明由单位履行的承诺，如签收、首次联系、办结。"})
        if self.effect in (Effect.RED_CARD, *AGAINST_A_UNIT) and self.side == self.Side.BEFORE:
            raise ValidationError({"side": "到期以前还没有超期，这一步只能在到期后。"})


class Workday(models.Model):
    """One day of the working calendar."""

    class Kind(models.TextChoices):
        WORKDAY = "workday", "工作日"
        WEEKEND = "weekend", "周末"
        HOLIDAY = "holiday", "节假日"
        MAKE_UP = "make_up", "调休上班"

    on = models.DateField("日期", primary_key=True)
    kind = models.CharField("性质", max_length=10, choices=Kind)
    provisional = models.BooleanField("暂定", default=False, help_text="当年放假安排尚未公布")
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        ordering = ("on",)

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class WorkingHours(models.Model):
    """From which date the city works which hours."""

    since = models.DateField("自", primary_key=True)
    am_start = models.TimeField("上午上班")
    am_end = models.TimeField("上午下班")
    pm_start = models.TimeField("下午上班")
    pm_end = models.TimeField("下午下班")

    class Meta:
        verbose_name = "作息时间"
        verbose_name_plural = "作息时间"
        ordering = ("since",)
        constraints = [
            models.CheckConstraint(
                name="hours_run_forwards",
                condition=models.Q(
                    am_start__lt=models.F("am_end"),
                    am_end__lte=models.F("pm_start"),
                    pm_start__lt=models.F("pm_end"),
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.since} 起 {self.am_start:%H:%M}–{self.am_end:%H:%M}、{self.pm_start:%H:%M}–{self.pm_end:%H:%M}"


class Setting(models.Model):
    """A single number of the workflow that the city may edit (days to reopen, tries of a call-back …)."""

    key = models.CharField("键", max_length=40, primary_key=True)
    value = models.PositiveIntegerField("值")
    name = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        verbose_name = "办理参数"
        verbose_name_plural = "办理参数"
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.name}：{self.value}"
