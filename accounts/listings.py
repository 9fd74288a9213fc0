"""Lists that can be had as an Excel sheet: what each is called, who may have it, its columns, and how it is found.

The apps above name theirs in `settings.LISTS`; what a list holds is said once, by the page that shows it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User

MOST = 200_000  # rows of one sheet
AT_ONCE = 2_000  # so many are written while somebody waits
CHUNK = 2_000

Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    width: int = 14
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    said: str  # what the list was narrowed to, in words
    count: Callable[[], int]  # no further than one more than MOST
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class Listing:
    name: str
    title: str
    columns: tuple[Column, ...]
    find: Callable[[User, QueryDict, datetime], Found]
    open_to: Callable[[User], bool] = lambda user: True  # besides, everybody finds only what she may see
    note: str = ""
    with_purpose: bool = False  # short or long, it is written only for a purpose that was told, and its file expires
    # Who has to agree before a row is read, of whom one is enough; None: nobody has to.
    approvers: Callable[[User, QueryDict], QuerySet[User]] | None = None


@cache
def lists() -> dict[str, Listing]:
    return {one.name: one for path in settings.LISTS for one in import_string(path)}


def open_to(user: User, name: str) -> Listing | None:
    listing = lists().get(name)
    return listing if listing and listing.open_to(user) else None


def found(rows: QuerySet[Any, Any], line: Callable[[Any], Sequence[Cell]], said: str) -> Found:
    """The rows as the database gives them, no more than a few thousand in memory."""

    def lines() -> Iterator[Sequence[Cell]]:
        for row in rows[:MOST].iterator(chunk_size=CHUNK):
            yield line(row)

    return Found(said, lambda: rows.order_by()[: MOST + 1].count(), lines())


def listed(rows: Sequence[Any], line: Callable[[Any], Sequence[Cell]], said: str) -> Found:
    """What the page itself has worked out whole."""
    return Found(said, lambda: len(rows), (line(row) for row in rows))


def minute(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
