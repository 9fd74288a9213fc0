"""One command opens the portal; whatever is killed, the next one opens it again; and nothing stays behind."""

import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from shouyang.embedded import keepsakes, lodging
from shouyang.embedded.servers import Servers
from tests import databases
from tests.shouyang.portal import Portal, lodging_for_a_test
from tests.waiting import PATIENCE, wait

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portals")]


@pytest.fixture(scope="module")
def portal() -> Iterator[Callable[..., Portal]]:
    portals: list[Portal] = []

    def make(home: Path | None = None, **environment: str) -> Portal:
        portals.append(Portal(home or lodging_for_a_test() / "home", **environment))
        return portals[-1]

    yield make
    for each in portals:
        each.close()
    for each in portals:
        shutil.rmtree(each.home.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def neighbour(portal: Callable[..., Portal]) -> Portal:
    """Open all the while: nothing that happens to another portal on this machine may touch it."""
    return portal().start().until_ready()


@pytest.fixture(scope="module")
def intruder(portal: Callable[..., Portal], neighbour: Portal) -> Portal:
    """In the home of the neighbour, for whose end it waits twelve seconds: other tests go on meanwhile."""
    return portal(neighbour.home).start()


def with_tables(home: Path) -> None:
    """The neighbour has made its own, which takes a while."""
    servers = Servers(home, durable=False)
    servers.start()
    databases.fill(servers.addresses()["DATABASE_URL"])
    servers.stop()


def test_a_portal_opens_and_answers(neighbour: Portal, intruder: Portal) -> None:
    health = neighbour.health()
    assert health["status"] == 200
    assert all(health[part] for part in ("ok", "database", "broker", "worker", "beat"))
    assert health["heartbeat_age"] < 30
    words = neighbour.words()
    assert "operator" in words
    assert "shouyang-demo-2026" in words
    assert words.rstrip().endswith(f"ready http://127.0.0.1:{neighbour.port}")


def test_secrets_are_for_their_owner_only(portal: Callable[..., Portal]) -> None:
    one = portal()
    servers = Servers(one.home, durable=False)
    try:
        servers.start()
        for name in ("postgres.json", "valkey.json"):
            assert stat.S_IMODE((one.home / name).stat().st_mode) == 0o600
        address = servers.addresses()["DATABASE_URL"]
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address.replace(":" + address.split(":")[2].split("@")[0] + "@", ":wrong@"))
        with psycopg.connect(address) as connection:
            chosen = "current_setting('timezone'), datlocprovider, datlocale"
            row = connection.execute(f"select {chosen} from pg_database where datname = 'shouyang'").fetchone()
            assert row == ("Asia/Shanghai", "b", "C.UTF-8")
    finally:
        servers.stop()


def test_it_outlives_the_death_of_each_part_and_of_all(portal: Callable[..., Portal], neighbour: Portal) -> None:
    one = portal()
    with_tables(one.home)
    one.start().until_ready()

    parts = ["shouyang worker", "shouyang beat", "granian", "postgres -D", "valkey-server"]
    for words in parts:  # each with everything that it started
        for process in one.named(words):
            process.kill()
    wait(lambda: one.health().get("ok") and all(one.named(words) for words in parts), one.health)

    assert one.process
    one.process.kill()  # the supervisor alone: everything else is left running
    one.process.wait()
    one.start().until_ready()
    assert one.said("已结束上次遗留的进程")

    for process in [*one.everything(), psutil.Process(one.process.pid)]:
        process.kill()
    one.process.wait()
    one.start().until_ready()

    assert one.health()["ok"]
    assert len(one.everything()) > 6
    assert one.stop(signal.SIGINT) == 0
    assert one.everything() == []
    assert keepsakes.is_free(one.port)
    assert neighbour.health()["ok"]


def test_health_says_what_is_down(neighbour: Portal) -> None:
    workers = neighbour.named("shouyang worker")
    for process in workers:
        process.suspend()  # alive for the supervisor, and yet of no use
    try:
        health = neighbour.health()
        assert (health["status"], health["database"], health["worker"]) == (503, True, False)
    finally:
        for process in workers:
            process.resume()


def test_one_home_has_one_portal(intruder: Portal, neighbour: Portal) -> None:
    assert intruder.process
    assert intruder.process.wait(PATIENCE) == 1
    assert "仍在使用中" in intruder.words()
    intruder.home = intruder.output  # whatever runs in that home is the neighbour's
    assert neighbour.health()["ok"]


def test_a_port_that_is_taken_is_named(portal: Callable[..., Portal]) -> None:
    one = portal()
    with socket.create_server(("127.0.0.1", one.port)):
        one.start()
        assert one.process
        assert one.process.wait(PATIENCE) == 1
    assert f"端口 {one.port} 已被别的程序占用" in one.words()


def test_the_servers_take_another_port_when_theirs_is_taken(portal: Callable[..., Portal]) -> None:
    home = portal().home
    servers = Servers(home, durable=False)
    servers.start()
    before = keepsakes.recall(home, "postgres")
    servers.stop()
    assert before
    with socket.create_server(("127.0.0.1", before["port"])):
        servers = Servers(home, durable=False)
        try:
            servers.start()
            after = keepsakes.recall(home, "postgres")
            assert after
            assert after["port"] != before["port"]
            assert after["password"] == before["password"]
        finally:
            servers.stop()


def test_the_demo_city_is_not_shown_to_the_network_by_accident(portal: Callable[..., Portal]) -> None:
    one = portal(HOST="0.0.0.0").start()
    assert one.process
    assert one.process.wait(PATIENCE) == 1
    assert "DEMO_ON_NETWORK=1" in one.words()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs the servers as itself, wherever the home is")
def test_as_root_below_a_folder_that_the_servers_user_cannot_enter() -> None:
    with tempfile.TemporaryDirectory() as shut:  # made for its owner only
        home = Path(shut) / "home"
        servers = Servers(home, durable=False)
        rooms = [home / "postgres", home / "valkey"]
        try:
            servers.start()
            assert [room.resolve().is_relative_to(lodging.FALLBACK) for room in rooms] == [True, True]
            assert stat.S_IMODE(Path(shut).stat().st_mode) == 0o700
            with psycopg.connect(servers.addresses()["DATABASE_URL"]) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
        finally:
            servers.stop()
            for room in rooms:
                shutil.rmtree(room.resolve())
