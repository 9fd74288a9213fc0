"""A satisfied petition that was drawn to be asked again, by somebody else than who asked first."""

from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models import Duty
from grids.scope import holds, units_of
from petitions.models.callback import Callback, Satisfied, Solved
from petitions.models.petition import OF_A_UNIT, Petition

SEE_EVERY_RECHECK = (
    Duty.CALLER_BACK,
    Duty.REVIEWER,
    Duty.CENTRE_DIRECTOR,
    Duty.LEADER,
    Duty.PRINCIPAL_LEADER,
    Duty.AUDITOR,
)


class RecheckQuerySet(models.QuerySet["Recheck"]):
    def visible_to(self, user: User) -> "RecheckQuerySet":
        """The centre and leaders see all; a unit what was found about its own work, once it was found."""
        if holds(user, *SEE_EVERY_RECHECK):
            return self
        units = units_of(user, *OF_A_UNIT)
        return self.filter(unit__in=units).exclude(result="") if units else self.none()

    def waiting(self) -> "RecheckQuerySet":
        return self.filter(result="")


class Recheck(models.Model):
    class Result(models.TextChoices):
        AGREES = "agrees", "与原回访一致"
        DEVIATES = "deviates", "与原回访不一致"
        FALSE = "false", "虚假办结"
        UNREACHED = "unreached", "未接通"

    DEVIATIONS = (Result.DEVIATES, Result.FALSE)

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="rechecks", verbose_name="诉求")
    callback = models.OneToOneField(Callback, models.CASCADE, related_name="recheck", verbose_name="原回访")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rechecks", verbose_name="承办单位", db_index=False)
    month = models.DateField("抽查月份", help_text="当月第一天")
    drawn_at = models.DateTimeField("抽取时间")
    result = models.CharField("结论", max_length=10, choices=Result, blank=True)
    solved = models.CharField("是否解决", max_length=12, choices=Solved, blank=True)
    satisfied = models.CharField("是否满意", max_length=12, choices=Satisfied, blank=True)
    note = models.TextField("说明", blank=True)
    done_at = models.DateTimeField("复核时间", null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人")

    objects = RecheckQuerySet.as_manager()

    class Meta:
        verbose_name = "满意件抽查"
        verbose_name_plural = "满意件抽查"
        ordering = ("-month", "unit", "id")
        constraints = [
            models.CheckConstraint(
                name="recheck_is_done_whole",
                condition=Q(result="", done_at=None, done_by=None)
                | (~Q(result="") & Q(done_at__isnull=False, done_by__isnull=False)),
            )
        ]
        indexes = [
            models.Index(fields=["unit", "month"], name="recheck_of_unit"),
            models.Index(fields=["month"], name="recheck_waiting", condition=Q(result="")),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.month:%Y-%m} {self.get_result_display() or '待复核'}"

    @property
    def deviates(self) -> bool:
        return self.result in self.DEVIATIONS
