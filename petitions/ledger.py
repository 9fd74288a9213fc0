"""Where a verb reads and writes its rows: the database, or, for the demo city's thirty thousand histories, memory.

The verbs are written once. They ask the ledger for the rows of a petition and hand it new ones; the database ledger
locks and saves, another one may collect. Whoever wants another one says `with using(ledger):`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from accounts import notices
from grids.models import Item, Place
from petitions import supervision
from petitions.models import (
    Attachment,
    Callback,
    Clock,
    Dispatch,
    Extension,
    Interval,
    Petition,
    Return,
    Ruling,
    Series,
    Suspension,
    Termination,
)
from petitions.permissions import Party
from petitions.supervision import Asked

T = TypeVar("T", Extension, Suspension, Termination)


class Ledger(Protocol):
    def transaction(self) -> AbstractContextManager[Any]: ...
    def lock(self, petition: Petition) -> None: ...
    def add(self, *rows: models.Model) -> None: ...
    def change(self, row: models.Model, **values: Any) -> None: ...
    def running(self, petition: Petition) -> list[Clock]: ...
    def last_clock(self, petition: Petition, promise: str) -> Clock | None: ...
    def lead(self, petition: Petition) -> Dispatch | None: ...
    def dispatches(self, petition: Petition) -> list[Dispatch]: ...
    def returns(self, petition: Petition) -> list[Return]: ...
    def ruling(self, item: Item, place: Place, words: list[str]) -> Ruling | None: ...
    def callbacks(self, petition: Petition) -> list[Callback]: ...
    def merged(self, petition: Petition) -> list[Petition]: ...
    def photos_in_doubt(self, petition: Petition) -> list[Attachment]: ...
    def supervise(self, asked: Asked, at: datetime) -> None: ...
    def intervals(self, petition: Petition) -> list[Interval]: ...
    def asked(self, kind: type[T], petition: Petition) -> T | None: ...
    def enter(self, petition: Petition, *first: models.Model, on: date) -> None: ...
    def tell(
        self, party: Party, petition: Petition, *, at: datetime, unit: int | None = None, **words: str
    ) -> None: ...


class DatabaseLedger:
    def transaction(self) -> AbstractContextManager[Any]:
        return transaction.atomic()

    def lock(self, petition: Petition) -> None:
        # no_key: events, clocks and notices refer to the petition, and a plain FOR UPDATE dead-locks with the sweep.
        petition.refresh_from_db(from_queryset=Petition.objects.select_for_update(no_key=True))

    def add(self, *rows: models.Model) -> None:
        for kind in dict.fromkeys(type(row) for row in rows):
            same = [row for row in rows if type(row) is kind]
            if len(same) == 1:
                same[0].save(force_insert=True)
            else:
                kind._default_manager.bulk_create(same)

    def change(self, row: models.Model, **values: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))

    def running(self, petition: Petition) -> list[Clock]:
        return list(Clock.objects.running().filter(petition=petition).select_for_update(no_key=True))

    def last_clock(self, petition: Petition, promise: str) -> Clock | None:
        return Clock.objects.filter(petition=petition, promise=promise).order_by("id").last()

    def lead(self, petition: Petition) -> Dispatch | None:
        return petition.dispatches.filter(role=Dispatch.Role.LEAD, ended_at=None).first()

    def dispatches(self, petition: Petition) -> list[Dispatch]:
        return list(petition.dispatches.order_by("id"))

    def returns(self, petition: Petition) -> list[Return]:
        return list(petition.returns.order_by("id"))

    def ruling(self, item: Item, place: Place, words: list[str]) -> Ruling | None:
        """What is in force on the same matter. Whoever rules on an item holds it: two rulings stand in a line."""
        Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        return Ruling.objects.active().filter(item=item, place=place, words=words).first()

    def callbacks(self, petition: Petition) -> list[Callback]:
        return list(petition.callbacks.all())

    def merged(self, petition: Petition) -> list[Petition]:
        return list(petition.merged.select_for_update(no_key=True).order_by("pk"))

    def photos_in_doubt(self, petition: Petition) -> list[Attachment]:
        """Photos of the work done that look like those from before, and that nobody has accepted yet."""
        return list(petition.attachments.filter(resembles__isnull=False, excused_by=None).select_related("resembles"))

    def supervise(self, asked: Asked, at: datetime) -> None:
        supervision.supervise([asked], at)
        notices.deliver_soon()

    def intervals(self, petition: Petition) -> list[Interval]:
        return list(petition.intervals.select_related("stopped"))

    def asked(self, kind: type[T], petition: Petition) -> T | None:
        """What was asked for last: an extension, a suspension, a termination."""
        return kind._default_manager.filter(petition=petition).order_by("pk").last()

    def enter(self, petition: Petition, *first: models.Model, on: date) -> None:
        """Number a petition and store it with its first rows in one statement, which also drops the draft of it.

        Everybody who registers on a day waits for the row of its series: it is locked for this statement alone, and let
        go before the disk has it. Who is told the number is told when the disk has it; a crash before that takes this
        number and every later one, so that the series has no gap.
        """
        alone = not connection.in_atomic_block
        key = Series.key_of(on)
        columns, values = _written(petition, {"number"})
        parts = [ENTER.format(columns=columns, places=_places(values))]
        arguments = [key, key, *values, petition.submission, petition.registered_by_id]
        for n, row in enumerate(first):
            columns, values = _written(row, {"petition_id"})
            parts.append(FIRST.format(n=n, table=row._meta.db_table, columns=columns, places=_places(values)))
            arguments += values
        keys = "".join(f", (SELECT id FROM first_{n})" for n in range(len(first)))
        with connection.cursor() as cursor:
            cursor.execute(f"{', '.join(parts)} SELECT number, id{keys}{SOON if alone else ''} FROM entered", arguments)
            petition.number, *made = cursor.fetchone()
            if alone:
                cursor.execute(FLUSH)
        for row, pk in zip((petition, *first), made, strict=False):
            row.pk, row._state.adding, row._state.db = pk, False, connection.alias
        for row in first:
            row.petition = petition  # type: ignore[attr-defined]

    def tell(self, party: Party, petition: Petition, *, at: datetime, unit: int | None = None, **words: str) -> None:
        notices.tell(party.people(petition, unit), at=at, **words)


ENTER = """
WITH taken AS (
    INSERT INTO petitions_series (key, last) VALUES (%s, 1)
    ON CONFLICT (key) DO UPDATE SET last = petitions_series.last + 1 RETURNING last
),
entered AS (
    INSERT INTO petitions_petition (number, {columns})
    SELECT %s || lpad(last::text, greatest(5, length(last::text)), '0'), {places} FROM taken RETURNING id, number
),
forgotten AS (DELETE FROM petitions_draft WHERE submission = %s AND by_id = %s)"""
# The commit does not wait for the disk; the next one does, and with it whatever was committed before.
SOON = ", set_config('synchronous_commit', 'off', true)"
FLUSH = "SELECT pg_logical_emit_message(true, '', '')"
FIRST = """
first_{n} AS (INSERT INTO {table} (petition_id, {columns}) SELECT id, {places} FROM entered RETURNING id)"""


def _written(row: models.Model, without: set[str]) -> tuple[str, list[Any]]:
    """Columns and values, without the empty ones: psycopg remembers no statement of more than fifty values."""
    values = {column: read(row) for column, read in _readers(type(row)) if column not in without}
    written = {column: value for column, value in values.items() if value is not None}
    return ", ".join(written), list(written.values())


@cache
def _readers(kind: type[models.Model]) -> list[tuple[str, Callable[[Any], Any]]]:
    return [(str(field.column), _reader(field)) for field in kind._meta.concrete_fields if not field.primary_key]


# Their values go to the driver as they are.
PLAIN = (
    models.BooleanField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.UUIDField,
)


def _reader(field: Any) -> Callable[[Any], Any]:
    """How a column of a new row is read: most need no conversion, and asking their fields for it took long."""
    read = attrgetter(field.attname)
    kind = type(field.base_field if isinstance(field, ArrayField) else field)
    if kind in PLAIN and not getattr(field, "auto_now_add", False):
        return read
    if kind in (models.CharField, models.TextField):  # an enum's member goes as its word
        if isinstance(field, ArrayField):
            return lambda row: _array(read(row))
        return lambda row: str(read(row))
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _array(words: list[str] | None) -> str | None:
    """As PostgreSQL writes it: the driver looks at every word of a list by itself, and a petition has a hundred."""
    if words is None:
        return None
    quoted = "\0".join(words).replace("\\", r"\\").replace('"', r"\"").replace("\0", '","')  # no word holds a NUL
    return f'{{"{quoted}"}}' if words else "{}"


def _places(values: list[Any]) -> str:
    return ", ".join(["%s"] * len(values))


_current: ContextVar[Ledger] = ContextVar("ledger")
_database = DatabaseLedger()


def current() -> Ledger:
    return _current.get(_database)


@contextmanager
def using(ledger: Ledger) -> Iterator[None]:
    token = _current.set(ledger)
    try:
        yield
    finally:
        _current.reset(token)
