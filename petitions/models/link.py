"""A link that lets a resident answer once, without number and code; only the digest of its secret is kept.

Where it is to be sent as a text message, the secret waits beside it, sealed, until it is sent or given up.
"""

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import User
from accounts.models.delivery import next_try
from accounts.sealed import SealedTextField
from petitions.models.petition import Petition

if TYPE_CHECKING:
    from datetime import timedelta


class AnswerLinkQuerySet(models.QuerySet["AnswerLink"]):
    def matching(self, token: str) -> "AnswerLinkQuerySet":
        return self.filter(digest=AnswerLink.digest_of(token))

    def alive(self, at: datetime) -> "AnswerLinkQuerySet":
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=at)

    def revoke(self, at: datetime) -> int:
        return self.alive(at).update(revoked_at=at, secret=None, next_try_at=None)

    def to_send(self, at: datetime) -> "AnswerLinkQuerySet":
        return self.filter(next_try_at__lte=at)


class AnswerLink(models.Model):
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="answer_links", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("第几次办理", default=1)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("生成时间")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="生成人")
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)
    secret = SealedTextField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次尝试", null=True, blank=True)
    problem = models.CharField("最近的问题", max_length=60, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    given_up_at = models.DateTimeField("放弃时间", null=True, blank=True)

    objects = AnswerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "评价链接"
        verbose_name_plural = "评价链接"
        ordering = ("petition", "id")
        indexes = [
            models.Index(
                fields=["next_try_at"], name="answer_link_to_send", condition=models.Q(next_try_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.expires_at:%Y-%m-%d %H:%M}"

    def succeed(self, at: datetime) -> None:
        self.sent_at, self.problem = at, ""
        self.let_go()

    def fail(self, at: datetime, problem: str) -> None:
        self.problem, self.next_try_at = problem, next_try(self.attempts, at)
        if self.next_try_at is None:
            self.given_up_at = at
            self.let_go()

    def let_go(self) -> None:
        """Nothing more is sent from this row, and nobody can read its secret again."""
        self.secret = self.next_try_at = None

    @staticmethod
    def digest_of(token: str) -> str:
        # 128 random bits: a plain digest cannot be guessed back, and can be found by index.
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def prepared(
        cls, petition: Petition, *, by: User, at: datetime, lasts: "timedelta", to_be_sent: bool
    ) -> tuple["AnswerLink", str]:
        """The row, not yet saved, and the secret, which is never seen again."""
        token = secrets.token_urlsafe(16)
        row = cls(
            petition=petition,
            round=petition.redo_count + 1,
            digest=cls.digest_of(token),
            made_at=at,
            made_by=by,
            expires_at=at + lasts,
            secret=token if to_be_sent else None,
            next_try_at=at if to_be_sent else None,
        )
        return row, token
