"""A pytest plugin: the run's own PostgreSQL and Valkey, started once, before Django reads its settings.

The xdist workers inherit the addresses through the environment. Every run has servers of its own in a folder of its
own, so any number of runs may go on at once; durability is switched off, since the folder is thrown away at the end.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import databases

started = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, because pytest-django loads the settings in the same hook, and the addresses must be there by then."""
    if "PYTEST_XDIST_WORKER" not in os.environ and not early_config.known_args_namespace.help:
        _start()
        if early_config.known_args_namespace.numprocesses:  # made by the time that the workers have found their tests
            making = started.enter_context(databases.begin_to_make_tables())
            started.callback(making.kill)
    return (yield)


def _start() -> None:
    from shouyang.embedded.servers import Servers

    home = Path(tempfile.mkdtemp(prefix="shouyang-test-"))
    home.chmod(0o711)
    started.callback(shutil.rmtree, home, ignore_errors=True)
    servers = Servers(
        home,
        durable=False,
        want_database="DATABASE_URL" not in os.environ,
        want_broker="REDIS_URL" not in os.environ,
    )
    started.callback(servers.stop)
    servers.start()
    os.environ.update(servers.addresses())
    os.environ.setdefault("SHOUYANG_HOME", str(home))
    os.environ.setdefault("STATIC_HASHED", "0")
    Path(os.environ["SHOUYANG_HOME"], "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without it
    databases.forget_tables()


def pytest_unconfigure() -> None:
    started.close()
