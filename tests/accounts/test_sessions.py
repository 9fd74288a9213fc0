"""A session lives while somebody works in it, and its owner can see and end it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.browsers import plainly
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.cast import Cast

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
ME = "/account/"


def at_work(where: str = "10.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=where, headers={"user-agent": f"Firefox at {where}"})
    answer = client.post("/account/login/", {"login": "operator", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_half_an_hour_without_a_request_ends_the_session(operator: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = at_work()
        clock.shift(timedelta(minutes=29))
        assert client.get(ME).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(ME).status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get(ME)["Location"].startswith("/account/login/")


def test_being_there_is_written_down_once_a_minute(operator: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = at_work()
        client.get(ME)
        written = Session.objects.get(pk=client.session.session_key).expire_date
        clock.shift(timedelta(seconds=50))
        client.get(ME)
        assert Session.objects.get(pk=client.session.session_key).expire_date == written
        clock.shift(timedelta(seconds=11))
        client.get(ME)
        assert Session.objects.get(pk=client.session.session_key).expire_date > written
        assert UserSession.objects.get().last_seen_at == NOW + timedelta(seconds=61)


def test_my_sessions_shows_where_i_am_and_ends_the_others(operator: User) -> None:
    here, there = at_work("10.0.0.1"), at_work("10.0.0.2")
    page = here.get("/account/sessions/").content.decode()
    assert "10.0.0.1" in page
    assert "10.0.0.2" in page
    here.post("/account/sessions/")
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 302


def test_one_of_my_other_sessions_is_ended_alone_and_at_once(operator: User) -> None:
    here, there, elsewhere = at_work("10.0.0.1"), at_work("10.0.0.2"), at_work("10.0.0.3")
    page = here.get("/account/sessions/").content.decode()
    assert page.count("本机</span>") == 1
    assert "火狐浏览器" in page
    assert end(here, there) == "/account/sessions/"
    assert there.get(ME)["Location"].startswith("/account/login/")
    assert elsewhere.get(ME).status_code == 200
    page = here.get("/account/sessions/").content.decode()
    assert "火狐浏览器（10.0.0.2）”已退出登录" in page
    assert [row.ip for row in UserSession.objects.order_by("ip")] == ["10.0.0.1", "10.0.0.3"]


def test_only_by_a_post_only_my_own_and_not_the_present_one(operator: User, cast: Cast, client: Client) -> None:
    mine, hers = at_work("10.0.0.1"), at_work("10.9.9.9")
    address = address_of(hers)
    assert mine.get(address).status_code == 405
    assert mine.post(address_of(mine)).status_code == 404
    client.force_login(cast.head)
    assert client.post(address).status_code == 404
    assert Client().post(address)["Location"].startswith("/account/login/")
    assert hers.get(ME).status_code == 200


def address_of(client: Client) -> str:
    return f"/account/sessions/{UserSession.objects.get(session_key=client.session.session_key).pk}/end/"


def end(here: Client, there: Client) -> str:
    return here.post(address_of(there))["Location"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/128.0 Safari/537.36 Edg/128.0", "Edge 浏览器 · Windows 电脑"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Mobile MicroMessenger/8.0 wxwork/4.1", "企业微信 · 苹果手机"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0", "火狐浏览器 · Linux 电脑"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36", "Chrome 浏览器 · 安卓设备"),
        ("curl/8.9", "其他程序"),
        ("", "其他程序"),
    ],
)
def test_a_browser_is_named_in_plain_words(header: str, words: str) -> None:
    assert plainly(header) == words


def test_somebody_elses_sessions_are_not_mine_to_see_or_end(operator: User, cast: Cast, client: Client) -> None:
    hers = at_work("10.9.9.9")
    client.force_login(cast.head)
    assert "10.9.9.9" not in client.get("/account/sessions/").content.decode()
    client.post("/account/sessions/")
    assert hers.get(ME).status_code == 200


def test_a_new_password_ends_the_other_sessions(operator: User) -> None:
    here, there = at_work("10.0.0.1"), at_work("10.0.0.2")
    new = "another long phrase"
    answer = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 302


@pytest.mark.parametrize(
    ("new", "sentence"),
    [("short-1", "至少 10 个字符"), ("12345678901", "数字"), ("operator12", "相似"), ("password123", "常见")],
)
def test_a_weak_password_is_refused_in_chinese(operator: User, new: str, sentence: str) -> None:
    page = at_work().post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert sentence in page.content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(operator: User) -> None:
    client = at_work()
    client.get("/account/logout/")
    assert client.get(ME).status_code == 200
    assert client.post("/account/logout/")["Location"] == "/account/login/"
    assert client.get(ME).status_code == 302
