"""Outlines that somebody brings as GeoJSON, looked at before anything is saved: what they change, and what is wrong.

An error stands in the way; a warning may be accepted, with a reason.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import hypot
from statistics import median
from typing import Any

from django.core.exceptions import ValidationError
from shapely import get_parts
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from grids import outlines
from grids.checks.outlines import TOLERANCE, Plane, where_it_breaks
from grids.frames import MIDDLE, gcj_shift, metres
from grids.geojson import features
from grids.importing.files import Unreadable
from grids.models import Place
from grids.models.outline import EAST, NORTH, SOUTH, WEST, validate_outline

FAR = 60_000  # metres from the middle of the city: further away, it is another city
SHIFTED = 120  # metres: a frame that is off by less is not told from a new survey
ALIKE = 90  # metres between the shift that was found and that of GCJ-02
FROM_A_GCJ_MAP = "GCJ-02（火星坐标）的偏移一致：坐标来自高德、腾讯等地图，请转换为 WGS-84"
NAMED = 5  # grids of those that are shifted alike
GROWN = 0.5  # of the area: such a change is asked about


@dataclass(frozen=True, slots=True)
class Change:
    code: str
    name: str
    before: float | None  # square metres; None where nothing was drawn
    after: float

    @property
    def difference(self) -> float:
        return self.after - (self.before or 0)


@dataclass
class Proposal:
    drawn: dict[str, Any] = field(default_factory=dict)  # geometries by code, of those that change
    changes: list[Change] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def can_be_saved(self) -> bool:
        return bool(self.drawn) and not self.errors


def read(text: str, area: Place) -> Proposal:
    """What these words draw in this area: the grids of one community."""
    proposal = Proposal()
    rows = list(Place.objects.standing().order_by("code").values_list("code", "kind", "name", "boundary"))
    known = {code: (name, boundary) for code, _, name, boundary in rows}
    for code, geometry in _features(text, proposal):
        if not code.startswith(area.code) or code not in known:
            where = "不在" + area.name if code in known else "不是现有的网格"
            proposal.errors.append(f"编码 {code} {where}。")
        elif code in proposal.drawn:
            proposal.errors.append(f"编码 {code} 出现了两次。")
        elif (problem := _problem(geometry)) or (problem := _problem(plain := outlines.plain(geometry))):
            proposal.errors.append(f"{known[code][0]}（{code}）：{problem}。")
        else:
            proposal.drawn[code] = plain
    before = Plane.of(rows)
    new = {code: metres(shape(geometry)) for code, geometry in proposal.drawn.items()}
    if shift := _shift(before, new) or _some_shifted(before, new):  # all the rest is wrong because of it
        proposal.errors.append(shift)
        return proposal
    for code in [code for code, geometry in proposal.drawn.items() if geometry == known[code][1]]:
        del proposal.drawn[code], new[code]
    after = Plane.of((code, kind, name, proposal.drawn.get(code, boundary)) for code, kind, name, boundary in rows)
    proposal.changes = list(_changes(before, new, known))
    _compare(proposal, before, after)
    return proposal


# --- Reading ----------------------------------------------------------------------------------------------


def _features(text: str, proposal: Proposal) -> Iterator[tuple[str, Any]]:
    try:
        found = features(text, each="网格")
    except Unreadable as problem:
        proposal.errors.append(str(problem))
        return
    for number, (properties, geometry) in enumerate(found, start=1):
        code = properties.get("code")
        if isinstance(code, str | int) and not isinstance(code, bool) and code:
            yield str(code)[:40], geometry
        else:
            proposal.errors.append(f"第 {number} 个图形没有网格编码（properties.code）。")


def _problem(geometry: Any) -> str:
    """Why it cannot be drawn, as precisely as it can be said."""
    points = list(_points(geometry))
    if points and (frame := other_frame(points)):
        return frame
    try:
        outline = shape(geometry)
        if isinstance(outline, Polygon | MultiPolygon) and not outline.is_empty and not outline.is_valid:
            return where_it_breaks(metres(outline))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        pass  # the validator says it
    try:
        validate_outline(geometry)
    except ValidationError as problem:
        return "；".join(problem.messages)
    return too_far(shape(geometry))


def too_far(drawn: BaseGeometry) -> str:
    far = hypot(*metres(drawn).centroid.coords[0])
    return f"离市区 {far / 1000:,.0f} 公里，不在本市" if far > FAR else ""


def _points(geometry: Any) -> Iterator[tuple[float, float]]:
    """Every pair of numbers in it, whatever it is nested in."""
    waiting = [geometry.get("coordinates")] if isinstance(geometry, dict) else []
    while waiting:
        one = waiting.pop()
        if not isinstance(one, list):
            continue
        if len(one) >= 2 and all(isinstance(number, int | float) for number in one[:2]):
            yield float(one[0]), float(one[1])
        else:
            waiting += one


def other_frame(points: list[tuple[float, float]]) -> str:
    """Coordinates of another frame are named, not merely refused."""
    if any(abs(x) > 180 or abs(y) > 180 for x, y in points):
        return "坐标像是以米为单位的投影坐标（如国家 2000 高斯投影、网络墨卡托），请导出为 WGS-84 经纬度"
    if all(SOUTH <= x <= NORTH and WEST <= y <= EAST for x, y in points):
        return "经度和纬度颠倒了，应先经度后纬度"
    return ""


# --- Comparing ----------------------------------------------------------------------------------------------


def _shift(before: Plane, new: dict[str, BaseGeometry]) -> str:
    """GCJ-02 moves everything alike: the middles of the outlines that are known already tell by how much."""
    moved = [_moved(before, code, outline) for code, outline in new.items() if code in before.grids]
    if not moved:
        return ""
    east, north = (median(one) for one in zip(*moved, strict=True))
    if hypot(east, north) < SHIFTED:
        return ""
    expected = gcj_shift(*MIDDLE)
    sides = (("东" if east > 0 else "西", abs(east)), ("北" if north > 0 else "南", abs(north)))
    where = "整体比现有边界" + "、".join(f"{side}偏 {off:,.0f} 米" for side, off in sides if off >= 1)
    if hypot(east - expected[0], north - expected[1]) < ALIKE:
        return f"{where}，与 {FROM_A_GCJ_MAP} 再导入。"
    return f"{where}，请检查坐标系（应为 WGS-84）。"


def _some_shifted(before: Plane, new: dict[str, BaseGeometry]) -> str:
    """Where only some were drawn on such a map, each tells by itself."""
    expected = gcj_shift(*MIDDLE)
    moved = {code: _moved(before, code, outline) for code, outline in new.items() if code in before.grids}
    alike = [code for code, (east, north) in moved.items() if hypot(east - expected[0], north - expected[1]) < ALIKE]
    if not alike:
        return ""
    off = median(hypot(*moved[code]) for code in alike)
    named = "、".join(before.names[code] for code in sorted(alike)[:NAMED])
    more = f"等 {len(alike)} 个网格" if len(alike) > NAMED else ""
    return f"{named}{more}比现有边界偏 {off:,.0f} 米，与 {FROM_A_GCJ_MAP} 再导入。"


def _moved(before: Plane, code: str, outline: BaseGeometry) -> tuple[float, float]:
    """Metres to the east and to the north, from middle to middle."""
    was, now = before.grids[code].centroid, outline.centroid
    return now.x - was.x, now.y - was.y


def _changes(
    before: Plane, new: dict[str, BaseGeometry], known: dict[str, tuple[str, dict[str, Any] | None]]
) -> Iterator[Change]:
    for code, outline in sorted(new.items()):
        was = before.grids.get(code) or before.communities.get(code)
        yield Change(code, known[code][0], was.area if was else None, outline.area)


def _compare(proposal: Proposal, before: Plane, after: Plane) -> None:
    changed = set(proposal.drawn)
    worse = {(one, other): area for one, other, area in before.overlaps}
    for one, other, area in after.overlaps:
        if {one, other} & changed:
            words = f"{after.names[one]}与{after.names[other]}重叠 {area:,.0f} 平方米。"
            known = area <= worse.get((one, other), 0) + TOLERANCE
            (proposal.warnings if known else proposal.errors).append(words)
    proposal.errors += _outside(after, changed)
    proposal.warnings += _gaps(before, after)
    proposal.warnings += _odd(proposal.changes, after)


def _outside(after: Plane, changed: set[str]) -> Iterator[str]:
    for community, outline in after.communities.items():
        for code in sorted(after.grids):
            if code.startswith(community) and {code, community} & changed:
                area = after.grids[code].difference(outline).area
                if area > TOLERANCE:
                    yield f"{after.names[code]}有 {area:,.0f} 平方米在{after.names[community]}以外。"


def _gaps(before: Plane, after: Plane) -> Iterator[str]:
    known = {round(area) for _, area, _ in before.holes}
    for code, area, (east, north) in after.holes:
        if round(area) not in known:
            yield f"{after.names[code]}旁出现空白 {area:,.0f} 平方米，在 {east:.6f}, {north:.6f} 处。"


def _odd(changes: Iterable[Change], after: Plane) -> Iterator[str]:
    for change in changes:
        outline = after.grids.get(change.code) or after.communities.get(change.code)
        if outline is None:
            continue
        if change.before and abs(change.difference) > GROWN * change.before:
            yield f"{change.name}的面积变化超过一半。"
        if (parts := len(get_parts(outline))) > 1:
            yield f"{change.name}分成了 {parts} 块。"
        if any(part.interiors for part in get_parts(outline)):
            yield f"{change.name}中间有洞。"
