"""API keys: shown once, kept as a digest, revoked at once."""

import pytest
from django.test import Client, RequestFactory
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import lockout
from accounts.api_auth import ApiKeyAuthentication
from accounts.models import ApiKey, User
from tests.cast import Cast

KEYS = "/account/keys/"


@pytest.fixture
def officer(cast: Cast, client: Client) -> User:
    client.force_login(cast.officer)
    return cast.officer


def asked(header: str) -> tuple[User, ApiKey] | None:
    request = RequestFactory().get("/api/v1/petitions/", headers={"authorization": header} if header else {})
    return ApiKeyAuthentication().authenticate(Request(request))


def test_a_new_key_is_shown_once_and_signs_its_owner_in(client: Client, officer: User) -> None:
    page = client.post(KEYS, {"name": "每日同步"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    assert secret not in client.get(KEYS).content.decode()
    assert not ApiKey.objects.filter(digest__contains=secret[3:]).exists()
    assert asked(f"Bearer {secret}") == (officer, ApiKey.objects.get())


def test_a_revoked_key_opens_nothing(client: Client, officer: User) -> None:
    key, secret = ApiKey.issue(officer, "每日同步")
    client.post(f"{KEYS}{key.pk}/revoke/")
    with pytest.raises(AuthenticationFailed, match="无效或已吊销"):
        asked(f"Bearer {secret}")
    assert client.post(f"{KEYS}{key.pk}/revoke/").status_code == 404


def test_the_key_of_a_person_who_left_opens_nothing(officer: User) -> None:
    _, secret = ApiKey.issue(officer, "每日同步")
    officer.is_active = False
    officer.save()
    with pytest.raises(AuthenticationFailed):
        asked(f"Bearer {secret}")


def test_somebody_elses_key_is_not_mine_to_see_or_revoke(client: Client, officer: User, cast: Cast) -> None:
    key, secret = ApiKey.issue(cast.head, "局长的")
    assert "局长的" not in client.get(KEYS).content.decode()
    assert client.post(f"{KEYS}{key.pk}/revoke/").status_code == 404
    assert asked(f"Bearer {secret}")


@pytest.mark.parametrize("header", ["", "Basic b3BlcmF0b3I6eA==", "Token abc"])
def test_other_ways_are_left_to_others(db: None, header: str) -> None:
    assert asked(header) is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer sy_wrong", "bearer \xff\xfe", "Bearer " + "x" * 5000])
def test_a_wrong_key_is_refused(db: None, header: str) -> None:
    with pytest.raises(AuthenticationFailed):
        asked(header)


def test_guessing_keys_is_counted(db: None) -> None:
    for _ in range(lockout.API_KEY_FROM.allowed):
        with pytest.raises(AuthenticationFailed, match="无效"):
            asked("Bearer sy_wrong")
    with pytest.raises(AuthenticationFailed, match="次数过多"):
        asked("Bearer sy_wrong")


def test_the_challenge_says_how() -> None:
    assert ApiKeyAuthentication().authenticate_header(Request(RequestFactory().get("/"))).startswith("Bearer")


@pytest.mark.parametrize("name", ["", "长" * 61, "\x00"])
def test_a_key_needs_a_plain_name(client: Client, officer: User, name: str) -> None:
    assert "field-error" in client.post(KEYS, {"name": name}).content.decode()
    assert not ApiKey.objects.exists()
