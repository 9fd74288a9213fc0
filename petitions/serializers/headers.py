"""What a program says in the headers: which submission this is, and which version it has seen."""

import re
from typing import Any
from uuid import UUID, uuid4, uuid5

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.models import User
from petitions.models import Petition

OURS = UUID("6f0b6a1e-8c55-5d0e-9a55-53485f59414e")  # the namespace of keys that are no UUIDs
ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="同一件诉求的每次提交用同一个键（建议 UUID）：重复提交得到同一件诉求，答 200。"
    "也可写在 submission 字段里。",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='读取时得到的 ETag，如 "3"；此后有人办理过则答 409。也可写在 version 字段里。',
)


def submission_of(request: Request, given: UUID | None) -> UUID:
    """The field, or the header; without either, every request is a new petition."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not key:
        return given or uuid4()
    if len(key) > 200 or not key.isprintable():
        raise ValidationError({"Idempotency-Key": "应为 1 到 200 个可见字符。"})
    try:
        named = UUID(key)
    except ValueError:
        named = uuid5(OURS, f"{person(request).pk} {key}")
    if given and given != named:
        raise ValidationError({"submission": "与 Idempotency-Key 不一致，请只用一个。"})
    return named


def version_seen(request: Request, given: int | None) -> int | None:
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return given
    if not (found := ETAG.fullmatch(header)):
        raise ValidationError({"If-Match": '应为读取诉求时得到的 ETag，如 "3"。'})
    return int(found[1])


def etag(petition: Petition) -> dict[str, str]:
    return {"ETag": f'"{petition.version}"'}


def person(request: Request) -> User:
    """Whoever asks: nobody gets this far without a sign-in."""
    user: Any = request.user
    assert isinstance(user, User)
    return user
