"""Notices leave the portal on channels: each on its own, again when it failed, and without anybody's name."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connections, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import routing, tasks
from accounts.channels import complaint, try_out
from accounts.models import Channel, Delivery, Notice, User
from accounts.models.delivery import TRIES
from accounts.notices import tell
from accounts.senders import SERVERS
from accounts.unsent import Unsent
from shouyang.health import given_up
from tests.accounts.listener import OK, Listener
from tests.cast import Cast

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def pair(db: None) -> tuple[User, User]:
    head = User.objects.create_user("head", name="杨振华", email="head@example.cn", mobile="12000000001")
    return head, User.objects.create_user("officer", name="马俊峰", mobile="12000000002")


def told(*people: User, key: str = "SG2026111600001:dispatch:2", **words: Any) -> None:
    number = key.partition(":")[0]
    said = {"title": f"新工单待签收：{number}", "body": "王秀英反映油烟扰民", "path": f"/petitions/{number}/"}
    tell(people, key=key, at=NOW, **(said | words))


def channel(address: str, kind: str = Channel.Kind.WEBHOOK, **values: Any) -> Channel:
    return Channel.objects.create(
        **({"name": f"渠道{Channel.objects.count()}", "kind": kind} | values), address=address
    )


def group(listener: Listener, **values: Any) -> Channel:
    return channel(f"json://127.0.0.1:{listener.port}/group", **values)


def personal(listener: Listener, **values: Any) -> Channel:
    return channel(f"json://127.0.0.1:{listener.port}/sms?:to={{mobile}}", Channel.Kind.SMS, **values)


def test_a_group_hears_the_same_once_and_a_person_for_herself(pair: tuple[User, User], listener: Listener) -> None:
    group(listener), personal(listener)
    told(*pair)
    tasks.send_unsent()
    tasks.send_unsent()
    told(*pair)
    tasks.send_unsent()
    assert sorted(path for path, _ in listener.heard) == ["/group", "/sms", "/sms"]
    assert {said["to"] for path, said in listener.heard if path == "/sms"} == {"12000000001", "12000000002"}
    assert Delivery.objects.outstanding().count() == 0
    assert not Notice.objects.unsent().exists()


def test_only_a_number_and_fixed_words_go_out(pair: tuple[User, User], listener: Listener, settings: Settings) -> None:
    settings.PORTAL_ADDRESS = "https://portal.example"
    group(listener)
    told(pair[0])
    told(pair[0], key="SG2026111600002:x:1", title="王秀英 12000000009 来电", path="/petitions/SG2026111600002/")
    told(pair[0], key="other", title="李明的报到申请", path="/members/7/")
    tasks.send_unsent()
    assert [said["message"] for _, said in listener.heard] == [
        "新工单待签收：SG2026111600001。请登录门户办理。\nhttps://portal.example/petitions/SG2026111600001/",
        "SG2026111600002 有新的通知，请登录门户查看。\nhttps://portal.example/petitions/SG2026111600002/",
        "有新的通知，请登录门户查看。\nhttps://portal.example/members/7/",
    ]


def test_a_channel_hears_what_it_asked_for(cast: Cast, listener: Listener) -> None:
    urgent = group(listener, name="紧急", from_weight=Notice.Weight.URGENT)
    heads = group(listener, name="负责人", duties=["head"])
    group(listener, name="停用", active=False)
    told(cast.head, cast.officer, key="SG2026111600001:a:1")
    told(cast.officer, key="SG2026111600002:b:1", weight=Notice.Weight.URGENT)
    tasks.send_unsent()
    sent = Delivery.objects.values_list("channel__name", "notice__person__username", "notice__weight")
    assert sorted(sent) == sorted([(heads.name, "head", "info"), (urgent.name, "officer", "urgent")])


def test_who_has_no_mobile_is_not_waited_for(pair: tuple[User, User], listener: Listener) -> None:
    personal(listener)
    User.objects.filter(pk=pair[1].pk).update(mobile="")
    told(*pair)
    assert tasks.send_unsent() == 1
    assert Delivery.objects.count() == 1


def test_what_failed_on_one_channel_is_tried_again_there_alone(pair: tuple[User, User], listener: Listener) -> None:
    group(listener, name="好")
    broken = channel(f"json://127.0.0.1:{closed_port()}/nobody", name="坏")
    told(pair[0])
    with time_machine.travel(NOW, tick=False) as clock:
        assert tasks.send_unsent() == 1
        waiting = Delivery.objects.get(channel=broken)
        assert (waiting.attempts, waiting.next_try_at, waiting.problem) == (1, NOW + MINUTE, "连接不上对方")
        assert tasks.send_unsent() == 0
        clock.shift(MINUTE)
        broken.address = f"json://127.0.0.1:{listener.port}/mended"
        broken.save()
        assert tasks.send_unsent() == 1
    assert [path for path, _ in listener.heard] == ["/group", "/mended"]
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.sent_at, waiting.problem) == (2, NOW + MINUTE, "")


def closed_port() -> int:
    with Listener() as gone:
        return gone.port


def test_one_message_that_is_refused_stops_no_other(pair: tuple[User, User], listener: Listener) -> None:
    group(listener)
    listener.answer = lambda said: (500, {}) if "00003" in said["message"] else (200, {})
    for n in range(6):
        told(pair[0], key=f"SG202611160000{n}:a:1")
    assert tasks.send_unsent() == 5
    (refused,) = Delivery.objects.outstanding()
    assert refused.problem == "对方没有接收（代码 500）"


def test_after_eight_tries_it_is_given_up_and_an_administrator_may_try_again(
    cast: Cast, listener: Listener, client: Any
) -> None:
    group(listener)
    listener.answer = lambda said: (503, {})
    told(cast.head)
    with time_machine.travel(NOW, tick=False) as clock:
        waits: list[int] = []
        while Delivery.objects.outstanding().exists() or not waits:
            tasks.send_unsent()
            delivery = Delivery.objects.get()
            if delivery.given_up_at is None:
                waits.append(int((delivery.next_try_at - datetime.now(UTC)) / MINUTE))
                clock.move_to(delivery.next_try_at)
        assert waits == [1, 2, 4, 8, 16, 32, 64]
        assert (delivery.attempts, len(listener.heard)) == (TRIES, TRIES)
        listener.answer = lambda said: (200, {})
        User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
        client.force_login(User.objects.get(pk=cast.admin.pk))
        client.post("/admin/accounts/delivery/", {"action": "try_again", "_selected_action": [delivery.pk]})
        assert tasks.send_unsent() == 1


def test_what_waits_on_a_channel_that_is_switched_off_never_goes_out(
    pair: tuple[User, User], listener: Listener
) -> None:
    quiet = group(listener)
    told(pair[0])
    assert routing.hand_over(NOW) == 1
    Channel.objects.update(active=False)
    assert tasks.send_unsent() == 0
    Channel.objects.update(active=True)
    assert tasks.send_unsent() == 0
    assert Delivery.objects.given_up().get(channel=quiet).problem == "渠道已停用"


def test_what_a_killed_worker_had_claimed_goes_out_after_its_lease(pair: tuple[User, User], listener: Listener) -> None:
    group(listener)
    told(pair[0])
    with time_machine.travel(NOW, tick=False) as clock:
        routing.hand_over(NOW)
        assert len(tasks.claim(NOW)) == 1  # and the worker dies here
        assert tasks.send_unsent() == 0
        clock.shift(tasks.LEASE)
        assert tasks.send_unsent() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_everything_once(pair: tuple[User, User], listener: Listener) -> None:
    group(listener), personal(listener)
    for n in range(60):
        told(*pair, key=f"SG20261116000{n:02}:a:1")
    start = threading.Barrier(2)

    def sweep() -> None:
        start.wait()
        tasks.send_unsent()
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(listener.heard) == 60 + 120
    assert len({(path, str(said.get("to")), said["message"]) for path, said in listener.heard}) == 180


@pytest.mark.parametrize("how_many", [1, 200])
def test_handing_over_costs_the_same_for_one_and_for_many(
    pair: tuple[User, User], listener: Listener, how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    group(listener, duties=["head"]), personal(listener)
    for n in range(how_many):
        told(*pair, key=f"SG2026111600{n:03}:a:1")
    with django_assert_num_queries(7):  # two of them open and close the transaction
        assert routing.hand_over(NOW) == 2 * how_many


ROBOT_ADDRESSES: dict[str, str] = {
    Channel.Kind.WECOM: "wecombot://a-robots-key",
    Channel.Kind.DINGTALK: "dingtalk://SECsecret@abcdef0123456789",
    Channel.Kind.FEISHU: "feishu://abcdef0123456789",
}


@pytest.mark.parametrize("kind", ROBOT_ADDRESSES)
def test_a_robot_is_spoken_to_in_its_own_way_and_its_refusal_is_believed(
    kind: str, pair: tuple[User, User], listener: Listener, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    address = ROBOT_ADDRESSES[kind]
    robot: Any = SERVERS[address.partition("://")[0]]
    real = robot.notify_url
    monkeypatch.setattr(robot, "notify_url", real.replace("https://", f"http://127.0.0.1:{listener.port}/"))
    channel(address, kind)
    told(pair[0])
    refusal = {"code": 19001} if kind == Channel.Kind.FEISHU else {"errcode": 93000, "errmsg": "invalid webhook"}
    listener.answer = lambda said: (200, refusal)
    with time_machine.travel(NOW, tick=False) as clock:
        assert tasks.send_unsent() == 0
        assert "代码" in Delivery.objects.get().problem
        listener.answer = lambda said: (200, {"code": 0} if kind == Channel.Kind.FEISHU else OK)
        clock.shift(MINUTE)
        assert tasks.send_unsent() == 1
    (path, said), _ = listener.heard
    text = said["content"]["text"] if kind == Channel.Kind.FEISHU else said["text"]["content"]
    assert "新工单待签收：SG2026111600001" in text
    assert "王秀英" not in text
    secret = address.rpartition("/")[2].rpartition("@")[2]
    assert secret in path
    assert secret not in caplog.text + str(list(Delivery.objects.values_list("problem")))
    assert ("sign=" in path) is (kind == Channel.Kind.DINGTALK)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("wecom", "wecombot://"),
        ("dingtalk", "dingtalk://"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/x"),
        ("webhook", "json://"),
        ("webhook", "syslog://"),
        ("sms", "nothing"),
        ("email", "mailto://"),
        ("email", "json://x?to={email}"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_words(kind: str, address: str) -> None:
    assert "地址" in complaint(kind, address)


def test_addresses_of_every_kind_are_understood() -> None:
    good = {**ROBOT_ADDRESSES, Channel.Kind.EMAIL: "mailtos://robot:word@smtp.example.cn?to={email}"}
    for kind, address in {**good, "sms": "jsons://sms.example.cn/send?:to={mobile}"}.items():
        assert complaint(kind, address) == ""


def test_a_channel_whose_key_is_lost_says_so(
    pair: tuple[User, User], listener: Listener, settings: Settings, tmp_path: Any
) -> None:
    lost = group(listener)
    settings.SEALING_KEY_FILE = tmp_path / "lost.key"
    lost.refresh_from_db()
    with pytest.raises(Unsent, match="密钥缺失"):
        try_out(lost, pair[0])


def test_a_delivery_is_kept(pair: tuple[User, User], listener: Listener) -> None:
    group(listener)
    told(pair[0])
    tasks.send_unsent()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Delivery.objects.all().delete()


def test_what_waits_and_what_was_given_up_can_be_watched(
    pair: tuple[User, User], listener: Listener, client: Any, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "a-token"

    def watched() -> tuple[str, ...]:
        said = client.get("/metrics", headers={"Authorization": "Bearer a-token"}).text
        lines = dict(line.rsplit(" ", 1) for line in said.splitlines() if not line.startswith("#"))
        return lines["shouyang_notices_unsent"], lines["shouyang_notices_given_up"]

    group(listener), personal(listener)
    told(*pair)
    assert watched() == ("2.0", "0.0")
    routing.hand_over(NOW)
    assert watched() == ("3.0", "0.0")  # one for the group, one for each person
    tasks.send_unsent()
    assert watched() == ("0.0", "0.0")
    Delivery.objects.filter(key=None).update(sent_at=None, given_up_at=NOW)
    assert watched() == ("0.0", "2.0")
    assert given_up(NOW - MINUTE) == 2
    assert given_up(NOW) == 0
