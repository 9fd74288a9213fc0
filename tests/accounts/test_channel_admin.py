"""Channels are rows that an administrator keeps: the address goes in, and never comes out again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Channel, User
from tests.accounts.listener import Listener
from tests.cast import Cast

ADD = "/admin/accounts/channel/add/"
SECRET = "0a1b2c3d-robot-key"
GIVEN = {"name": "工作群", "kind": "wecom", "from_weight": "warning", "duties": ["head"], "active": "on"}


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def admin_client(cast: Cast, client: Client) -> Client:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True, mobile="12000000009")
    client.force_login(User.objects.get(pk=cast.admin.pk))
    return client


def test_the_address_is_sealed_and_never_shown_again(admin_client: Client) -> None:
    assert admin_client.post(ADD, GIVEN | {"new_address": f"wecombot://{SECRET}"}).status_code == 302
    channel = Channel.objects.get()
    assert (channel.address, channel.duties) == (f"wecombot://{SECRET}", ["head"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM accounts_channel")
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])
    change = f"/admin/accounts/channel/{channel.pk}/change/"
    for address in (change, "/admin/accounts/channel/", f"/admin/accounts/channel/{channel.pk}/history/"):
        assert SECRET not in admin_client.get(address).content.decode()
    assert admin_client.post(change, GIVEN | {"name": "大群"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.address) == ("大群", f"wecombot://{SECRET}")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"new_address": ""}, "请填写发送地址"),
        ({"new_address": "feishu://abc"}, "应以 wecombot:// 开头"),
        ({"new_address": "wecombot://"}, "不合格式"),
        ({"new_address": "wecombot://\x00"}, "空字符"),
        ({"new_address": f"wecombot://{SECRET}", "duties": ["boss"]}, "boss"),
    ],
)
def test_a_wrong_address_is_refused_beside_its_field(admin_client: Client, given: Any, sentence: str) -> None:
    page = admin_client.post(ADD, GIVEN | given)
    assert sentence in page.content.decode()
    assert not Channel.objects.exists()


def test_a_channel_can_be_tried_out_and_says_what_happened(admin_client: Client, listener: Listener) -> None:
    address = f"json://127.0.0.1:{listener.port}/sms?:to={{mobile}}"
    channel = Channel.objects.create(name="短信", kind="sms", address=address)
    chosen = {"action": "try_out", "_selected_action": [channel.pk]}
    page = admin_client.post("/admin/accounts/channel/", chosen, follow=True).content.decode()
    assert "短信：对方已接收" in page
    assert [(said["to"], "测试" in said["message"]) for _, said in listener.heard] == [("12000000009", True)]
    listener.answer = lambda said: (403, {})
    page = admin_client.post("/admin/accounts/channel/", chosen, follow=True).content.decode()
    assert "短信：对方没有接收（代码 403）" in page


def test_a_channel_is_never_deleted(admin_client: Client) -> None:
    channel = Channel.objects.create(name="短信", kind="sms", address="json://x")
    assert admin_client.post(f"/admin/accounts/channel/{channel.pk}/delete/", {"post": "yes"}).status_code == 403
