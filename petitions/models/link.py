"""A link that lets a resident answer once, without number and code; only the digest of its secret is kept."""

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import User
from petitions.models.petition import Petition

if TYPE_CHECKING:
    from datetime import timedelta


class AnswerLinkQuerySet(models.QuerySet["AnswerLink"]):
    def matching(self, token: str) -> "AnswerLinkQuerySet":
        return self.filter(digest=AnswerLink.digest_of(token))

    def alive(self, at: datetime) -> "AnswerLinkQuerySet":
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=at)


class AnswerLink(models.Model):
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="answer_links", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("第几次办理", default=1)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("生成时间")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="生成人")
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = AnswerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "评价链接"
        verbose_name_plural = "评价链接"
        ordering = ("petition", "id")

    def __str__(self) -> str:
        return f"{self.petition_id} {self.expires_at:%Y-%m-%d %H:%M}"

    @staticmethod
    def digest_of(token: str) -> str:
        # 128 random bits: a plain digest cannot be guessed back, and can be found by index.
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def prepared(cls, petition: Petition, *, by: User, at: datetime, lasts: "timedelta") -> tuple["AnswerLink", str]:
        """The row, not yet saved, and the secret, which is never seen again."""
        token = secrets.token_urlsafe(16)
        row = cls(
            petition=petition,
            round=petition.redo_count + 1,
            digest=cls.digest_of(token),
            made_at=at,
            made_by=by,
            expires_at=at + lasts,
        )
        return row, token
