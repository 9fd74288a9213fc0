"""The databases of a run: the tables are made once, and copied for everybody who needs a database of one's own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).parents[1]
TABLES, HALF_MADE = "tables", "half_made"
Server = psycopg.Connection[tuple[object, ...]]

# A test with real commits is followed by this: whatever is not as it was kept is put back, the rest is left alone.
PUT_BACK = """
do $$
declare
    name text; kept bool; differs bool;
begin
    perform set_config('pgtrigger.ignore', array_agg(tgname)::text, true) from pg_trigger where not tgisinternal;
    for name, kept in
        select here.relname, as_kept.oid is not null from pg_class here
        left join pg_class as_kept on as_kept.relname = here.relname and as_kept.relnamespace = 'kept'::regnamespace
        where here.relnamespace = 'public'::regnamespace and here.relkind = 'r'
    loop
        if kept then
            execute format('select exists ((table %1$I except all table kept.%1$I)'
                ' union all (table kept.%1$I except all table %1$I))', name) into differs;
        else
            execute format('select exists (table %I)', name) into differs;
        end if;
        if differs then
            execute format('delete from %I', name);
        end if;
        if differs and kept then
            execute format('insert into %1$I table kept.%1$I', name);
        end if;
    end loop;
end $$
"""
OURS = "'^(accounts|grids|petitions|members|cocreation|shouyang)_'"
SHAPE = f"""
select concat_ws(' ', table_name, column_name, data_type, is_nullable, collation_name) from information_schema.columns
where table_schema = 'public' and table_name ~ {OURS}
union select indexdef from pg_indexes where schemaname = 'public' and tablename ~ {OURS}
union select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
where connamespace = 'public'::regnamespace and conrelid::regclass::text ~ {OURS}
union select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union select relname || ' ' || relpersistence::text from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r' and relname ~ {OURS}
"""
KEEP = """
do $$
declare
    name text; filled bool;
begin
    create schema kept;
    for name in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
        execute format('select exists (table %I)', name) into filled;
        if filled then
            execute format('create table kept.%1$I as table %1$I', name);
        end if;
    end loop;
end $$
"""


def address(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def copied(name: str) -> str:
    """The address of a fresh database that has every table, and nothing in them."""
    with _tables() as server:
        _drop(server, name)
        server.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(TABLES)))
    return address(name)


def fill(url: str) -> None:
    """The same tables in an empty database of another server."""
    from shouyang import backups  # read late: it knows models, and Django is not set up when pytest starts

    with _tables(), tempfile.TemporaryDirectory() as folder:
        dump = f"{folder}/tables"
        backups.run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"], address(TABLES))
        backups.run(["pg_restore", "--no-owner", "--no-privileges", "--dbname=", dump], url)


def keep() -> None:
    """What is in the tables now is what every test finds."""
    connection.cursor().execute(KEEP)


def put_back() -> None:
    connection.cursor().execute(PUT_BACK)


def forget_tables() -> None:
    """Another run's, on a server that outlives its runs."""
    with _server() as server:
        _drop(server, TABLES)


def shape(url: str) -> set[str]:
    """Every column, index, constraint and trigger of our own tables, as PostgreSQL words it."""
    with psycopg.connect(url) as server:
        return {str(row[0]) for row in server.execute(SHAPE)}


def begin_to_make_tables() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", __name__], cwd=ROOT)


@contextmanager
def _tables() -> Iterator[Server]:
    """Once they are made; one at a time, since what somebody is connected to cannot be copied."""
    with _server() as server:
        if not _exists(server, TABLES):
            made = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, capture_output=True, text=True)
            assert made.returncode == 0, made.stderr
        server.execute("select pg_advisory_lock(1)")
        yield server


def _make_tables() -> None:
    """Two who find none take turns: the second finds those of the first."""
    with _server() as server:
        server.execute("select pg_advisory_lock(1)")
        if _exists(server, TABLES):
            return
        _drop(server, HALF_MADE)
        server.execute(sql.SQL("create database {}").format(sql.Identifier(HALF_MADE)))
        _migrate(address(HALF_MADE))
        server.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(HALF_MADE), sql.Identifier(TABLES))
        )


def _migrate(url: str) -> None:
    os.environ |= {"DATABASE_URL": url, "DATABASE_POOL": "0", "DJANGO_SETTINGS_MODULE": "shouyang.settings"}
    import django

    django.setup()
    from shouyang import tables

    tables.make()
    connection.close()


def _server() -> Server:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _exists(server: Server, name: str) -> bool:
    return bool(server.execute("select 1 from pg_database where datname = %s", [name]).fetchone())


def _drop(server: Server, name: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


if __name__ == "__main__":
    _make_tables()
