"""Points of buildings that somebody brings, as GeoJSON or as a CSV: line by line, as they are written. Pure.

A line names its building by compound and name, or by the number that it has here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grids.geojson import features, not_too_long
from grids.importing.cells import Cell, words
from grids.importing.columns import BY_NAME, Column, guesses, headings
from grids.importing.files import read_csv

COLUMNS = (
    Column("code", "楼栋编号", ("编号", "building_id")),
    *(BY_NAME[name] for name in ("compound", "building")),
    Column("longitude", "经度", ("lon", "lng", "Lon", "Lng", "X", "x", "经度WGS84", "经度WGS-84")),
    Column("latitude", "纬度", ("lat", "Lat", "Y", "y", "纬度WGS84", "纬度WGS-84")),
)
KNOWN = headings(COLUMNS)
SUCH = "（如“小区”“楼栋”“经度”“纬度”）；如果是 GeoJSON，文件不完整。"
NO_POINT = "图形应为点（Point）。"


@dataclass(frozen=True, slots=True)
class Line:
    where: str  # 第 3 行
    code: str = ""
    compound: str = ""
    building: str = ""
    longitude: Cell = None
    latitude: Cell = None
    problem: str = ""

    @property
    def blank(self) -> bool:
        """It says of no point: a list of all buildings may have such lines."""
        return not (self.problem or words(self.longitude) or words(self.latitude))


def lines(text: str) -> Iterator[Line]:
    """Raises grids.importing.files.Unreadable, before the first line."""
    not_too_long(text)
    return _of_features(text) if text.lstrip().startswith(("{", "[")) else _of_rows(text)


def _of_rows(text: str) -> Iterator[Line]:
    sheet = read_csv(text, KNOWN, SUCH)
    columns = guesses(sheet.heads, KNOWN)
    for number, row in sheet.rows:
        said = {name: row[n] for n, name in columns.items() if n < len(row)}
        yield Line(f"第 {number} 行", *_building(said), said.get("longitude"), said.get("latitude"))


def _of_features(text: str) -> Iterator[Line]:
    for number, (properties, geometry) in enumerate(features(text, each="楼栋"), 1):
        names = list(properties)
        said = {name: properties[names[n]] for n, name in guesses(names, KNOWN).items()}
        where, building = f"第 {number} 个图形", _building(said)
        if geometry is None:
            yield Line(where, *building)
        elif at := _coordinates(geometry):
            yield Line(where, *building, *at)
        else:
            yield Line(where, *building, problem=NO_POINT)


def _building(said: dict[str, Any]) -> tuple[str, str, str]:
    code, compound, building = (said.get(name) for name in ("code", "compound", "building"))
    return _word(code), _word(compound), _word(building)


def _word(value: Any) -> str:
    return words(value) if isinstance(value, str | int | float) else ""


def _coordinates(geometry: Any) -> tuple[Cell, Cell] | None:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    at = geometry.get("coordinates")
    if not isinstance(at, list) or len(at) < 2 or not all(_is_number(value) for value in at[:2]):
        return None
    return at[0], at[1]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
