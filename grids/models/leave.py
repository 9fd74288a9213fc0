"""A worker is away: until she is back, her deputy holds her duty in all her grids (`grids.scope`)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from grids.models.posting import Duty, Posting, whose_staffing


class LeaveQuerySet(models.QuerySet["Leave"]):
    def current(self, on: date) -> "LeaveQuerySet":
        return self.filter(since__lte=on, until__gt=on, returned_at=None)

    def to_come(self, on: date) -> "LeaveQuerySet":
        """Those that last, or have yet to begin."""
        return self.filter(until__gt=on, returned_at=None)

    def uncovered(self, on: date) -> "LeaveQuerySet":
        """Nobody stands in: the deputy left the service, or is away as well."""
        away = Leave.objects.current(on).filter(user=OuterRef("deputy"))
        return self.current(on).filter(Q(deputy__is_active=False) | Exists(away))

    def visible_to(self, user: User) -> "LeaveQuerySet":
        hers = Posting.objects.filter(whose_staffing(user, "place__code"), duty=Duty.GRID_WORKER)
        return self.filter(Exists(hers.filter(user=OuterRef("user"))))


class Leave(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="leaves", verbose_name="人员")
    since = models.DateField("请假起")
    until = models.DateField("返岗日", help_text="回来上班的那一天，当天起不再代管")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="deputised", verbose_name="代管人")
    why = models.CharField("事由", max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人", db_index=False)
    at = models.DateTimeField("登记时间")
    returned_at = models.DateTimeField("提前返岗", null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = "请假与代管"
        verbose_name_plural = "请假与代管"
        ordering = ("since", "id")
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_it_starts",
                condition=Q(until__gt=models.F("since")),
                violation_error_message="返岗日应晚于请假的第一天",
            ),
            models.CheckConstraint(
                name="nobody_deputises_for_herself",
                condition=~Q(user=models.F("deputy")),
                violation_error_message="代管人不能是本人",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.since} 至 {self.until}，由{self.deputy}代管"
