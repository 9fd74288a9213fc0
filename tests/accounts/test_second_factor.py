"""The second factor, with real codes computed as RFC 6238 says."""

import base64
import hmac
import re
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from accounts import sealing
from accounts.models import ApiKey, User
from tests.accounts.conftest import PASSWORD
from tests.cast import Cast

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
ENROL, CODE = "/account/second-factor/enrol/", "/account/second-factor/code/"


def code_of(secret: str) -> str:
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(client: Client) -> Any:
    return client.post("/account/login/", {"login": "auditor", "password": PASSWORD})


def enrol(client: Client) -> str:
    """Through the pages: the password again, the secret from the page, a code that fits it."""
    sign_in(client)
    again = client.get(ENROL)
    assert again["Location"].startswith("/account/reauthenticate/")
    client.post(again["Location"], {"password": PASSWORD})
    page = client.get(ENROL).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found
    assert client.post(ENROL, {"code": code_of(found[1])}).status_code == 302
    return found[1]


def test_after_enrolling_the_password_alone_opens_nothing(auditor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        secret = enrol(Client())
        clock.shift(timedelta(minutes=2))
        client = Client()
        assert sign_in(client)["Location"] == CODE
        assert client.get("/account/").status_code == 302
        wrong = client.post(CODE, {"code": "000000" if code_of(secret) != "000000" else "111111"})
        assert wrong.status_code == 200
        assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
        assert client.get("/account/").status_code == 200


def test_one_click_of_the_demo_asks_for_the_code_too(auditor: User) -> None:
    enrol(Client())
    assert Client().post("/demo/enter/", {"username": "auditor"})["Location"] == CODE


def test_a_code_is_not_taken_twice(auditor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        secret = enrol(Client())
        clock.shift(timedelta(minutes=2))
        first, second = Client(), Client()
        sign_in(first), sign_in(second)
        code = code_of(secret)
        assert first.post(CODE, {"code": code}).status_code == 302
        assert second.post(CODE, {"code": code}).status_code == 200
        clock.shift(timedelta(seconds=45))  # it would still fit: a phone's clock may be off
        assert second.post(CODE, {"code": code}).status_code == 200
        assert second.post(CODE, {"code": code_of(secret)}).status_code == 302


def test_five_wrong_codes_close_the_door(auditor: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        secret = enrol(Client())
        clock.shift(timedelta(minutes=2))
        client = Client()
        sign_in(client)
        for _ in range(5):
            client.post(CODE, {"code": "abcdef"})
        assert client.post(CODE, {"code": code_of(secret)}).status_code == 200


def test_a_recovery_code_opens_once(auditor: User) -> None:
    enrolled = Client()
    enrol(enrolled)
    codes = re.findall(r"<li>(\d{8})</li>", enrolled.get("/account/second-factor/recovery-codes/").content.decode())
    assert len(codes) == 10
    for expected in (302, 200):
        client = Client()
        sign_in(client)
        assert client.post(CODE, {"code": codes[0]}).status_code == expected


def test_the_secret_is_sealed_in_the_database(auditor: User) -> None:
    secret = enrol(Client())
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert sealing.unseal(bytes.fromhex(kept)) == secret


def test_a_lost_key_refuses_the_code_without_falling_over(auditor: User, settings: Settings, tmp_path: Path) -> None:
    secret = enrol(Client())
    settings.SEALING_KEY_FILE = tmp_path / "another.key"
    client = Client()
    sign_in(client)
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 200


def test_who_must_have_a_second_factor_enrols_before_anything_else(
    auditor: User, cast: Cast, settings: Settings
) -> None:
    settings.TOTP_REQUIRED_DUTIES = frozenset({"auditor"})
    client = Client()
    sign_in(client)
    assert client.get("/account/inbox/")["Location"] == ENROL
    assert "请先完成绑定" in client.get("/account/inbox/", follow=True).content.decode()
    assert client.get("/api/docs/")["Location"] == ENROL, "a page for people"
    enrol(client)
    assert client.get("/account/inbox/").status_code == 200
    other = Client()
    other.force_login(cast.operator)
    assert other.get("/account/inbox/").status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/petitions/", "/api/schema/", "/api/nothing/"])
def test_a_program_in_such_a_session_is_told_why_not(auditor: User, settings: Settings, address: str) -> None:
    settings.TOTP_REQUIRED_DUTIES = frozenset({"auditor"})
    client = Client()
    sign_in(client)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "请先完成绑定" in answer.json()["detail"]
    _, key = ApiKey.issue(auditor, "每日同步")
    assert Client().get("/api/v1/units/", headers={"authorization": f"Bearer {key}"}).status_code == 200
    enrol(Client())
    assert client.get("/api/v1/units/").status_code == 200


def test_an_administrator_helps_who_lost_the_phone(auditor: User, cast: Cast) -> None:
    enrol(Client())
    boss = cast.admin
    boss.is_staff = boss.is_superuser = True
    boss.save()
    client = Client()
    client.force_login(boss)
    client.post("/admin/accounts/user/", {"action": "remove_second_factor", "_selected_action": [auditor.pk]})
    assert sign_in(Client())["Location"] == "/"
