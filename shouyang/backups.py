"""One file with the database and the attachments; the key that unseals personal data is never in it.

Whoever finds a backup must not be able to read what is sealed, so the key is kept elsewhere, by somebody else.
"""

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings

from accounts.models.export import FOLDER as EXPORTS
from shouyang.embedded import keepsakes

DUMP = "database.dump"
ATTACHMENTS = "attachments"


class CannotBackUp(Exception):
    """What stands in the way, for the person at the terminal."""


def back_up(file: Path) -> None:
    """Whole or not at all: an interrupted backup leaves no file that looks like one."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    with _open_database() as url, tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DUMP
        run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"], url)
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
                with tarfile.open(fileobj=raw, mode="w") as archive:
                    archive.add(dump, DUMP)
                    if Path(settings.MEDIA_ROOT).is_dir():
                        archive.add(settings.MEDIA_ROOT, ATTACHMENTS, filter=_worth_keeping)
                raw.flush()
                os.fsync(raw.fileno())
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)


def _worth_keeping(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """An exported sheet is a copy for some days, which would outlive them in a backup."""
    return None if entry.name == f"{ATTACHMENTS}/{EXPORTS}" else entry


def restore(file: Path, *, replace: bool) -> None:
    """The database becomes the backup's in one transaction, or stays as it was; attachments are only added."""
    with _open_database() as url, tempfile.TemporaryDirectory() as folder:
        if not replace and _has_tables(url):
            raise CannotBackUp("数据库里已有数据；确实要用备份替换它，请加上 --replace")
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")  # refuses paths that lead out of the folder
        except (OSError, tarfile.TarError) as error:
            raise CannotBackUp(f"{file} 不是可读的备份文件：{error}") from error
        dump = Path(folder) / DUMP
        if not dump.is_file():
            raise CannotBackUp(f"{file} 里没有数据库")
        cleaning = ["--clean", "--if-exists", "--no-owner", "--no-privileges"]
        run(["pg_restore", "--single-transaction", "--exit-on-error", *cleaning, "--dbname=", str(dump)], url)
        if (Path(folder) / ATTACHMENTS).is_dir():
            shutil.copytree(Path(folder) / ATTACHMENTS, settings.MEDIA_ROOT, dirs_exist_ok=True)


@contextmanager
def _open_database() -> Iterator[str]:
    """The address of the database, which is started for the purpose where it is the embedded one and does not run."""
    if "DATABASE_URL" in os.environ:
        yield settings.DATABASE_URL
        return
    from shouyang.embedded.servers import running

    with running(settings.HOME):
        yield keepsakes.database_url(settings.HOME) or settings.DATABASE_URL


def _has_tables(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone() is not None


def run(command: list[str], url: str) -> None:
    program = _program(command[0], url)
    arguments = [word.replace("--dbname=", f"--dbname={_environment(url)['PGDATABASE']}") for word in command[1:]]
    done = subprocess.run([program, *arguments], env=os.environ | _environment(url), capture_output=True, text=True)
    if done.returncode:
        raise CannotBackUp(f"{command[0]} 失败：{done.stderr.strip()}")


def _environment(url: str) -> dict[str, str]:
    """Not on the command line, where everybody on the machine could read the password."""
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }


def _program(name: str, url: str) -> str:
    """The program of the server's own version: a newer pg_restore says things that an older server does not know."""
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
    for candidate in _candidates(name):
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True).stdout
        if (found := re.search(r"\b(\d+)[.\d]*", said)) and int(found[1]) == server:
            return candidate
    raise CannotBackUp(f"没有找到与数据库版本（{server}）相同的 {name}，请安装 postgresql-client-{server}")


def _candidates(name: str) -> Iterator[str]:
    if found := shutil.which(name):
        yield found
    from shouyang.embedded.postgres import program_folder

    yield str(program_folder() / name)
    for place in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")):
        yield str(place)
