"""A ledger in memory: the verbs write the demo city's histories here, and they go to the database in one copy."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from psycopg import sql

from accounts.models import Notice, User
from accounts.sealed import SealedTextField
from grids.models import Item, Place
from petitions import supervision
from petitions.ledger import T
from petitions.models import (
    WRITTEN,
    Approval,
    Attachment,
    Callback,
    Clock,
    Dispatch,
    Effect,
    Event,
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

NEED_PREPARING = (ArrayField, models.JSONField, SealedTextField, models.BinaryField)
KINDS: tuple[type[models.Model], ...] = (
    Petition,
    Dispatch,
    Interval,
    Clock,
    Event,
    Return,
    Ruling,
    Callback,
    Extension,
    Suspension,
    Approval,
    Termination,
    Notice,
)


class MemoryLedger:
    """Rows get their keys as they are added, counting on from where the tables are now."""

    def __init__(self, news_since: datetime) -> None:
        self.news_since = news_since
        self._people: dict[tuple[Party, int | str | None], list[User]] = {}
        self.rows: dict[type[models.Model], list[Any]] = {kind: [] for kind in KINDS}
        self._of: dict[int, dict[type[models.Model], list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._next = {kind: (kind._default_manager.aggregate(models.Max("pk"))["pk__max"] or 0) + 1 for kind in KINDS}
        self._told: set[tuple[int, str]] = set()
        self._asked: list[Asked] = []
        self._series: dict[str, int] = dict(Series.objects.values_list("key", "last"))

    # --- What the verbs ask of a ledger ---

    def transaction(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def lock(self, petition: Petition) -> None:
        """Nobody else is here."""

    def add(self, *rows: models.Model) -> None:
        for row in rows:
            kind = type(row)
            row.pk = self._next[kind]
            self._next[kind] += 1
            self.rows[kind].append(row)
            if isinstance(row, Dispatch | Clock | Return | Callback | Interval | Extension | Suspension | Termination):
                row.petition_id = row.petition.pk
                self._of[row.petition_id][kind].append(row)
            elif isinstance(row, Event | Ruling) and row.petition:
                row.petition_id = row.petition.pk
            if isinstance(row, Return):
                row.dispatch_id = row.dispatch.pk

    def change(self, row: models.Model, **values: Any) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    def running(self, petition: Petition) -> list[Clock]:
        return [clock for clock in self._of[petition.pk][Clock] if clock.stopped_at is None]

    def last_clock(self, petition: Petition, promise: str) -> Clock | None:
        clocks = [clock for clock in self._of[petition.pk][Clock] if clock.promise == promise]
        return clocks[-1] if clocks else None

    def lead(self, petition: Petition) -> Dispatch | None:
        running = [one for one in self.dispatches(petition) if one.role == Dispatch.Role.LEAD and not one.ended_at]
        return running[0] if running else None

    def dispatches(self, petition: Petition) -> list[Dispatch]:
        return self._of[petition.pk][Dispatch]

    def returns(self, petition: Petition) -> list[Return]:
        return self._of[petition.pk][Return]

    def ruling(self, item: Item, place: Place, words: list[str]) -> Ruling | None:
        same = (item.pk, place.pk, words)
        rulings = (one for one in self.rows[Ruling] if one.active)
        return next((one for one in rulings if (one.item_id, one.place_id, one.words) == same), None)

    def photos_in_doubt(self, petition: Petition) -> list[Attachment]:
        return []  # the demo city comes without files

    def callbacks(self, petition: Petition) -> list[Callback]:
        return self._of[petition.pk][Callback]

    def merged(self, petition: Petition) -> list[Petition]:
        return []  # in the demo city, each is worked on by itself

    def intervals(self, petition: Petition) -> list[Interval]:
        return self._of[petition.pk][Interval]

    def asked(self, kind: type[T], petition: Petition) -> T | None:
        found = self._of[petition.pk][kind]
        return found[-1] if found else None

    def supervise(self, asked: Asked, at: datetime) -> None:
        """Papers are written by the database: when the histories are there."""
        self._asked.append(asked)

    def enter(self, petition: Petition, *first: models.Model, on: date) -> None:
        key = Series.key_of(on)
        self._series[key] = self._series.get(key, 0) + 1
        petition.number = f"{key}{self._series[key]:05d}"
        self.add(petition)
        for row in first:
            row.petition = petition  # type: ignore[attr-defined]
        self.add(*first)

    def tell(self, party: Party, petition: Petition, *, at: datetime, unit: int | None = None, **words: str) -> None:
        """Only of the last days: nobody reads a month of old news."""
        if at < self.news_since:
            return
        where = (party, (unit or petition.unit_id) if party.in_unit else petition.place_id)
        if where not in self._people:
            self._people[where] = list(party.people(petition, unit))
        told = {(person.pk, words["key"]): person for person in self._people[where]}  # in two duties, and told once
        new = [person for key, person in told.items() if key not in self._told]
        self._told |= told.keys()
        self.add(*(Notice(person=person, created_at=at, sent_at=at, **words) for person in new))

    # --- What the demo city asks besides ---

    def ring(self, petition: Petition, at: datetime) -> None:
        """What the sweep would have written by now."""
        ringing = [clock for clock in self.running(petition) if clock.next_tick_at and clock.next_tick_at <= at]
        while ringing:
            clock = min(ringing, key=lambda clock: clock.next_tick_at or at)
            assert clock.next_tick_at is not None
            effect, tick_at = clock.effects[clock.rung], clock.next_tick_at
            if effect in WRITTEN:
                self._asked.append(Asked(clock.pk, tick_at, WRITTEN[Effect(effect)], effect=effect))
            else:
                self.add(
                    Event(
                        petition=petition,
                        action=effect,
                        at=tick_at,
                        unit_id=clock.unit_id,
                        promise=clock.promise,
                        clock=clock,
                    )
                )
            clock.rung += 1
            clock.next_tick_at = clock.ticks[clock.rung] if clock.rung < len(clock.ticks) else None
            ringing = [clock for clock in ringing if clock.next_tick_at and clock.next_tick_at <= at]

    def save(self) -> None:
        with transaction.atomic():
            for kind in KINDS:
                _copy(kind, self.rows[kind])
                _count_on(kind, self._next[kind])
            Series.objects.bulk_create(
                [Series(key=key, last=last) for key, last in self._series.items()],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["last"],
            )
            self._write_papers()

    def _write_papers(self) -> None:
        """In the order of their days, each dated and numbered as it would have been."""
        for asked in sorted(self._asked, key=lambda asked: asked.tick_at):
            supervision.supervise([asked], asked.tick_at)


def _copy(kind: type[models.Model], rows: Sequence[models.Model]) -> None:
    """All rows in one COPY; values that the driver does not know as they are, their fields prepare as for an INSERT."""
    fields = kind._meta.concrete_fields
    columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(kind._meta.db_table), columns)
    database = connections[DEFAULT_DB_ALIAS]
    prepared = [(n, field) for n, field in enumerate(fields) if isinstance(field, NEED_PREPARING)]
    with database.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = [getattr(row, field.attname) for field in fields]
            for n, field in prepared:
                values[n] = field.get_db_prep_save(values[n], database)
            copy.write_row(values)


def _count_on(kind: type[models.Model], following: int) -> None:
    """The table's own sequence goes on where the ledger stopped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [kind._meta.db_table, following])
