"""Signing in: the right password, five wrong ones, a closed door, and no way around it."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts import lockout
from accounts.lockout import SIGN_IN, SIGN_IN_FROM
from accounts.models import Access, Knock, User
from tests.accounts.conftest import PASSWORD
from tests.cast import Cast

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
LOGIN = "/account/login/"


def sign_in(client: Client, username: str = "operator", password: str = PASSWORD, address: str = "10.0.0.1") -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_portal_and_the_session_key_is_new(client: Client, operator: User) -> None:
    client.get(LOGIN)
    client.session["before"] = 1
    before = client.session.session_key
    answer = sign_in(client)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(operator.pk)
    assert client.session.session_key != before
    record = Access.objects.get()
    assert (record.by, record.kind, record.reason) == (operator, Access.Kind.SIGN_IN, "10.0.0.1")


def test_a_wrong_password_is_answered_in_chinese_and_tells_nothing_about_the_account(
    client: Client, operator: User
) -> None:
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, username="nobody", password="wrong").content.decode()
    assert "用户名或密码不正确" in known
    assert "用户名或密码不正确" in unknown
    assert not Access.objects.exists()


def test_five_wrong_passwords_close_the_account_for_fifteen_minutes(client: Client, operator: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            sign_in(client, password="wrong")
        answer = sign_in(client)
        assert answer.status_code == 200
        assert "连续 5 次输错，已锁定，请在 10:15 后再试" in answer.content.decode()
        clock.shift(timedelta(minutes=14))
        assert sign_in(client).status_code == 200
        clock.shift(timedelta(minutes=1, seconds=1))
        assert sign_in(client).status_code == 302


def test_four_wrong_passwords_and_the_right_one_start_the_count_anew(client: Client, operator: User) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 302
        client.logout()


def test_spelling_the_name_differently_is_no_way_around(client: Client, operator: User) -> None:
    for name in ("operator", "OPERATOR", " Operator ", "ｏｐｅｒａｔｏｒ", "oPerator"):
        sign_in(client, username=name, password="wrong")
    assert "已锁定" in sign_in(client).content.decode()


def test_another_address_is_no_way_around(client: Client, operator: User) -> None:
    for n in range(5):
        sign_in(client, password="wrong", address=f"10.0.0.{n}")
    assert "已锁定" in sign_in(client, address="10.0.0.99").content.decode()


def test_an_address_that_guesses_at_many_accounts_is_closed_too(client: Client, operator: User) -> None:
    for _ in range(SIGN_IN_FROM.allowed):
        lockout.knock(SIGN_IN_FROM, "10.0.0.1", at=datetime.now(UTC))
    assert "此网络地址登录失败次数过多" in sign_in(client).content.decode()
    assert sign_in(client, address="10.0.0.2").status_code == 302


def test_people_who_sign_in_rightly_do_not_close_their_office(client: Client, operator: User) -> None:
    for _ in range(SIGN_IN_FROM.allowed + 5):
        assert sign_in(client).status_code == 302
        client.logout()


def test_the_count_holds_no_names(client: Client, operator: User) -> None:
    sign_in(client, username="typed-my-password-here", password="wrong")
    assert not Knock.objects.filter(door__contains="typed").exists()


def test_old_counts_are_forgotten(operator: User) -> None:
    lockout.knock(SIGN_IN, "operator", at=NOW)
    assert lockout.forget(before=NOW) == 0
    assert lockout.forget(before=NOW + timedelta(days=1)) == 1


def test_a_person_who_left_cannot_sign_in(client: Client, operator: User) -> None:
    operator.is_active = False
    operator.save()
    sign_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password"])
def test_there_is_no_sign_up_and_no_mail_flow(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("login", ["a" * 5000, "\x00", "😀", "' OR 1=1 --", ""])
def test_strange_names_are_answered_with_the_form(client: Client, db: None, login: str) -> None:
    assert sign_in(client, username=login, password="x" * 300).status_code == 200


def test_only_pages_of_ours_follow_a_sign_in(client: Client, operator: User) -> None:
    answer = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "operator", "password": PASSWORD})
    assert answer["Location"] == "/"


def test_the_administration_has_no_second_sign_in(client: Client, operator: User) -> None:
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/")["Location"].startswith(LOGIN)
    client.force_login(operator)
    assert client.get("/admin/login/").status_code == 403


def test_one_click_signs_in_as_the_cast_and_nobody_else(client: Client, cast: Cast, settings: Settings) -> None:
    assert "孙晓雯" in client.get(LOGIN).content.decode()
    User.objects.create_user("stranger", password=PASSWORD)
    assert client.post("/demo/enter/", {"username": "stranger"}).status_code == 404
    opened = client.get("/demo/enter/")
    assert (opened.status_code, "只接收表单" in opened.content.decode(), opened["Allow"]) == (405, True, "POST")
    assert client.post("/demo/enter/", {"username": "stranger", "next": "/today/"}).status_code == 404
    assert 'name="next" value="/today/"' in client.get(f"{LOGIN}?next=/today/").content.decode()
    for asked, led in (("/today/", "/today/"), ("https://elsewhere.example/", "/")):
        somebody = Client()
        assert somebody.post("/demo/enter/", {"username": "worker", "next": asked})["Location"] == led
    assert client.post("/demo/enter/", {"username": "operator"}).status_code == 302
    assert client.session["_auth_user_id"] == str(cast.operator.pk)


def test_without_demo_there_is_no_open_door(client: Client, cast: Cast, settings: Settings) -> None:
    settings.DEMO = False
    assert "孙晓雯" not in client.get(LOGIN).content.decode()
    assert "演示数据" not in client.get(LOGIN).content.decode()
    assert client.post("/demo/enter/", {"username": "operator"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_all_at_once_are_counted_one_by_one() -> None:
    admitted: list[bool] = []

    def guess() -> None:
        admitted.append(lockout.knock(SIGN_IN, "operator", at=NOW) is None)
        connections.close_all()

    guessers = [threading.Thread(target=guess) for _ in range(20)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    assert admitted.count(True) == SIGN_IN.allowed
