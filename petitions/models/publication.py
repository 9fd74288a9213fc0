"""A case that was published (案例公开): public words about a petition, written by a reviewer, without anybody in them.

What was published stays as it was read: other words are another row, and a case is taken back, never changed.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import Unit, User
from grids.models import Duty
from grids.scope import duties_of
from petitions.models.petition import Petition, Status
from petitions.words import grams

PUBLISHERS = (Duty.REVIEWER, Duty.CENTRE_DIRECTOR)
PUBLICATION_READERS = (*PUBLISHERS, Duty.AUDITOR)
DONE = (Status.CLOSED, Status.ANSWERED, Status.ARCHIVED)  # of which something can be told
AS_READ = ("petition_id", "level", "title", "question", "answer", "unit_id", "published_at", "published_by_id")
CHANGED = (
    f"ROW({', '.join(f'OLD.{c}' for c in AS_READ)}) IS DISTINCT FROM ROW({', '.join(f'NEW.{c}' for c in AS_READ)})"
)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> "PublicationQuerySet":
        return self if duties_of(user) & set(PUBLICATION_READERS) else self.none()

    def standing(self) -> "PublicationQuerySet":
        return self.filter(withdrawn_at=None)

    def public(self) -> "PublicationQuerySet":
        """What anybody reads: not taken back, and its petition is still done and still public."""
        petitions = Petition.objects.public().filter(status__in=DONE)
        return self.standing().filter(petition__in=petitions.order_by().values("pk"))

    def with_words(self, words: str) -> "PublicationQuerySet":
        """Every word somewhere in title, question or answer."""
        wanted = grams(words)[:20]
        return self.filter(words__contains=wanted) if wanted else self.none()


class Publication(models.Model):
    class Level(models.TextChoices):
        FULL = "full", "全文公开"
        DIGEST = "digest", "摘要公开"

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="publications", verbose_name="诉求")
    level = models.CharField("公开级别", max_length=6, choices=Level)
    title = models.CharField("公开标题", max_length=80)
    question = models.TextField("诉求（公开文本）", blank=True)
    answer = models.TextField("办理结果（公开文本）")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="承办单位", db_index=False)
    words = ArrayField(models.CharField(max_length=32), verbose_name="检索词", default=list, editable=False)
    published_at = models.DateTimeField("公开时间")
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="公开人", db_index=False)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤下人", db_index=False
    )
    withdrawn_why = models.CharField("撤下理由", max_length=200, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "公开案例"
        verbose_name_plural = "公开案例"
        ordering = ("-published_at", "-id")
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="case_newest", condition=Q(withdrawn_at=None)),
            GinIndex(fields=["words"], name="case_words"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["petition"], name="one_standing_case", condition=Q(withdrawn_at=None)),
            models.CheckConstraint(
                name="case_of_its_level", condition=Q(level="full") & ~Q(question="") | Q(level="digest", question="")
            ),
            models.CheckConstraint(
                name="case_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="published_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.withdrawn_at IS NOT NULL OR {CHANGED}"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def index_words(self) -> None:
        self.words = grams(f"{self.title} {self.question} {self.answer}")
