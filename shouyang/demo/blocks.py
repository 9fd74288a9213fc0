"""What was built in the demo city: how many households each grid has, and the buildings in which they live."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from shouyang.demo.tables import rows

HOUSEHOLDS, SPREAD = 304, 34  # of a grid
ORDINARY = (214, 392)
# A few were never divided or joined as they should be: the coverage report names them.
OUT_OF_RANGE = {17: 158, 61: 437, 118: 176, 163: 421, 214: 451, 266: 189, 301: 412}
WALK_UPS = 0.72  # of the compounds


@dataclass(frozen=True)
class Block:
    number: int
    units: int
    floors: int
    doors: int  # on each landing

    @property
    def dwellings(self) -> int:
        return self.units * self.floors * self.doors

    @property
    def tower(self) -> bool:
        return self.floors > 7


@cache
def households() -> dict[str, int]:
    """How many live in each grid."""
    rng = random.Random(338)  # noqa: S311 (the city was built before the dice were thrown)
    least, most = ORDINARY
    return {
        row["code"]: OUT_OF_RANGE.get(n, min(max(round(rng.gauss(HOUSEHOLDS, SPREAD)), least), most))
        for n, row in enumerate(rows("grids.csv"))
    }


def built(grid: str, compounds: int) -> Sequence[tuple[Block, ...]]:
    """The buildings of each compound of this grid: homes for all its households, and a few that stand empty."""
    rng, wanted = random.Random(grid), households()[grid]  # noqa: S311
    return [_compound(rng, wanted * (n + 1) // compounds - wanted * n // compounds) for n in range(compounds)]


def _compound(rng: random.Random, wanted: int) -> tuple[Block, ...]:
    walk_up = rng.random() < WALK_UPS
    floors = rng.choice((5, 6, 6, 6)) if walk_up else rng.choice((11, 11, 15, 17))
    doors = rng.choice((2, 2, 2, 3)) if walk_up else rng.choice((2, 3, 4))
    made: list[Block] = []
    while wanted > 0:
        units = min(rng.choice((2, 3, 3, 4)) if walk_up else rng.choice((1, 2)), -(-wanted // (floors * doors)))
        made.append(Block(len(made) + 1, units, floors, doors))
        wanted -= made[-1].dwellings
    return tuple(made)
