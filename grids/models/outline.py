"""An outline on the map: GeoJSON, longitude first, WGS-84."""

from typing import Any

from django.core.exceptions import ValidationError
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape

WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0  # China; a swapped pair of coordinates falls outside


def validate_outline(geometry: Any) -> None:
    """Refuse, with a sentence, what cannot be drawn or searched."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValidationError("边界应为 GeoJSON 的 Polygon 或 MultiPolygon 几何")
    try:
        outline = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValidationError("边界坐标无法读取：每个环应为 [经度, 纬度] 的列表，至少 4 点且首尾相同") from error
    if not isinstance(outline, Polygon | MultiPolygon) or outline.is_empty:
        raise ValidationError("边界没有围成面积")
    if not outline.is_valid:
        raise ValidationError("边界自相交、重叠或没有围成面积")
    west, south, east, north = outline.bounds
    if not (west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH):
        raise ValidationError("边界坐标超出范围：应为 WGS-84，先经度后纬度")
