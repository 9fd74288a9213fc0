"""What a place was called and where its edges ran, from when until when: petitions keep the grid of their day."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from grids.models.place import Place

FIRST_DAY = date(2018, 1, 1)  # of the first version of places that were there before versions were kept
STANDS = ("place_id", "number", "name", "boundary", "since", "reason", "by_id")


class PlaceVersion(models.Model):
    """Nothing of it is ever changed; once, its end is written, when the next version begins or the place is closed."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="versions", verbose_name="场所", db_index=False)
    number = models.PositiveIntegerField("版本")
    name = models.CharField("名称", max_length=60)
    boundary = models.JSONField("边界", null=True, blank=True)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    reason = models.CharField("变更事由", max_length=200)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="变更人", db_index=False
    )

    class Meta:
        verbose_name = "场所版本"
        verbose_name_plural = "场所版本"
        ordering = ("place", "number")
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="place_version_once"),
            models.UniqueConstraint(fields=["place"], name="one_version_in_force", condition=Q(until=None)),
            models.CheckConstraint(
                name="place_version_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="stands", operation=pgtrigger.UpdateOf(*STANDS)),
            pgtrigger.Protect(
                name="ended_once",
                operation=pgtrigger.UpdateOf("until"),
                condition=pgtrigger.Q(old__until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.number} 版）"

    @property
    def days(self) -> str:
        return f"{self.since} 起" if self.until is None else f"{self.since} 至 {self.until}"
