"""How far the one transaction of an import has come, as others see it, and how they stop it.

Nothing that it writes is seen before the commit, its own row is locked; advisory locks are seen at once. It takes one
with every step, whoever wants it to stop takes another, and all are gone with their transactions, however these end.
"""

from typing import Any

from django.db import connection

STEPS = 7  # that of looking for twins, and those of `loading.load`
STOP = 0
LOCKS = """
FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = %(run)s::bigint::oid
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
TAKE = "SELECT pg_advisory_xact_lock(%(run)s::bigint::int, %(step)s::int)"
WANTED = f"SELECT EXISTS (SELECT {LOCKS} AND objid = {STOP} AND pid <> pg_backend_pid())"
DONE = f"SELECT count(*) {LOCKS} AND objid > {STOP}"


def tell(run: int, step: int) -> None:
    """One more step is done."""
    _ask(TAKE, run=run, step=step)


def steps_done(run: int) -> int:
    return int(_ask(DONE, run=run))


def stop(run: int) -> None:
    """Wanted until the end of the caller's transaction, which waits for the row meanwhile."""
    _ask(TAKE, run=run, step=STOP)


def is_to_stop(run: int) -> bool:
    return bool(_ask(WANTED, run=run))


def _ask(statement: str, **said: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return cursor.fetchone()[0]
