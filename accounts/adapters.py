"""How allauth behaves here: no sign-up, our own lock-out, TOTP secrets sealed like other personal data."""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from accounts import lockout, sealing
from accounts.browsers import plainly
from accounts.models import Access


class PortalAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        now = timezone.now()
        address = self.get_client_ip(request)
        if until := lockout.knock(lockout.SIGN_IN_FROM, address, at=now):
            raise ValidationError(f"此网络地址登录失败次数过多，请在 {_clock(until)} 后再试。", code="locked")
        if until := lockout.knock(lockout.SIGN_IN, credentials.get("username", ""), at=now):
            raise ValidationError(
                f"该账号连续 {lockout.SIGN_IN.allowed} 次输错，已锁定，请在 {_clock(until)} 后再试，或联系系统管理员。",
                code="locked",
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            lockout.open_again(lockout.SIGN_IN, credentials.get("username", ""))
            lockout.take_back(lockout.SIGN_IN_FROM, self.get_client_ip(request))
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """On record with whence and with what: the last step of every way in."""
        super().login(request, user)
        Access.objects.create(
            by_id=user.pk,
            at=timezone.now(),
            kind=Access.Kind.SIGN_IN,
            subject="sign-in",
            field=plainly(request.headers.get("User-Agent", ""))[:60],
            reason=self.get_client_ip(request),
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return sealing.seal(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        words = sealing.unseal(bytes.fromhex(encrypted_text))
        if isinstance(words, sealing.Unreadable):
            # The sealing key is lost: no code may fit, and the sign-in page must not fall over.
            return secrets.token_hex(20).translate(str.maketrans("0189", "ABCD"))
        return words


def _clock(instant: datetime) -> str:
    return timezone.localtime(instant).strftime("%H:%M")
