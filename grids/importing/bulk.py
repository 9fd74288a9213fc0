"""The city's first people come all at once: the indexes and foreign keys of their table are made when they are in.

Fingerprints are in no order, so that each new row lands elsewhere in three indexes; built in one go, these take a
quarter of the time, and the references are checked by one join. Nobody can read the table until the commit, so this is
for a table that is empty. See "Populating a Database" in PostgreSQL's manual.
"""

from collections.abc import Iterable

from django.db import OperationalError, connection, transaction

from grids.models import Resident

TABLE = Resident._meta.db_table
WORTH_IT = 20_000  # people; fewer are written within a second
SOMEBODY = f"SELECT EXISTS (SELECT FROM {TABLE})"
# A backup reads for long, and whoever came later would have to wait for both.
PATIENCE, AS_BEFORE = "SET LOCAL lock_timeout = '2s'", "SET LOCAL lock_timeout TO DEFAULT"
ASIDE = f"""
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = '{TABLE}'::regclass AND contype = 'f'
UNION ALL SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = '{TABLE}'::regclass AND NOT indisprimary
"""
ROOM = "SET LOCAL maintenance_work_mem = '256MB'"


def set_aside(people: int) -> list[str]:
    """Statements for `build`; none where everything stays as it is. So many people are to come.

    Inside a transaction that has locked nothing else yet: if it fails, all is as it was.
    """
    if people < WORTH_IT or _somebody():
        return []
    with connection.cursor() as cursor:
        cursor.execute(ASIDE)
        statements = cursor.fetchall()
        try:
            with transaction.atomic():
                cursor.execute(PATIENCE)
                for drop, _ in statements:
                    cursor.execute(drop)
                if _somebody():  # who came meanwhile
                    transaction.set_rollback(True)
                    return []
        except OperationalError:  # somebody reads, and goes on reading
            return []
        cursor.execute(AS_BEFORE)
    return [build for _, build in statements]


def build(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in (ROOM, *statements):
            cursor.execute(statement)


def _somebody() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY)
        return bool(cursor.fetchone()[0])
