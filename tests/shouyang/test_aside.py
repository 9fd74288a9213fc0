"""What goes on aside: in another process, begun before the block and over when it is; neither outlives the other."""

import os
import time
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from shouyang.aside import aside


def write(path: Path) -> None:
    path.write_text(str(os.getpid()))


def write_late(path: Path) -> None:
    time.sleep(60)
    write(path)


def fail() -> None:
    os._exit(3)


def ask(path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path.write_text(str(cursor.fetchone()[0]))


def test_it_is_another_process_and_over_when_the_block_is(tmp_path: Path) -> None:
    with aside(partial(write, tmp_path / "pid")):
        pass
    assert int((tmp_path / "pid").read_text()) != os.getpid()


def test_with_one_process_it_follows_the_block(tmp_path: Path) -> None:
    with aside(partial(write, tmp_path / "pid"), processes=1):
        assert not (tmp_path / "pid").exists()
    assert int((tmp_path / "pid").read_text()) == os.getpid()


def test_its_failure_is_told() -> None:
    with pytest.raises(ChildProcessError, match="3"), aside(fail):
        pass


def test_it_does_not_go_on_where_the_block_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), aside(partial(write_late, tmp_path / "pid")):
        raise ZeroDivisionError
    assert not (tmp_path / "pid").exists()


@pytest.mark.django_db(transaction=True)
def test_each_has_a_connection_of_its_own(tmp_path: Path) -> None:
    with aside(partial(ask, tmp_path / "work")):
        ask(tmp_path / "block")
    assert (tmp_path / "work").read_text() != (tmp_path / "block").read_text()
