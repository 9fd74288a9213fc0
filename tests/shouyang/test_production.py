"""The compose file is valid, and every command in it does what it says when it is run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import yaml
from django.conf import settings as portal_settings

from shouyang import processes
from shouyang.embedded import keepsakes
from shouyang.embedded.servers import Servers
from tests import databases
from tests.shouyang.portal import get, lodging_for_a_test
from tests.waiting import PATIENCE, wait

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SECRET = "a-secret-of-a-test-that-is-longer-than-fifty-characters-0123456789"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portals")]


def environment(home: Path, **addresses: str) -> dict[str, str]:
    """What the compose file gives the portal's containers, with this test's addresses in the place of its own."""
    given = {name: str(value) for name, value in COMPOSE["web"]["environment"].items()}
    ours = {
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "portal.example,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    }
    places = {"SHOUYANG_HOME": str(home), "SEALING_KEY_FILE": str(home / "key"), "STATIC_HASHED": "0"}
    places |= {"PROMETHEUS_MULTIPROC_DIR": str(home / "metrics"), "METRICS_TOKEN": "a-token"}
    assert set(given) <= {*ours, *places, *addresses, "DEMO", "DATABASE_URL", "REDIS_URL", "CELERY_SKIP_CHECKS"}
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return inherited | given | ours | places | addresses


def run(command: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    python = [sys.executable if word == "python" else word for word in command]
    return subprocess.run(python, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE)


def test_the_compose_file_is_valid_and_holds_no_secret() -> None:
    schema = ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    checked = run([str(Path(sys.executable).with_name(schema[0])), *schema[1:]], dict(os.environ))
    assert checked.returncode == 0, checked.stdout
    for service in COMPOSE.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|URL$", name):
                assert "${" in str(value), name
        assert service.get("restart") == "no" or "healthcheck" in service


def test_it_runs_what_is_run_everywhere(settings: Any) -> None:
    settings.DEMO = False
    assert COMPOSE["web"]["command"][1:] == [*processes.web("0.0.0.0", 8000)[1:]]
    assert COMPOSE["worker"]["command"][1:] == processes.worker()[1:]
    assert COMPOSE["beat"]["command"][1:] == processes.beat(Path("/data"))[1:]


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    env = environment(tmp_path, DATABASE_URL=portal_settings.DATABASE_URL, REDIS_URL=portal_settings.REDIS_URL)
    checked = run(["python", "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], env)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("secret", ["", "short", portal_settings.DEMO_SECRET])
def test_production_refuses_a_default_secret(tmp_path: Path, secret: str) -> None:
    refused = run(["python", "manage.py", "check"], environment(tmp_path) | {"SECRET_KEY": secret})
    assert refused.returncode != 0
    assert "SECRET_KEY must come from the environment" in refused.stderr


@pytest.fixture
def production() -> Iterator[tuple[dict[str, str], Servers]]:
    """An empty database of its own, and a broker of its own that the test may stop."""
    name = "production"
    database = urlunsplit(urlsplit(portal_settings.DATABASE_URL)._replace(path=f"/{name}"))
    with psycopg.connect(portal_settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
    folder = lodging_for_a_test()
    servers = Servers(folder / "home", want_database=False)
    servers.start()
    yield environment(folder / "home", DATABASE_URL=database, **servers.addresses()), servers
    servers.stop()
    shutil.rmtree(folder)


def test_every_command_of_the_compose_file_works(production: tuple[dict[str, str], Servers], tmp_path: Path) -> None:
    env, servers = production
    port = keepsakes.free_port()
    here = {"8000": str(port), "0.0.0.0": "127.0.0.1", "python": sys.executable}
    here["/data/beat-schedule"] = str(tmp_path / "schedule")

    def health(part: str) -> int:
        words = COMPOSE[part]["healthcheck"]["test"][1:]
        return run([*words, "--port", str(port)], env).returncode

    key = run(["python", "manage.py", "sealing_key"], env)
    assert key.returncode == 0, key.stderr
    migrated = run(COMPOSE["migrate"]["command"], env)
    assert migrated.returncode == 0, migrated.stderr
    assert databases.shape(env["DATABASE_URL"]) == databases.shape(databases.copied("at_once"))
    assert health("web") == 1
    address = f"http://127.0.0.1:{port}/healthz"

    started = []
    try:
        for part in ("web", "worker", "beat"):
            command = [here.get(word, word) for word in COMPOSE[part]["command"]]
            with (tmp_path / f"{part}.log").open("wb") as log:
                started.append(subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log))
        wait(lambda: get(address).get("ok", False), lambda: [log.read_text() for log in tmp_path.glob("*.log")])
        assert [health(part) for part in ("web", "worker", "beat")] == [0, 0, 0]
        servers.stop()  # the broker is gone: the web server says so, and is not to be restarted for it
        assert health("web") == 0
        assert health("worker") == 1
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(PATIENCE)
    assert get(address) == {}
