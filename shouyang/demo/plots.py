"""Where the buildings of a grid stand: in rows, some way off its edges, those of one compound beside each other."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from grids.frames import degrees, metres
from grids.outlines import GRAIN

Point = tuple[float, float]  # degrees east, north
OFF_THE_EDGE = 25.0  # metres
CLOSER = 0.8


def of(outline: dict[str, Any] | None, wanted: int) -> list[Point | None]:
    """So many, from the north row after row, there and back; none of them where no outline is drawn."""
    if outline is None:
        return [None] * wanted
    ground = metres(shape(outline))
    ground = next(inner for inner in (ground.buffer(-OFF_THE_EDGE), ground) if not inner.is_empty)
    apart = float(np.sqrt(ground.area / wanted))
    while len(rows := _rows(ground, apart)) < wanted:
        apart *= CLOSER
    chosen = (rows[n * len(rows) // wanted] for n in range(wanted))
    return [_rounded(*degrees(east, north)) for east, north in chosen]


def _rounded(longitude: float, latitude: float) -> Point:
    return round(longitude, GRAIN), round(latitude, GRAIN)


def _rows(ground: Any, apart: float) -> list[tuple[float, float]]:
    west, south, east, north = ground.bounds
    found: list[tuple[float, float]] = []
    for n, y in enumerate(np.arange(north - apart / 2, south, -apart)):
        across = np.arange(west + apart / 2, east, apart)
        row = [(float(x), float(y)) for x in across[shapely.contains_xy(ground, across, y)]]
        found += row[::-1] if n % 2 else row
    return found
