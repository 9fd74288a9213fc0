"""Rows into a table by COPY, in the text format: a few hundred thousand rows of the demo city, as fast as they come."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg import sql

NULL = r"\N"


class Table:
    """Takes rows of the named columns as words ready for COPY; every other column is the same in all rows."""

    def __init__(self, model: type[models.Model], *columns: str, **same: str) -> None:
        self.model = model
        every = [field for field in model._meta.concrete_fields if field.attname not in columns]
        known = {field.attname: field for field in model._meta.concrete_fields}
        self._columns = [str(known[name].column) for name in columns] + [str(field.column) for field in every]
        self._rest = "".join(f"\t{same.get(field.attname) or _default(field)}" for field in every) + "\n"
        self._next = (model._default_manager.aggregate(models.Max("pk"))["pk__max"] or 0) + 1 if "id" in columns else 0

    def number(self) -> int:
        """The next primary key."""
        self._next += 1
        return self._next - 1

    def lines(self, rows: Iterable[Sequence[str]]) -> bytes:
        rest = self._rest
        return "".join(["\t".join(row) + rest for row in rows]).encode()

    def copy(self, lines: bytes) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, self._columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.model._meta.db_table), columns)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)

    def count_on(self) -> None:
        """The table's own sequence goes on after the last key."""
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            table = self.model._meta.db_table
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, self._next])


def octets(value: bytes) -> str:
    return rf"\\x{value.hex()}" if value else NULL


def sealed(value: bytes) -> str:
    """Nothing said is an empty value, not a missing one."""
    return rf"\\x{value.hex()}"


def words(value: str) -> str:
    return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def moment(value: datetime | None) -> str:
    return NULL if value is None else value.isoformat()


def yes(value: bool) -> str:
    return "t" if value else "f"


def _default(field: Any) -> str:
    if field.primary_key:
        raise ValueError("a primary key is given, never left out")
    value = field.get_db_prep_save(field.get_default(), connections[DEFAULT_DB_ALIAS])
    if value is None:
        return NULL
    if isinstance(value, bool):
        return yes(value)
    return sealed(value) if isinstance(value, bytes) else words(str(value))
