"""What one shift leaves to the next: in words, with the petitions it is about, and who has read it."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from grids.models import Duty
from grids.scope import duties_of
from petitions.models.petition import Petition

ON_SHIFT = (Duty.OPERATOR, Duty.DISPATCHER)
HANDOVER_READERS = (*ON_SHIFT, Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: User) -> "HandoverQuerySet":
        return self if duties_of(user) & set(HANDOVER_READERS) else self.none()

    def waiting_for(self, user: User) -> "HandoverQuerySet":
        """What somebody else left, and nobody has taken over yet."""
        if not duties_of(user) & set(ON_SHIFT):
            return self.none()
        return self.filter(read_at=None).exclude(written_by=user).order_by("written_at")


class Handover(models.Model):
    class Shift(models.TextChoices):
        DAY = "day", "白班"
        EVENING = "evening", "晚班"
        NIGHT = "night", "夜班"

    on = models.DateField("日期")
    shift = models.CharField("班次", max_length=8, choices=Shift)
    text = models.TextField("交接事项")
    petitions = models.ManyToManyField(Petition, related_name="handovers", verbose_name="未了的工单", blank=True)
    written_at = models.DateTimeField("交班时间")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="交班人", db_index=False)
    read_at = models.DateTimeField("接班时间", null=True, blank=True)
    read_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接班人", db_index=False
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "交接班记录"
        verbose_name_plural = "交接班记录"
        ordering = ("-written_at", "-id")
        indexes = [models.Index(fields=["written_at"], name="handover_waiting", condition=Q(read_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["on", "shift"], name="one_handover_a_shift"),
            models.CheckConstraint(
                condition=Q(read_by=None) | ~Q(read_by=F("written_by")), name="handover_read_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_shift_display()}"
