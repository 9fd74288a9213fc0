"""Real processes on this run's servers, and real commits, cleaned up behind."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from tests.waiting import PATIENCE


class Programs:
    """The portal's programs, each leading a group of its own, on the test's database and a queue of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.started: list[subprocess.Popen[bytes]] = []
        names = connection.settings_dict
        # Two xdist workers share one Valkey: each has a database of its own there, so that no task goes astray.
        number = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 14
        self.environment = os.environ | {
            "DATABASE_URL": f"{settings.DATABASE_URL.rpartition('/')[0]}/{names['NAME']}",
            "REDIS_URL": f"{settings.REDIS_URL.rpartition('/')[0]}/{number}",
            "SHOUYANG_HOME": str(home),
            "SEALING_KEY_FILE": str(settings.SEALING_KEY_FILE),  # what the test has sealed, they can read
            "PROMETHEUS_MULTIPROC_DIR": str(home / "metrics"),
            "STATIC_HASHED": "0",
        }

    @property
    def queue(self) -> Celery:
        return Celery("test", broker=self.environment["REDIS_URL"])

    def start(self, command: list[str], **environment: str) -> subprocess.Popen[bytes]:
        with (self.home / "output.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As the kernel does when memory runs out: no farewell, children included."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def said(self) -> str:
        return (self.home / "output.log").read_text()[-3000:]


@pytest.fixture
def programs(tmp_path: Path, transactional_db: Any) -> Iterator[Programs]:
    (tmp_path / "metrics").mkdir()
    programs = Programs(tmp_path)
    with programs.queue.connection_for_write() as broker:
        broker.default_channel.client.flushdb()
    yield programs
    for process in programs.started:
        programs.kill(process)
