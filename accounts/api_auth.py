"""Sign in to the API with a key: `Authorization: Bearer sy_…`."""

from allauth.account.adapter import get_adapter
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import lockout
from accounts.models import ApiKey, User


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = ApiKey.objects.matching(secret.strip())
        if key is None:
            self._refuse(request)
        assert key is not None
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="shouyang"'

    def _refuse(self, request: Request) -> None:
        address = get_adapter().get_client_ip(request)
        closed = lockout.knock(lockout.API_KEY_FROM, address, at=timezone.now())
        raise AuthenticationFailed("接口密钥尝试次数过多，请稍后再试。" if closed else "接口密钥无效或已吊销。")
