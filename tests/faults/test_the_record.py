"""What happened stays: held by the database, and a verb that cannot be recorded does not happen."""

from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from accounts import seals
from accounts.models import Access, Notice
from petitions import workflow
from petitions.models import Clock, Dispatch, Event, Status
from shouyang import records
from tests.cast import MONDAY_TEN, Cast, call, hours

AT = MONDAY_TEN


@pytest.mark.parametrize(
    ("model", "what"),
    [(Event, "update"), (Event, "delete"), (Access, "update"), (Access, "delete"), (Notice, "delete")],
)
@pytest.mark.parametrize("way", ["orm", "sql"])
def test_the_record_is_append_only(cast: Cast, model: type[Model], what: str, way: str) -> None:
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT)  # an event and a notice
    Access.objects.create(by=cast.operator, at=AT, kind="unmask", subject="petition:1", field="phone", reason="回访")
    rows, field = model._default_manager.all(), {Event: "note", Access: "reason"}.get(model)
    assert rows.exists()
    before = list(rows.values())
    table = model._meta.db_table
    attempts: dict[tuple[str, str], Callable[[], object]] = {
        ("orm", "update"): lambda: rows.update(**{str(field): "改过"}),
        ("orm", "delete"): lambda: rows.delete(),
        ("sql", "update"): lambda: connection.cursor().execute(f"UPDATE {table} SET {field} = '改过'"),
        ("sql", "delete"): lambda: connection.cursor().execute(f"DELETE FROM {table}"),
    }
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        attempts[way, what]()
    assert list(model._default_manager.values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_record_committed_late_is_sealed_later_and_not_missed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "A_MOMENT", 0)
    monkeypatch.setattr(seals, "PATIENCE", 0)
    petition = call(cast)
    address = f"{settings.DATABASE_URL.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    with psycopg.connect(address) as slow:
        slow.execute(
            "INSERT INTO petitions_event (petition_id, action, at, from_status, to_status, promise, note, detail)"
            " VALUES (%s, 'contact', now(), '', '', '', '', '{}')",
            [petition.pk],
        )
        call(cast)
        assert records.seal(AT) == 0
    monkeypatch.setattr(seals, "PATIENCE", 600)  # others write on the same server
    assert records.seal(AT) == records.check()[0] == Event.objects.count() == 3


def refuse(table: str, unless: str) -> None:
    """The database takes no such row, until the test rolls back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to be made cannot be altered
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({unless}) NOT VALID")


def test_a_verb_whose_event_cannot_be_written_does_not_happen(cast: Cast) -> None:
    petition = call(cast)
    running = list(Clock.objects.values("id", "stopped_at", "next_tick_at"))
    refuse("petitions_event", "action <> 'dispatch'")
    with pytest.raises(IntegrityError, match="refused"):
        workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(1))

    petition.refresh_from_db()
    assert petition.status == Status.AWAITING_DISPATCH
    assert petition.unit is None
    assert not Dispatch.objects.exists()
    assert not Notice.objects.exists()
    assert list(Clock.objects.values("id", "stopped_at", "next_tick_at")) == running


def test_a_registration_whose_clock_cannot_be_wound_leaves_nothing(cast: Cast) -> None:
    refuse("petitions_clock", "promise <> 'dispatch'")
    with pytest.raises(IntegrityError), transaction.atomic():
        call(cast)
    assert not Event.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE petitions_clock DROP CONSTRAINT refused")
    assert call(cast).number.endswith("00001"), "the number was given back"
