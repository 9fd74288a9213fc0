"""Seal records in a chain of SM3 digests, in batches, behind whoever writes them; and find the first that was changed.

Triggers keep the application from changing a record. A seal shows what somebody who owns the database did past them.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import connection, models, transaction

from accounts.models import Seal

BATCH = 2_000
MARK = 8  # bytes of a row's digest that a seal keeps, to say which row it was
A_MOMENT = 1.0  # seconds between taking a number and being seen to write, at the very most
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Chain:
    """A table of records, and what of each is sealed. The columns stay as they are: old seals are of them."""

    model: type[models.Model]
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    def rows(self, after: int, until: int, most: int | None = None) -> dict[int, bytes]:
        """The digest of each record, by its number."""
        said = ", ".join(self._spelled(name) for name in self.columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, json_build_array(id, {said})::text FROM {self.model._meta.db_table}"
                " WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
                [after, until, most],
            )
            return {pk: sm3(words.encode()) for pk, words in cursor.fetchall()}

    def _spelled(self, name: str) -> str:
        """An instant is written differently in every time zone, but counts the same microseconds."""
        field = self.model._meta.get_field(name)
        column = f'"{field.column}"'  # type: ignore[union-attr]
        return (
            f"(extract(epoch FROM {column}) * 1000000)::bigint" if isinstance(field, models.DateTimeField) else column
        )


@dataclass(frozen=True, slots=True)
class Checked:
    records: int
    problem: str = ""


def settled(chains: Iterable[Chain]) -> dict[str, int]:
    """How far each table is written to the end: a number may be taken early and committed late. Empty: not now."""
    upto = {chain.name: chain.model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0 for chain in chains}
    time.sleep(A_MOMENT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")  # all who took a number began before this one
        mine, until = cursor.fetchone()[0], time.monotonic() + PATIENCE
        while _oldest_writing(cursor) < mine:
            if time.monotonic() > until:
                return {}
            time.sleep(0.1)
    return upto


def seal(chain: Chain, upto: int, *, at: datetime) -> int:
    """What is not sealed yet, batch by batch; any number of sweeps may do it at once."""
    sealed = 0
    while batch := _seal_batch(chain, upto, at):
        sealed += batch
    return sealed


def check(chain: Chain) -> Checked:
    """Reads everything again. The problem names the first record that is not what it was."""
    records, before, last = 0, b"", 0
    for number, seal in enumerate(Seal.objects.filter(chain=chain.name).order_by("number").iterator(50), start=1):
        if seal.number != number:
            return Checked(records, f"{chain.title}：第 {number} 号封存不见了")
        found = chain.rows(last, seal.rows[-1])
        marks = bytes(seal.marks)
        for n, pk in enumerate(seal.rows):
            if pk not in found:
                return Checked(records, f"{chain.title}：第 {pk} 条被删除")
            if found[pk][:MARK] != marks[n * MARK : (n + 1) * MARK]:
                return Checked(records, f"{chain.title}：第 {pk} 条被改动")
            records += 1
        if added := sorted(found.keys() - set(seal.rows)):
            return Checked(records, f"{chain.title}：第 {added[0]} 条是封存后插入的")
        if _digest(chain, number, before, found) != bytes(seal.digest):
            return Checked(records, f"{chain.title}：第 {number} 号封存与前一号接不上")
        before, last = bytes(seal.digest), seal.rows[-1]
    return Checked(records)


def sm3(words: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(words)
    return digest.finalize()


def _seal_batch(chain: Chain, upto: int, at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seal {chain.name}"])
        newest = Seal.objects.filter(chain=chain.name).order_by("-number").first()
        last, number, before = (newest.rows[-1], newest.number, bytes(newest.digest)) if newest else (0, 0, b"")
        if not (found := chain.rows(last, upto, BATCH)):
            return 0
        Seal.objects.create(
            chain=chain.name,
            number=number + 1,
            sealed_at=at,
            rows=list(found),
            marks=b"".join(digest[:MARK] for digest in found.values()),
            digest=_digest(chain, number + 1, before, found),
        )
    return len(found)


def _digest(chain: Chain, number: int, before: bytes, rows: dict[int, bytes]) -> bytes:
    return sm3(b"".join([before, f"{chain.name} {number} ".encode(), *rows.values()]))


def _oldest_writing(cursor: Any) -> int:
    cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(cursor.fetchone()[0])
