"""Sealed records: what was changed past the triggers is found, and named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import seals
from accounts.models import Access, Notice, Seal, SealCheck
from petitions.models import Event
from shouyang import records
from shouyang.records import CHAINS
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import in_hand


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 2)


@pytest.fixture
def sealed(cast: Cast) -> list[Event]:
    for _ in range(2):
        in_hand(cast)
    Access.objects.create(
        by=cast.officer, at=AT, kind="unmask", subject="petition:SG1", field="联系电话", reason="回电"
    )
    assert seal_all() == 7
    return list(Event.objects.order_by("pk"))


def seal_all() -> int:
    """Nobody else writes in a test: all there is is settled."""
    return sum(seals.seal(chain, 2**62, at=AT) for chain in CHAINS)


@contextmanager
def past_the_triggers(table: str) -> Iterator[Callable[[str], None]]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor.execute
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_what_was_left_alone_is_found_whole_and_new_records_are_sealed_later(cast: Cast, sealed: list[Event]) -> None:
    assert records.check() == (len(sealed) + 1, "")
    assert seal_all() == 0
    call(cast, at=AT + hours(1))
    assert records.check() == (len(sealed) + 1, "")
    assert seal_all() == 1
    assert records.check() == (len(sealed) + 2, "")


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        ("UPDATE petitions_event SET by_id = NULL WHERE id = {pk}", "事件：第 {pk} 条被改动"),
        ("UPDATE petitions_event SET at = at + interval '1 microsecond' WHERE id = {pk}", "事件：第 {pk} 条被改动"),
        ("UPDATE petitions_event SET detail = '{{\"a\": 1}}' WHERE id = {pk}", "事件：第 {pk} 条被改动"),
        ("DELETE FROM petitions_event WHERE id = {pk}", "事件：第 {pk} 条被删除"),
    ],
)
def test_the_first_record_that_was_tampered_with_is_named(sealed: list[Event], deed: str, found: str) -> None:
    pk = sealed[3].pk
    with past_the_triggers("petitions_event") as execute:
        execute(deed.format(pk=pk))
        execute(f"UPDATE petitions_event SET note = '后来的' WHERE id = {sealed[5].pk}")
    assert records.check()[1] == found.format(pk=pk)


def test_a_record_slipped_in_between_is_named(cast: Cast) -> None:
    petition = call(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('petitions_event', 'id'))")  # as of a verb undone
        free = cursor.fetchone()[0]
    call(cast)
    seal_all()
    assert records.check() == (2, "")
    Event.objects.create(pk=free, petition=petition, action="dispatch", at=AT)
    assert records.check()[1] == f"事件：第 {free} 条是封存后插入的"


def test_a_forged_seal_does_not_fit_the_next(sealed: list[Event]) -> None:
    chain = CHAINS[1]
    with past_the_triggers("petitions_event") as execute:
        execute(f"UPDATE petitions_event SET by_id = NULL WHERE id = {sealed[0].pk}")
    first = Seal.objects.get(chain=chain.name, number=1)
    rows = chain.rows(0, first.rows[-1])
    marks, digest = b"".join(row[: seals.MARK] for row in rows.values()), seals._digest(chain, 1, b"", rows)
    with past_the_triggers("accounts_seal"):
        Seal.objects.filter(pk=first.pk).update(marks=marks, digest=digest)
    assert records.check()[1] == "事件：第 2 号封存与前一号接不上"
    with past_the_triggers("accounts_seal"):
        Seal.objects.filter(pk=first.pk).delete()
    assert records.check()[1] == "事件：第 1 号封存不见了"


def test_the_auditor_asks_for_a_check_and_reads_what_it_found(client: Client, cast: Cast, sealed: list[Event]) -> None:
    client.force_login(cast.auditor)
    assert "尚未核验" in client.get("/trail/").content.decode()
    assert client.post("/trail/check/").status_code == 302
    assert client.post("/trail/check/").status_code == 409
    assert "正在核验" in client.get("/trail/").content.decode()
    assert records.check_what_was_asked(AT + hours(1)) == SealCheck.objects.get()
    assert records.check_what_was_asked(AT + hours(1)) is None
    assert f"逐条核对 {len(sealed) + 1} 条" in client.get("/trail/").content.decode()
    call_command("check_records")

    with past_the_triggers("accounts_access") as execute:
        execute("UPDATE accounts_access SET reason = '没有看过'")
    records.ask(None, timezone.now())
    records.check_what_was_asked(AT + hours(2))
    page = client.get("/trail/").content.decode()
    assert f"查阅记录：第 {Access.objects.get().pk} 条被改动" in page
    assert Notice.objects.of(cast.auditor).get().weight == Notice.Weight.URGENT
    with pytest.raises(CommandError, match="被改动"):
        call_command("check_records")
