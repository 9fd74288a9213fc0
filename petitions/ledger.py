"""Where a verb reads and writes its rows: the database, or, for the demo city's thirty thousand histories, memory.

The verbs are written once. They ask the ledger for the rows of a petition and hand it new ones; the database ledger
locks and saves, another one may collect. Whoever wants another one says `with using(ledger):`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Protocol

from django.db import models, transaction

from accounts import notices
from petitions.models import Callback, Clock, Dispatch, Petition, Series
from petitions.permissions import Party


class Ledger(Protocol):
    def transaction(self) -> AbstractContextManager[Any]: ...
    def lock(self, petition: Petition) -> None: ...
    def add(self, *rows: models.Model) -> None: ...
    def change(self, row: models.Model, **values: Any) -> None: ...
    def running(self, petition: Petition) -> list[Clock]: ...
    def last_clock(self, petition: Petition, promise: str) -> Clock | None: ...
    def lead(self, petition: Petition) -> Dispatch | None: ...
    def callbacks(self, petition: Petition) -> list[Callback]: ...
    def take_number(self, on: date) -> int: ...
    def tell(self, party: Party, petition: Petition, *, at: datetime, **words: str) -> None: ...


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

    def callbacks(self, petition: Petition) -> list[Callback]:
        return list(petition.callbacks.all())

    def take_number(self, on: date) -> int:
        return Series.take(Series.key_of(on))

    def tell(self, party: Party, petition: Petition, *, at: datetime, **words: str) -> None:
        notices.tell(party.people(petition), at=at, **words)


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
