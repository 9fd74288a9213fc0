"""Many rows checked and sealed by two processes, since sealing is what an import takes longest for.

What comes back is ready for COPY: the database gets ciphertext, and nothing personal is written down on the way.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from accounts.sealing import fingerprint_many, seal_many
from grids.importing.cells import Cell
from grids.importing.checking import CareSaid, Problem, Reader, check

AT_A_TIME = 2_000  # rows
HANDS = 2
WORTH_A_CREW = 6_000  # rows; below, starting the two takes longer than the work
IN_FLIGHT = 4
SEALED = ("name", "id_number", "phone", "emergency_contact", "hardship", "welfare")
FINGERPRINTED = ("name", "id_number", "phone")
PLAIN = (
    "community", "grid", "compound", "building", "building_number", "unit", "room", "address", "said", "walk", "tenure",
    "occupancy", "mark", "kind", "colour", "relation", "sex", "born_on", "document", "ethnicity", "registered_at",
    "lives_where_registered", "education", "marriage", "politics", "party_branch", "employment", "workplace", "insured",
    "volunteer", "skills", "consent", "since",
)  # fmt: skip
OF_PRINTS = {"name": "name_fingerprint", "id_number": "id_fingerprint", "phone": "phone_fingerprint"}
COPIED = ("run_id", "number", "households", *PLAIN, *SEALED, *OF_PRINTS.values())
CARED = ("run_id", "number", "category_fingerprint", *CareSaid._fields)

_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
Done = TypeVar("Done")
Chunk = list[tuple[int, list[Cell]]]
Line = tuple[int, dict[str, Any]]  # number and values


@dataclass
class Checked:
    rows: int = 0
    block: bytes = b""  # of COPY, as text
    cares: bytes = b""  # the same, of their own table
    problems: list[Problem] = field(default_factory=list)
    bad: Counter[str] = field(default_factory=Counter)  # rows that cannot be brought in, by community


def checked(reader: Reader, run: int, chunks: Iterable[Chunk], *, total: int) -> Iterator[Checked]:
    """In the order of the file; no more than a few thousand rows are on their way at once."""
    yield from _shared(partial(look_through, reader, run), chunks, total)


def sealed_by_crew(run: int, parts: Iterable[list[Line]], *, total: int) -> Iterator[bytes]:
    """Lines that were found right elsewhere, ready for COPY."""
    yield from _shared(partial(sealed, run), parts, total)


def look_through(reader: Reader, run: int, chunk: Chunk) -> Checked:
    result, lines = Checked(rows=len(chunk)), []
    for number, row in chunk:
        values, problems = check(reader, number, row)
        result.problems += problems
        if values is None:
            result.bad[_community_of(reader, row)] += 1
        else:
            lines.append((number, values))
    result.block = sealed(run, lines)
    result.cares = cares_sealed(run, lines)
    return result


def sealed(run: int, lines: list[Line]) -> bytes:
    """Lines for `COPY … (COPIED)`."""
    secret = [seal_many(values[name] for _, values in lines) for name in SEALED]
    prints = [fingerprint_many(values[name] for _, values in lines) for name in FINGERPRINTED]
    columns = [[_hex(raw) for raw in column] for column in secret]
    columns += [[_hex(raw) if raw else "\\N" for raw in column] for column in prints]
    written = []
    for (number, values), *hidden in zip(lines, *columns, strict=True):
        written.append("\t".join([str(run), str(number), "0", *[_text(values[name]) for name in PLAIN], *hidden]))
    return ("\n".join(written) + "\n").encode() if written else b""


def cares_sealed(run: int, lines: list[Line]) -> bytes:
    """Their care for `COPY … (CARED)`; few people have any."""
    numbers = [number for number, values in lines for _ in values["cares"]]
    cares: list[CareSaid] = [care for _, values in lines for care in values["cares"]]
    columns = [fingerprint_many(care.category for care in cares)]
    columns += [seal_many(getattr(care, name) for care in cares) for name in CareSaid._fields]
    written = ["\t".join([str(run), str(n), *map(_hex, raw)]) for n, *raw in zip(numbers, *columns, strict=True)]
    return ("\n".join(written) + "\n").encode() if written else b""


def chunks(rows: Iterable[tuple[int, list[Cell]]], size: int) -> Iterator[Chunk]:
    chunk: Chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _community_of(reader: Reader, row: list[Cell]) -> str:
    """Of a row that has something else wrong; empty when even this cannot be read."""
    if (n := reader.columns.get("community")) is None or n >= len(row) or not row[n]:
        return reader.community
    text = str(row[n]).strip()
    return reader.communities.get(text) or reader.communities.get(f"{text}社区") or ""


def _hex(raw: bytes) -> str:
    return "\\\\x" + raw.hex()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES) if not value.isalnum() else value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)


def _shared(work: Callable[[Any], Done], parts: Iterable[Any], total: int) -> Iterator[Done]:
    """Each part by whoever is free; the results in the order of the parts."""
    if total < WORTH_A_CREW:
        yield from map(work, parts)
        return
    # A fresh process: a forked one would share this one's connection to the database.
    with ProcessPoolExecutor(HANDS, get_context("spawn"), initializer=_begin, initargs=(work,)) as crew:
        under_way: deque[Future[Done]] = deque()
        for part in parts:
            under_way.append(crew.submit(_do, part))
            if len(under_way) > IN_FLIGHT:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


_work: Callable[[Any], Any] | None = None


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work


def _do(part: Any) -> Any:
    assert _work is not None
    return _work(part)
