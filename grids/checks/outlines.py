"""No gap and no overlap on the map: the outlines of the grids, laid beside each other on the plane of the city."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely
from django.urls import reverse
from shapely import STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from grids.checks.check import HINT, MUST, SHOULD, Check, Found, page_of
from grids.frames import degrees, metres
from grids.models import Place

TOLERANCE = 5.0  # square metres (domain §3.8)
SLIVER = 5.0  # metres: a gap so narrow lies between two lines that should be one
BROKEN = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "边线重复经过同一点",
    "Hole lies outside shell": "洞在外圈之外",
}
SHARE = 0.005  # of a community's area may be in no grid


CHECKS = (
    Check("undrawn", "网格无边界", "还没有画边界的网格", SHOULD),
    Check("broken", "边界无效", "边界自相交或不成面", MUST),
    Check("overlap", "边界重叠", f"两个网格的边界重叠超过 {TOLERANCE:.0f} 平方米", MUST),
    Check("gap", "边界空白", "四周都是网格、中间却不属于任何网格，或社区边界内未被网格覆盖", MUST),
    Check("outside", "超出社区", f"网格有超过 {TOLERANCE:.0f} 平方米在本社区边界以外", MUST),
    Check("edges", "边线不重合", f"相邻网格的边线相距不到 {SLIVER:.0f} 米而没有重合", SHOULD),
    Check("order", "编号顺序", "编号宜自西向东、自北向南，仅作提示", HINT),
)


@dataclass
class Plane:
    """Outlines in metres, by code, in the order of the codes; `broken` are those that no area can be taken of."""

    names: dict[str, str]
    communities: dict[str, BaseGeometry]  # those that have an outline of their own
    grids: dict[str, BaseGeometry]
    broken: dict[str, str]
    undrawn: list[str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, dict[str, object] | None]]) -> "Plane":
        plane = cls({}, {}, {}, {}, [])
        for code, kind, name, boundary in rows:
            plane.names[code] = name
            if kind == Place.Kind.GRID and boundary is None:
                plane.undrawn.append(code)
            if boundary is not None and kind in (Place.Kind.GRID, Place.Kind.COMMUNITY):
                plane._take(code, kind, metres(shape(boundary)))
        return plane

    def _take(self, code: str, kind: str, outline: BaseGeometry) -> None:
        if not outline.is_valid:
            self.broken[code] = where_it_breaks(outline)
        elif kind == Place.Kind.GRID:
            self.grids[code] = outline
        else:
            self.communities[code] = outline

    @cached_property
    def codes(self) -> list[str]:
        return list(self.grids)

    @cached_property
    def outlines(self) -> np.ndarray:
        return np.array(list(self.grids.values()), dtype=object)

    @cached_property
    def overlaps(self) -> list[tuple[str, str, float]]:
        """Pairs of grids and the area that both claim: one pass over the index, one vector of areas."""
        if not self.grids:
            return []
        one, other = STRtree(self.outlines).query(self.outlines, predicate="intersects")
        one, other = one[one < other], other[one < other]
        areas = shapely.area(shapely.intersection(self.outlines[one], self.outlines[other]))
        large = areas > TOLERANCE
        return [
            (self.codes[i], self.codes[j], float(area))
            for i, j, area in zip(one[large], other[large], areas[large], strict=True)
        ]

    @cached_property
    def holes(self) -> list[tuple[str, float, tuple[float, float]]]:
        """What no grid claims although grids lie all around: the grid beside it, the area, a point in it."""
        whole = shapely.union_all(self.outlines) if self.grids else shapely.Polygon()
        rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
        holes = [shapely.Polygon(ring).difference(whole) for ring in rings]  # a grid may lie in it like an island
        found = [hole for hole in holes if hole.area > TOLERANCE]
        if not found:
            return []
        beside = STRtree(self.outlines).nearest(found)
        points = (hole.representative_point() for hole in found)
        return [
            (self.codes[i], hole.area, degrees(point.x, point.y))
            for i, hole, point in zip(beside, found, points, strict=True)
        ]


def where_it_breaks(outline: BaseGeometry) -> str:
    """The reason with the point, in degrees: “Self-intersection[102.1 33.2]” in words."""
    reason, _, point = explain_validity(outline).partition("[")
    words = {
        "Self-intersection": "自相交",
        "Ring Self-intersection": "边线重复经过同一点",
        "Hole lies outside shell": "洞在外圈之外",
    }
    if not point:
        return words.get(reason, "图形无效")
    east, north = degrees(*map(float, point.removesuffix("]").split()))
    return f"{words.get(reason, '图形无效')}，在 {east:.6f}, {north:.6f} 处"


def plane() -> Plane:
    return Plane.of(Place.objects.standing().order_by("code").values_list("code", "kind", "name", "boundary"))


def edit_page(code: str) -> str:
    return reverse("coverage:boundaries", args=[code[:12]])


def find(code: str, on: date) -> Iterator[Found]:
    """A few hundred outlines are laid out in a moment, and what lies beside a community matters too: always all."""
    return (found for found in every(plane()) if found.place.startswith(code))


def every(drawn: Plane) -> Iterator[Found]:
    yield from _of_one(drawn)
    for one, other, area in drawn.overlaps:
        words = f"{drawn.names[one]}与{drawn.names[other]}重叠 {area:,.0f} 平方米"
        yield Found("overlap", one, words, edit_page(one))
    for code, area, (east, north) in drawn.holes:
        words = f"{drawn.names[code]}旁有空白 {area:,.0f} 平方米，在 {east:.6f}, {north:.6f} 处"
        yield Found("gap", code[:12], words, edit_page(code))
    yield from _against_communities(drawn)
    yield from _edges(drawn)
    yield from _order(drawn)


def _of_one(drawn: Plane) -> Iterator[Found]:
    for code in drawn.undrawn:
        yield Found("undrawn", code, f"{drawn.names[code]}没有边界", edit_page(code))
    for code, why in drawn.broken.items():
        yield Found("broken", code, f"{drawn.names[code]}的边界{why}", edit_page(code))


def _against_communities(drawn: Plane) -> Iterator[Found]:
    """Where a community has an outline of its own, its grids fill it and stay inside."""
    for community, outline in drawn.communities.items():
        inside = {code: grid for code, grid in drawn.grids.items() if code.startswith(community)}
        for code, grid in inside.items():
            if (area := grid.difference(outline).area) > TOLERANCE:
                words = f"{drawn.names[code]}有 {area:,.0f} 平方米在{drawn.names[community]}以外"
                yield Found("outside", code, words, edit_page(code))
        left = outline.difference(shapely.union_all(list(inside.values()))).area
        if left > max(TOLERANCE, SHARE * outline.area):
            share = 100 * left / outline.area
            words = f"{drawn.names[community]}有 {left:,.0f} 平方米（{share:.1f}%）不在任何网格内"
            yield Found("gap", community, words, edit_page(community))


def _edges(drawn: Plane) -> Iterator[Found]:
    """Lines that should be one and are two, a little apart; what overlaps widely is told above."""
    if not drawn.grids or shapely.coverage_is_valid(drawn.outlines, gap_width=SLIVER):
        return
    told = {code for one, other, _ in drawn.overlaps for code in (one, other)}
    lengths = shapely.length(shapely.coverage_invalid_edges(drawn.outlines, gap_width=SLIVER))
    for i in np.flatnonzero(lengths > 0):
        if (code := drawn.codes[i]) not in told:
            yield Found("edges", code, f"{drawn.names[code]}有 {lengths[i]:,.0f} 米边线与邻格不重合", edit_page(code))


def _order(drawn: Plane) -> Iterator[Found]:
    """Numbers run from west to east and from north to south: the next grid lies to the east or to the south."""
    middles = shapely.centroid(drawn.outlines) if drawn.grids else []
    before: dict[str, tuple[float, float]] = {}
    back: dict[str, list[str]] = {}
    for code, middle in zip(drawn.codes, middles, strict=True):
        community, here = code[:12], (middle.x, middle.y)
        if community in before and here[0] < before[community][0] and here[1] > before[community][1]:
            back.setdefault(community, []).append(str(int(code[12:])))
        before[community] = here
    for community, numbers in back.items():
        words = f"{drawn.names[community]}第 {'、'.join(numbers)} 网格在前一网格的西北，编号顺序应自西向东、自北向南"
        yield Found("order", community, words, page_of(community))
