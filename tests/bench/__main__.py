"""`python -m tests.bench`: measure on embedded servers with durable settings, in a folder that is thrown away.

SIZE=small|full, ONLY=name; writes bench.json into SHOUYANG_HOME (var).
"""

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

from shouyang.embedded import keepsakes
from shouyang.embedded.servers import Servers

NAMES = (
    "deadline",
    "sweep",
    "supervise",
    "register",
    "list",
    "search",
    "proposals",
    "coverage",
    "locate",
    "household",
    "due",
    "import",
)
ONLY_ASKED = ("servers",)  # a choice made once
MODULES = {"list": "facet_list", "import": "importing"}


def main() -> int:
    size, only = os.environ.get("SIZE") or "small", os.environ.get("ONLY")
    if size not in {"small", "full"} or (only and only not in NAMES + ONLY_ASKED):
        print(f"SIZE is small or full, ONLY is one of {', '.join(NAMES + ONLY_ASKED)}", file=sys.stderr)
        return 2
    report = Path(os.environ.get("SHOUYANG_HOME") or "var") / "bench.json"
    # /var/tmp is a disk everywhere; /tmp may be memory, where durable settings would cost nothing.
    home = Path(tempfile.mkdtemp(prefix="shouyang-bench-", dir="/var/tmp"))
    home.chmod(0o711)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    servers = Servers(home, durable=True)
    try:
        servers.start()
        _may_checkpoint(home)
        os.environ |= servers.addresses() | {"SHOUYANG_HOME": str(home), "LOG_LEVEL": "ERROR"}
        _prepare()
        results = _measure([only] if only else list(NAMES), size)
        machine = _machine() | {"size": size}
    finally:
        _let_go()
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)
        if (room := home / "postgres").is_symlink():
            shutil.rmtree(room.resolve(), ignore_errors=True)
    _write(report, machine, results)
    return 0 if all(row["reached"] for row in results) else 1


def _may_checkpoint(home: Path) -> None:
    kept = keepsakes.recall(home, "postgres")
    assert kept is not None
    who = {"host": keepsakes.LOOPBACK, "port": kept["port"], "user": "postgres", "password": kept["password"]}
    with psycopg.connect(**who, dbname="postgres", autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute("GRANT pg_checkpoint TO shouyang")


def _prepare() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyang.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from accounts import sealing
    from shouyang import assets, catalogues

    sealing.create()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    catalogues.load(timezone.localdate())
    catalogues.load_landmarks()
    assets.build()
    assets.collect()


def _measure(names: list[str], size: str) -> list[dict[str, Any]]:
    print(f"size {size}; {', '.join(f'{k} {v}' for k, v in _machine().items())}", flush=True)
    rows = []
    for name in names:
        measure: Callable[[str], Any] = import_module(f"tests.bench.{MODULES.get(name, name)}").measure
        begun = time.monotonic()
        result = measure(size)
        print(result, f"    took {time.monotonic() - begun:.0f} s", sep="\n", flush=True)
        rows.append(result.as_row())
    return rows


def _machine() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "postgresql": version,
        "fsync": fsync,
    }


def _let_go() -> None:
    """The pool's threads would try for ever to reach a server that has stopped."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        connection.close_pool()  # type: ignore[attr-defined]


def _write(report: Path, machine: dict[str, Any], results: list[dict[str, Any]]) -> None:
    """Measurements of other names stay: `ONLY=` brings one of them up to date."""
    report.parent.mkdir(parents=True, exist_ok=True)
    try:
        known = json.loads(report.read_text())["results"]
    except (OSError, ValueError, KeyError, TypeError):
        known = {}
    known |= {row["name"]: row | {"machine": machine} for row in results}
    report.write_text(json.dumps({"machine": machine, "results": known}, ensure_ascii=False, indent=2) + "\n")
    print(f"written to {report}")


if __name__ == "__main__":
    sys.exit(main())
