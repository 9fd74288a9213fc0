"""A person who can sign in, and the keys by which a program signs in as that person."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.functional import cached_property


class User(AbstractUser):
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60)
    mobile = models.CharField("工作电话", max_length=20, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        ordering = ("username",)

    objects: ClassVar[UserManager["User"]] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What was read about her once and holds as long as this object lives, which is one request."""
        return {}

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, user: User) -> "ApiKeyQuerySet":
        return self.filter(user=user)

    def alive(self) -> "ApiKeyQuerySet":
        return self.filter(revoked_at=None, user__is_active=True)

    def matching(self, secret: str) -> "ApiKey | None":
        return self.alive().select_related("user").filter(digest=ApiKey.digest_of(secret)).first()


class ApiKey(models.Model):
    """A revocable secret of one user; only its digest is kept, so it is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys", verbose_name="用户")
    name = models.CharField("用途", max_length=60)
    prefix = models.CharField("前缀", max_length=8, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    @staticmethod
    def digest_of(secret: str) -> str:
        # The secret has 256 random bits: a plain digest cannot be guessed back, and can be found by index.
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def issue(cls, user: User, name: str) -> tuple["ApiKey", str]:
        """The new row and the secret, which is never seen again."""
        secret = "sy_" + secrets.token_urlsafe(32)
        return cls.objects.create(user=user, name=name, prefix=secret[:8], digest=cls.digest_of(secret)), secret

    def revoke(self, at: datetime) -> None:
        self.revoked_at = at
        self.save(update_fields=["revoked_at"])
