"""Both servers together: started in order, mended while they run, stopped in the opposite order."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from shouyang.embedded import keepsakes
from shouyang.embedded.postgres import Postgres
from shouyang.embedded.valkey import Valkey


class HomeIsTaken(RuntimeError):
    """Another process runs the servers of this home."""


class Servers:
    """`want_database` and `want_broker` are false where the environment points at real servers."""

    def __init__(
        self, home: Path, *, durable: bool = True, want_database: bool = True, want_broker: bool = True
    ) -> None:
        self.home = home.resolve()
        make_home(self.home)
        self._lock = _lock(self.home)
        self._servers: list[Postgres | Valkey] = []
        if want_database:
            self._servers.append(Postgres(self.home, durable=durable))
        if want_broker:
            self._servers.append(Valkey(self.home))

    def start(self) -> None:
        for server in self._servers:
            server.start()

    def addresses(self) -> dict[str, str]:
        """What to put into the environment of everything that talks to them."""
        addresses = {}
        for server in self._servers:
            if isinstance(server, Postgres):
                addresses["DATABASE_URL"] = keepsakes.database_url(self.home) or ""
            else:
                addresses["REDIS_URL"] = keepsakes.redis_url(self.home) or ""
        return addresses

    def mend(self) -> list[str]:
        """Start again what died; its port was free a moment ago, so its address nearly always stays."""
        dead = [server for server in self._servers if not server.alive()]
        for server in dead:
            server.start()
        return [type(server).__name__ for server in dead]

    def stop(self) -> None:
        for server in reversed(self._servers):
            server.stop()
        self._lock.close()


@contextlib.contextmanager
def running(home: Path) -> Iterator[None]:
    """The home's servers for the length of a command: those that run already, else its own."""
    try:
        servers = Servers(home, want_broker=False)
    except HomeIsTaken:
        yield
        return
    try:
        servers.start()
        yield
    finally:
        servers.stop()


def make_home(home: Path) -> None:
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o711)  # the servers' user must pass through to its own room; everything inside is shut by itself
    if not os.access(home, os.W_OK):
        raise RuntimeError(f"{home} 属于另一个系统用户；请用原来的用户运行，或用 SHOUYANG_HOME 另选一个目录")


def _lock(home: Path) -> IO[str]:
    """Held as long as this process lives, however it dies: the system lets go of it."""
    file = (home / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise HomeIsTaken(f"{home} 正由另一个门户进程使用（进程号 {owner or '不明'}）") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
