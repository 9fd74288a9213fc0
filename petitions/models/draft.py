"""What somebody has typed into the call form and not yet saved: sealed, because it is full of personal data."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.sealed import SealedTextField
from petitions.models.petition import Petition

KEPT_FOR = timedelta(days=7)
KEPT_AT_MOST = 20

Words = dict[str, list[str]]


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, user: User, at: datetime) -> "DraftQuerySet":
        """Hers, newest first; one whose form was saved after all is none."""
        saved = Petition.objects.filter(submission=OuterRef("submission"))
        return self.filter(~Exists(saved), by=user, saved_at__gt=at - KEPT_FOR).order_by("-saved_at")

    def keep(self, submission: UUID, words: Words, *, by: User, at: datetime) -> bool:
        """Remember these words for this form; false when the form was saved already or is somebody else's."""
        if Petition.objects.filter(submission=submission).exists():
            return False
        draft, fresh = self.get_or_create(
            submission=submission, defaults={"by": by, "saved_at": at, "sealed": json.dumps(words)}
        )
        if draft.by_id != by.pk:
            return False
        if fresh:
            self._make_room(by, at)
        else:
            draft.sealed, draft.saved_at = json.dumps(words), at
            draft.save(update_fields=["sealed", "saved_at"])
        return True

    def prune(self, at: datetime) -> int:
        """Those of whoever does not write again, and those whose form was saved; one statement, since nothing refers
        to a draft."""
        saved = Petition.objects.filter(submission=OuterRef("submission"))
        return self.filter(Q(saved_at__lte=at - KEPT_FOR) | Exists(saved)).delete()[0]

    def _make_room(self, by: User, at: datetime) -> None:
        hers = self.filter(by=by)
        newest = hers.filter(saved_at__gt=at - KEPT_FOR).order_by("-saved_at").values("pk")[:KEPT_AT_MOST]
        hers.exclude(pk__in=newest).delete()


class Draft(models.Model):
    submission = models.UUIDField("提交标识", primary_key=True, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="drafts", verbose_name="登记人", db_index=False)
    sealed = SealedTextField("内容")
    saved_at = models.DateTimeField("保存时间")

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "登记草稿"
        verbose_name_plural = "登记草稿"
        indexes = [models.Index(fields=["by", "-saved_at"], name="draft_newest")]

    def __str__(self) -> str:
        return f"{self.by} {self.saved_at:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> Words:
        try:
            words: Any = json.loads(self.sealed)
        except ValueError:  # the key is lost: there is nothing to restore
            return {}
        return words if isinstance(words, dict) else {}

    @property
    def first_words(self) -> str:
        """By what its writer knows it again in a list."""
        return "".join(self.words.get("content", [])).strip()[:20] or "尚未填写内容"
