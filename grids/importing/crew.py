"""Many rows checked and sealed by two processes, since sealing is what an import takes longest for.

What comes back is ready for COPY: the database gets ciphertext, and nothing personal is written down on the way.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Any, TypeVar

from accounts.ciphers import Keyring, fingerprint_many, seal_many
from grids.importing.cells import Cell
from grids.importing.checking import CareSaid, check
from grids.importing.row import Problem, Reader

AT_A_TIME = 2_000  # rows
WORTH_A_CREW = 6_000  # rows; below, starting the two takes longer than the work
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
CARE_SEALED = ("category", "degree", "need", "guardian", "health")
CARE_PLAIN = ("device", "assessed_on")
CARED = ("run_id", "number", "category_fingerprint", *CARE_SEALED, *CARE_PLAIN)

_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
Part = TypeVar("Part")
Done = TypeVar("Done")
Chunk = list[tuple[int, list[Cell]]]
Line = tuple[int, dict[str, Any]]  # number and values
Columns = list[Sequence[Any]]  # of many lines: the numbers, then PLAIN, then SEALED


@dataclass
class Checked:
    rows: int = 0
    block: bytes = b""  # of COPY, as text
    cares: bytes = b""  # the same, of their own table
    problems: list[Problem] = field(default_factory=list)
    bad: Counter[str] = field(default_factory=Counter)  # rows that cannot be brought in, by community


def checked(
    reader: Reader, run: int, ring: Callable[[], Keyring], chunks: Iterable[Chunk], *, total: int
) -> Iterator[Checked]:
    """In the order of the file; no more than a few thousand rows are on their way at once."""
    yield from _shared(partial(look_through, reader, run), ring, chunks, total)


def sealed_by_crew(
    run: int, ring: Callable[[], Keyring], parts: Iterable[list[Line]], *, total: int
) -> Iterator[bytes]:
    """Lines that were found right elsewhere, ready for COPY."""
    yield from _shared(partial(sealed, run), ring, map(columns_of, parts), total)


def look_through(reader: Reader, run: int, ring: Keyring, chunk: Chunk) -> Checked:
    result, lines = Checked(rows=len(chunk)), []
    for number, row in chunk:
        values, problems = check(reader, number, row)
        if problems:
            community = _community_of(reader, row) if values is None else values["community"]
            result.problems += [problem._replace(community=community) for problem in problems]
            result.bad[community] += values is None
        if values is not None:
            lines.append((number, values))
    result.bad = +result.bad  # without communities of remarks only
    result.block = sealed(run, ring, columns_of(lines))
    result.cares = cares_sealed(run, ring, lines)
    return result


def columns_of(lines: list[Line]) -> Columns:
    values = zip(*map(itemgetter(*PLAIN, *SEALED), (values for _, values in lines)), strict=True)
    return [[number for number, _ in lines], *values]


def sealed(run: int, ring: Keyring, columns: Columns) -> bytes:
    """Lines for `COPY … (COPIED)`."""
    numbers, of = columns[0], dict(zip((*PLAIN, *SEALED), columns[1:], strict=False))
    if not numbers:
        return b""
    written: list[Iterable[str]] = [repeat(str(run), len(numbers)), map(str, numbers), repeat("0", len(numbers))]
    written += [map(_Written().__getitem__, of[name]) for name in PLAIN]
    written += [map(_hex, seal_many(of[name], ring)) for name in SEALED]
    written += [[_hex(raw) if raw else "\\N" for raw in fingerprint_many(of[name], ring)] for name in FINGERPRINTED]
    return ("\n".join(map("\t".join, zip(*written, strict=True))) + "\n").encode()


def cares_sealed(run: int, ring: Keyring, lines: list[Line]) -> bytes:
    """Their care for `COPY … (CARED)`; few people have any."""
    numbers = [number for number, values in lines for _ in values["cares"]]
    cares: list[CareSaid] = [care for _, values in lines for care in values["cares"]]
    hidden = [fingerprint_many((care.category for care in cares), ring)]
    hidden += [seal_many((getattr(care, name) for care in cares), ring) for name in CARE_SEALED]
    columns = [[*map(_hex, column)] for column in hidden]
    columns += [[_text(getattr(care, name)) for care in cares] for name in CARE_PLAIN]
    written = ["\t".join([str(run), str(n), *words]) for n, *words in zip(numbers, *columns, strict=True)]
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


class _Written(dict[Any, str]):
    """The values of one column as COPY reads them; most say the same as many others."""

    def __missing__(self, value: Any) -> str:
        self[value] = words = _text(value)
        return words


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES) if not value.isalnum() else value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)


def _shared(
    work: Callable[[Keyring, Part], Done], ring: Callable[[], Keyring], parts: Iterable[Part], total: int
) -> Iterator[Done]:
    """Each part under the keys of its moment."""
    with_keys = ((ring(), part) for part in parts)
    if total < WORTH_A_CREW:
        yield from (work(*part) for part in with_keys)
        return
    from grids.importing.hiring import shared  # those who are hired import this module, and have no use for that one

    yield from shared(partial(_do, work), with_keys)


def _do(work: Callable[[Keyring, Part], Done], part: tuple[Keyring, Part]) -> Done:
    return work(*part)
