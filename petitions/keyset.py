"""Pages by key instead of by number: the last page of ten million rows costs what the first one does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from psycopg.types.datetime import TimestamptzLoader

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """By an instant, and by an id where instants are equal."""

    instant: str
    tie: str
    newest_first: bool = False

    @property
    def columns(self) -> tuple[str, str]:
        return self.towards(self.newest_first)

    def towards(self, falling: bool) -> tuple[str, str]:
        sign = "-" if falling else ""
        return f"{sign}{self.instant}", f"{sign}{self.tie}"


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[dict[str, Any]]
    newer: str  # what `before` of the previous page is; empty on the first
    older: str  # what `after` of the next page is; empty on the last


def page(
    rows: QuerySet[Any, Any], order: Order, *, beside: str = "", after: str = "", before: str = "", size: int
) -> Page:
    """`rows` are dictionaries that hold both keys of the order; a cursor that makes no sense means the first page.

    `beside` is SQL that joins something to each row of the page alone, which it knows as `page`.
    """
    back = bool(cursor := _read(before))
    cursor = cursor or _read(after)
    falling = order.newest_first != back
    if cursor:
        rows = rows.filter(_beyond(order, cursor, falling))
    found = _fetch(rows.order_by(*order.towards(falling))[: size + 1], order, falling, beside)
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    if not found:
        return Page([], "", "")
    newer = _write(order, found[0]) if (more if back else cursor) else ""
    older = _write(order, found[-1]) if back or more else ""
    return Page(found, newer, older)


def _fetch(rows: QuerySet[Any, Any], order: Order, falling: bool, beside: str) -> list[dict[str, Any]]:
    """The rows as the driver gives them: Django's way from the answer to dictionaries costs as much as the query."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    way = "DESC" if falling else "ASC"
    ordered = f'ORDER BY page."{order.instant}" {way}, page."{order.tie}" {way}'
    with connection.cursor() as cursor:
        # Django makes its own zone of every instant, in Python; here an instant is only compared and written out.
        cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(f"SELECT * FROM ({sql}) AS page {beside} {ordered}", parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _beyond(order: Order, cursor: tuple[datetime, int], falling: bool) -> Q:
    # The outer bound alone is what the index can use; the inner one settles equal instants.
    instant, tie = cursor
    side = "lt" if falling else "gt"
    inner = Q(**{f"{order.instant}__{side}": instant}) | Q(**{f"{order.tie}__{side}": tie})
    return Q(**{f"{order.instant}__{side}e": instant}) & inner


def _write(order: Order, row: dict[str, Any]) -> str:
    return f"{(row[order.instant] - EPOCH) // timedelta(microseconds=1)}-{row[order.tie]}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    instant, _, tie = cursor[:40].partition("-")
    if not (instant.isascii() and instant.isdigit() and tie.isascii() and tie.isdigit() and len(tie) < 19):
        return None
    try:
        return EPOCH + timedelta(microseconds=int(instant)), int(tie)
    except OverflowError:
        return None
