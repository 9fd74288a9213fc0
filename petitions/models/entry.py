"""The knowledge base: what the centre may answer by itself, where that is written, and until when it holds.

An entry is never edited. Another wording is another row that takes the place of this one once it is checked, so that it
stays known what an answer of last year rested on.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from grids.models import Duty, Item
from grids.scope import duties_of
from petitions.words import grams

ENTRY_WRITERS = (Duty.DISPATCHER, Duty.REVIEWER, Duty.CENTRE_DIRECTOR)
ENTRY_CHECKERS = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR)
ENTRY_READERS = (*ENTRY_WRITERS, Duty.OPERATOR, Duty.CALLER_BACK, Duty.AUDITOR)


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> "EntryQuerySet":
        return self if duties_of(user) & set(ENTRY_READERS) else self.none()

    def standing(self) -> "EntryQuerySet":
        return self.filter(ended_at=None)

    def in_force(self, on: date) -> "EntryQuerySet":
        """What an answer may rest on that day."""
        return self.standing().filter(_holds(on), checked_at__isnull=False)

    def unchecked(self) -> "EntryQuerySet":
        return self.standing().filter(checked_at=None)

    def over(self, on: date) -> "EntryQuerySet":
        return self.filter(Q(ended_at__isnull=False) | Q(valid_until__lt=on))

    def to_come(self, on: date) -> "EntryQuerySet":
        return self.standing().filter(valid_from__gt=on, checked_at__isnull=False)

    def with_words(self, words: str) -> "EntryQuerySet":
        """Every word somewhere in title, text or source."""
        wanted = grams(words)[:20]
        return self.filter(words__contains=wanted) if wanted else self.none()


def _holds(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_until=None) | Q(valid_until__gte=on))


class Entry(models.Model):
    title = models.CharField("标题", max_length=80)
    text = models.TextField("答复口径")
    items = models.ManyToManyField(
        Item, related_name="entries", verbose_name="事项", blank=True, help_text="不填则各事项通用"
    )
    source = models.CharField("出处", max_length=200)
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    words = ArrayField(models.CharField(max_length=32), verbose_name="检索词", default=list, editable=False)
    written_at = models.DateTimeField("拟稿时间")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人", db_index=False)
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人", db_index=False
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name="取代", db_index=False
    )
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人", db_index=False
    )
    ended_why = models.CharField("停用理由", max_length=200, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "知识条目"
        verbose_name_plural = "知识库"
        ordering = ("-written_at", "-id")
        indexes = [GinIndex(fields=["words"], name="entry_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="entry_valid_in_order"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("written_by")), name="entry_checked_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    def index_words(self) -> None:
        self.words = grams(f"{self.title} {self.text} {self.source}")

    def in_force(self, on: date) -> bool:
        standing = self.checked_at is not None and self.ended_at is None and self.valid_from <= on
        return standing and (self.valid_until is None or on <= self.valid_until)

    @property
    def said_items(self) -> str:
        return "、".join(item.name for item in self.items.all()) or "各事项通用"
