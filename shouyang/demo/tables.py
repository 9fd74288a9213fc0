"""The demo city's tables in `data/`, read once."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


def months(span: str) -> frozenset[int]:
    """“11-3” is November to March; an empty span is the whole year."""
    first, _, last = (span or "1-12").partition("-")
    length = (int(last) - int(first)) % 12 + 1
    return frozenset((int(first) - 1 + i) % 12 + 1 for i in range(length))
