"""What was saved comes back, whole; what cannot be read changes nothing."""

import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings as portal_settings
from django.core.management import CommandError, call_command
from django.db import connection

TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"
TRIGGERS = "select tgname from pg_trigger where not tgisinternal order by 1"


def beside(name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(portal_settings.DATABASE_URL)._replace(path=f"/{name}"))


@pytest.fixture
def empty_database() -> Iterator[str]:
    name = f"restored_{connection.settings_dict['NAME']}"
    with psycopg.connect(beside("postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name}")
        server.execute(f"create database {name}")
    yield beside(name)
    with psycopg.connect(beside("postgres"), autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def saved(db: Any, settings: Any, tmp_path: Path) -> Path:
    settings.DATABASE_URL = beside(str(connection.settings_dict["NAME"]))
    settings.MEDIA_ROOT = tmp_path / "attachments"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a1.jpg").write_bytes(b"a photograph")
    (settings.MEDIA_ROOT / "exports").mkdir()
    (settings.MEDIA_ROOT / "exports" / "list.xlsx").write_bytes(b"an exported sheet")
    settings.SEALING_KEY_FILE = tmp_path / "sealing.key"
    settings.SEALING_KEY_FILE.write_text("the key")
    said = StringIO()
    call_command("backup", tmp_path / "portal.tar", stdout=said)
    assert "密钥不在备份里" in said.getvalue()
    return tmp_path / "portal.tar"


def content(url: str) -> dict[str, list[Any]]:
    with psycopg.connect(url) as database:
        names = [name for (name,) in database.execute(TABLES)]
        rows = {name: database.execute(f'select t::text from "{name}" t order by 1').fetchall() for name in names}
        return rows | {"triggers": database.execute(TRIGGERS).fetchall()}


def test_a_backup_brings_everything_back(saved: Path, empty_database: str, settings: Any, tmp_path: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert b"the key" not in saved.read_bytes()
    assert b"an exported sheet" not in saved.read_bytes(), "it was to go after some days"
    source = settings.DATABASE_URL
    settings.DATABASE_URL, settings.MEDIA_ROOT = empty_database, tmp_path / "elsewhere"

    call_command("restore", saved, stdout=StringIO())

    before, after = content(source), content(empty_database)
    assert len(before["grids_place"]) > 300
    assert len(before["triggers"]) >= 3
    assert after == before
    assert (tmp_path / "elsewhere" / "a1.jpg").read_bytes() == b"a photograph"


def test_data_is_replaced_only_when_told_so(saved: Path, empty_database: str, settings: Any) -> None:
    settings.DATABASE_URL = empty_database
    with psycopg.connect(empty_database) as database:
        database.execute("create table kept (word text)")
        database.execute("insert into kept values ('x')")
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", saved)
    assert content(empty_database)["kept"] == [("(x)",)]
    call_command("restore", saved, replace=True, stdout=StringIO())
    assert "grids_place" in content(empty_database)


def test_a_damaged_backup_changes_nothing(saved: Path, empty_database: str, settings: Any) -> None:
    settings.DATABASE_URL = empty_database
    whole = saved.read_bytes()
    for damage in (whole[: len(whole) // 2], b"", b"no archive at all"):
        saved.write_bytes(damage)
        with pytest.raises(CommandError):
            call_command("restore", saved)
        assert set(content(empty_database)) == {"triggers"}
