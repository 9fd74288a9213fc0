"""The outlines of places, kept in the process for half a minute: without one of its own, a place is all its grids."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapely import STRtree, force_2d, union_all
from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry

from grids.models import Place

KEPT_FOR = 30  # seconds; an edit of a boundary reaches every process within this time
NEAR = 0.003  # degrees, some 300 metres
GRAIN = 6  # decimals of a degree: ten centimetres


@dataclass(frozen=True)
class Outlines:
    shapes: dict[str, BaseGeometry]  # by code, in the order of the codes
    codes: tuple[str, ...]
    tree: STRtree


def outline_of(code: str) -> dict[str, Any] | None:
    """GeoJSON geometry of the place, or None where nothing in it has been drawn."""
    drawn = _kept(_period()).shapes
    if code in drawn:
        return _json(drawn[code])
    parts = [outline for below, outline in drawn.items() if below.startswith(code)]
    return _json(union_all(parts)) if parts else None


def code_at(longitude: float, latitude: float) -> str | None:
    """The deepest place around this point; on a shared edge the lower code."""
    kept = _kept(_period())
    around = [kept.codes[i] for i in kept.tree.query(Point(longitude, latitude), predicate="intersects")]
    return min(around, key=lambda code: (-len(code), code), default=None)


def around(*geometries: dict[str, Any] | None) -> set[str]:
    """Codes of the places whose outlines lie within some hundred metres of these."""
    drawn = [shape(geometry).buffer(NEAR) for geometry in geometries if geometry]
    kept = _kept(_period())
    return {kept.codes[i] for i in kept.tree.query(drawn, predicate="intersects")[1]} if drawn else set()


def joined(*geometries: dict[str, Any] | None) -> dict[str, Any] | None:
    """One outline around several; None where none of them is drawn."""
    drawn = [shape(geometry) for geometry in geometries if geometry]
    return _json(union_all(drawn)) if drawn else None


def plain(geometry: Any) -> dict[str, Any]:
    """The outline alone, as every outline is kept: flat, and no finer than anybody can measure."""
    return _json(force_2d(shape(geometry)))


def forget() -> None:
    """The rows were edited in this process: read them again."""
    _kept.cache_clear()


def _period() -> int:
    return int(time.monotonic() // KEPT_FOR)


@lru_cache(maxsize=1)
def _kept(period: int) -> Outlines:
    rows = Place.objects.standing().exclude(boundary=None).order_by("code").values_list("code", "boundary")
    shapes = {code: shape(boundary) for code, boundary in rows}
    return Outlines(shapes, tuple(shapes), STRtree(list(shapes.values())))


def _json(outline: BaseGeometry) -> dict[str, Any]:
    drawn = mapping(outline)
    return {"type": drawn["type"], "coordinates": _rounded(drawn["coordinates"])}


def _rounded(part: Any) -> Any:
    return round(part, GRAIN) if isinstance(part, float) else [_rounded(inner) for inner in part]
