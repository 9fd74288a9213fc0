"""What happened to a petition, when, by whom: append-only, held by the database."""

import pgtrigger
from django.db import models

from accounts.models import Unit, User
from petitions.models.clock import Clock
from petitions.models.petition import Petition, Status
from petitions.models.terms import Effect


class Event(models.Model):
    # No key has an index of its own: this table is written to most, and is asked in the orders named below.
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="events", verbose_name="诉求", db_index=False)
    action = models.CharField("动作", max_length=20)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人", db_index=False
    )
    from_status = models.CharField("原状态", max_length=20, choices=Status, blank=True)
    to_status = models.CharField("新状态", max_length=20, choices=Status, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位", db_index=False
    )
    promise = models.CharField("承诺", max_length=12, blank=True)
    # Of what a clock rang. No foreign key in the database: the sweep writes thousands, and clocks are never deleted.
    clock = models.ForeignKey(
        Clock,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="rang",
        verbose_name="时钟",
        db_constraint=False,
        db_index=False,
    )
    note = models.TextField("说明", blank=True)
    detail = models.JSONField("细节", default=dict, blank=True)

    class Meta:
        verbose_name = "事件"
        verbose_name_plural = "事件"
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "action"], name="each_step_rings_once", condition=models.Q(clock__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "at", "id"], name="event_of_petition"),
            models.Index(fields=["-at", "-id"], name="event_newest"),
            models.Index(fields=["by", "-at", "-id"], name="event_by_person", condition=models.Q(by__isnull=False)),
            models.Index(
                fields=["unit", "-at"], name="event_cards", condition=models.Q(action__in=["yellow_card", "red_card"])
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.action}"

    @property
    def effect_label(self) -> str:
        """What the ladder calls it; empty for what people did."""
        return Effect(self.action).label if self.action in Effect else ""
