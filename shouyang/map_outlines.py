"""The outlines of all grids, or of all communities, for the map: simplified together, so that no edge comes apart."""

from itertools import groupby
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from accounts import drawn
from grids.models import Place
from grids.workflow.redrawing import newest
from shouyang.place_page import href

FINE = 0.00005  # degrees, five metres: less is not seen on a map of the city


def edition() -> int:
    """Changes with every new version of a place; a browser keeps the outlines of an edition."""
    return newest()


def outlines(level: str) -> dict[str, Any]:
    return drawn.once(f"map-{level}-{edition()}", lambda: _draw(level), 3600)


def _draw(level: str) -> dict[str, Any]:
    kinds = {place.code: place for place in Place.objects.standing().defer("boundary")}
    rows = Place.objects.standing().of_kind(Place.Kind.GRID).exclude(boundary=None).order_by("code")
    drawn = [(code, shape(boundary)) for code, boundary in rows.values_list("code", "boundary")]
    shapes = _simplified([outline for _, outline in drawn])
    parts = [(code, outline) for (code, _), outline in zip(drawn, shapes, strict=True)]
    if level == "community":
        communities = groupby(parts, key=lambda part: part[0][:12])
        parts = [(code, shapely.union_all([one for _, one in grids])) for code, grids in communities]
    features = [_feature(kinds[code], outline) for code, outline in parts]
    return {"type": "FeatureCollection", "features": features}


def _simplified(shapes: list[Any]) -> Any:
    """What overlaps cannot be simplified together, and is drawn as it is."""
    outlines = np.array(shapes, dtype=object)
    return shapely.coverage_simplify(outlines, FINE) if shapes and shapely.coverage_is_valid(outlines) else outlines


def _feature(place: Place, outline: Any) -> dict[str, Any]:
    geometry = mapping(shapely.set_precision(outline, 0.000001))
    properties = {"code": place.code, "name": place.name, "href": href(place.code)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
