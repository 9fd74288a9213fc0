"""The database goes away and comes back: the running web process answers again by itself."""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from shouyang import processes
from shouyang.embedded import keepsakes
from shouyang.embedded.postgres import Postgres
from shouyang.embedded.servers import Servers
from tests import databases
from tests.waiting import PATIENCE, wait

pytestmark = pytest.mark.slow

UNSET = ("DATABASE_URL", "REDIS_URL", "PROMETHEUS_MULTIPROC_DIR")


class House:
    def __init__(self, home: Path) -> None:
        self.servers = Servers(home, durable=False)
        self.servers.start()
        self.port = keepsakes.free_port()
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        self.environment = (
            kept | self.servers.addresses() | {"SHOUYANG_HOME": str(home), "STATIC_HASHED": "0", "DEMO_CITY": "0"}
        )
        self.log = home / "web.log"
        databases.fill(self.environment["DATABASE_URL"])
        with self.log.open("ab") as log:
            self.web = subprocess.Popen(
                processes.web("127.0.0.1", self.port),
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ask(self, path: str, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read()
        except OSError:
            return 0, b""

    def page(self) -> int:
        """A page through the pool: the session of this cookie is looked for, and found to be over."""
        return self.ask("/petitions/", Cookie=f"sessionid={'a' * 32}")[0]

    def sees_database(self) -> bool:
        body = self.ask("/healthz")[1]
        return bool(body) and json.loads(body)["database"] is True

    def close(self) -> None:
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait(PATIENCE)
        self.servers.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    tmp_path.chmod(0o711)
    house = House(tmp_path / "home")
    yield house
    house.close()


def test_the_portal_recovers_by_itself_when_the_database_comes_back(house: House) -> None:
    wait(lambda: house.page() == 200, house.log.read_text)
    postgres = next(server for server in house.servers._servers if isinstance(server, Postgres))
    assert postgres.process is not None
    postgres.process.send_signal(signal.SIGKILL)
    postgres.process.wait(PATIENCE)

    assert not house.sees_database()

    assert house.servers.mend() == ["Postgres"]
    wait(lambda: [house.page() for _ in range(8)] == [200] * 8, house.log.read_text)
    assert house.sees_database()
    assert house.web.poll() is None, "it is the same process"
