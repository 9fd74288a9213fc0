"""Asking the API as one of the cast, with a key."""

import json
from typing import Any

from django.test import Client

from accounts.models import ApiKey, User

ROOT = "/api/v1/"


class Asker:
    """`Asker(cast.operator).post("petitions/", {...})` answers status, body and headers."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            _, secret = ApiKey.issue(user, "测试")
            self.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self._address(path), query)

    def post(self, path: str, said: Any = None, **more: Any) -> Any:
        return self.client.post(self._address(path), json.dumps(said or {}), content_type="application/json", **more)

    def raw(self, path: str, body: bytes | str, content_type: str = "application/json") -> Any:
        return self.client.post(self._address(path), body, content_type=content_type)

    def _address(self, path: str) -> str:
        return path if path.startswith(("/", "http")) else ROOT + path


def the_call(**said: Any) -> dict[str, Any]:
    return {
        "channel": "12345",
        "nature": "complaint",
        "item": "A02",
        "title": "店外经营占用人行道",
        "content": "向阳社区门口的烧烤店把桌子摆到人行道上，晚上走不过去。",
        "address": "圣城街道向阳社区第1网格",
        "place": "370783001901001",
        "caller_name": "王秀英",
        "caller_phone": "120 0000 0001",
    } | said


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("urn:shouyang:problem:")
    assert body["detail"]
    assert body["title"]
    assert body["request_id"] == answer["X-Request-ID"]
    return body
