"""Invented people: names by how common they are in Shandong, phone numbers that no carrier ever gave out."""

import random
from functools import cache

from shouyang.demo.tables import rows


def full_name(rng: random.Random, *, elderly: bool = False) -> str:
    """What parents called a daughter in 1945 is not what they call her in 1990: given names have an age."""
    return "".join(rng.choices(*_weighted(kind))[0] for kind in ("surname", "elderly" if elderly else "younger"))


def phone(rng: random.Random) -> str:
    """Eleven digits from 120: the demo range of `accounts.phones`."""
    return f"120{rng.randrange(10**8):08d}"


@cache
def _weighted(kind: str) -> tuple[list[str], list[int]]:
    named = [row for row in rows("demo/names.csv") if row["kind"] == kind]
    return [row["name"] for row in named], [int(row["weight"]) for row in named]
