"""The dispatch catalogue: what was ruled once routes itself the next time.

A row is never edited. Another wording is another row that takes the place of this one, so that it stays known under
which words a petition was proposed to whom.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models import Duty, Item, Place
from grids.scope import duties_of
from petitions.models.petition import Petition

READERS = (Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR)
KEEPERS = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR)


class RulingQuerySet(models.QuerySet["Ruling"]):
    def visible_to(self, user: User) -> "RulingQuerySet":
        return self if duties_of(user) & set(READERS) else self.none()

    def active(self) -> "RulingQuerySet":
        return self.filter(ended_at=None)

    def narrowed(self, *, ended: bool, words: str) -> "RulingQuerySet":
        found = self.filter(ended_at__isnull=not ended)
        return found.about(words) if words else found

    def with_names(self) -> "RulingQuerySet":
        return self.select_related("item", "place", "unit", "petition", "ruled_by", "ended_by")

    def about(self, words: str) -> "RulingQuerySet":
        named = [Q(**{f"{of}__name__icontains": words}) for of in ("item", "unit", "place")]
        return self.filter(named[0] | named[1] | named[2] | Q(words__contains=[words]) | Q(basis__icontains=words))


class Ruling(models.Model):
    item = models.ForeignKey(Item, models.PROTECT, related_name="rulings", verbose_name="事项")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="适用范围", db_index=False)
    words = ArrayField(
        models.CharField(max_length=20), verbose_name="关键词", default=list, blank=True, help_text="全部出现才适用"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="承办单位", db_index=False)
    basis = models.CharField("裁定依据", max_length=300)
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="rulings", verbose_name="来源工单"
    )
    ruled_at = models.DateTimeField("裁定时间")
    ruled_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="裁定人", db_index=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="取代"
    )
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人", db_index=False
    )
    ended_why = models.CharField("停用理由", max_length=200, blank=True)

    objects = RulingQuerySet.as_manager()

    class Meta:
        verbose_name = "派单目录"
        verbose_name_plural = "派单目录"
        ordering = ("-ruled_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "place", "words"], name="one_ruling_in_force", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} → {self.unit}"

    @property
    def active(self) -> bool:
        return self.ended_at is None

    @property
    def said_words(self) -> str:
        return "、".join(self.words)
