"""Every address lies in exactly one grid on the map, and it is the grid that it was given to: by the building's point.

A building is judged only where all of the grids that it could lie in are drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.urls import reverse
from shapely import STRtree

from grids.checks import outlines
from grids.checks.check import HINT, MUST, SHOULD, Check, Found
from grids.checks.homes import IN_NO_GRID, compound_page
from grids.checks.outlines import Plane
from grids.frames import metres
from grids.models import Building, Dwelling

CHECKS = (
    Check("nowhere", "楼栋不在网格边界内", "楼栋的点位不在任何网格的边界以内", MUST),
    Check("in_two", "楼栋落入两个网格", "楼栋的点位同时在两个网格的边界以内，说明边界重叠", MUST),
    Check("elsewhere", "点位与网格不符", "楼栋的点位在别的网格里，不在其房屋所属的网格；点位或划分有一个不对", SHOULD),
    Check("no_point", "楼栋无点位", "还没有标注点位的楼栋，按社区计，仅作提示", HINT),
)


@dataclass(slots=True)
class Spot:
    """A building with its point, the grids of its dwellings, and the grids around the point."""

    building: int
    compound: int
    community: str
    name: str
    degrees: tuple[float, float]
    given: set[str]
    around: list[str] = field(default_factory=list)  # with their edges
    inside: list[str] = field(default_factory=list)  # without

    @property
    def page(self) -> str:
        return compound_page(self.compound, self.building)


def find(code: str, on: date) -> Iterator[Found]:
    spots, missing = _read(code)
    if spots:
        for _, found in misplaced(spots, outlines.plane()):
            yield found
    for community, buildings in missing.items():
        yield Found("no_point", community, f"{buildings} 栋楼还没有点位", reverse("coverage:points", args=[community]))


def grids_given(**to: Any) -> dict[int, set[str]]:
    """By building: the grids of its dwellings. `to` says which dwellings are asked about."""
    given: dict[int, set[str]] = defaultdict(set)
    doors = Dwelling.objects.filter(~IN_NO_GRID, **to)
    for building, grid in doors.order_by().values_list("building_id", "place_id").distinct():
        given[building].add(grid)
    return given


def misplaced(spots: list[Spot], drawn: Plane) -> Iterator[tuple[Spot, Found]]:
    _look_around(spots, drawn)
    yield from _misplaced(spots, drawn)


def _read(code: str) -> tuple[list[Spot], Counter[str]]:
    """The buildings with a point; of the others how many each community has."""
    given = grids_given(building__compound__community__code__startswith=code)
    columns = ("pk", "compound", "compound__community", "compound__name", "name", "longitude", "latitude")
    here = Building.objects.filter(compound__community__code__startswith=code)
    rows = here.order_by("compound__community", "compound", "number", "pk").values_list(*columns)
    spots, missing = [], Counter[str]()
    for pk, compound, community, around, name, longitude, latitude in rows:
        if longitude is None or latitude is None:
            missing[community] += 1
        else:
            spots.append(Spot(pk, compound, community, f"{around}{name}", (longitude, latitude), given.get(pk, set())))
    return spots, missing


def _look_around(spots: list[Spot], drawn: Plane) -> None:
    """One pass over the index. On the edge of two grids a point lies in either, and inside of none."""
    points = metres(shapely.points([spot.degrees for spot in spots]))
    which, grids = STRtree(drawn.outlines).query(points, predicate="intersects")
    inside = shapely.contains(drawn.outlines[grids], points[which])
    for i, j, within in zip(which, grids, inside, strict=True):
        spots[i].around.append(drawn.codes[j])
        if within:
            spots[i].inside.append(drawn.codes[j])


def _misplaced(spots: Iterable[Spot], drawn: Plane) -> Iterator[tuple[Spot, Found]]:
    undrawn = {*drawn.undrawn, *drawn.broken}
    unsure = {code[:12] for code in undrawn}
    for spot in spots:
        if len(spot.inside) > 1:
            words = f"{spot.name}的点位同时在{_named(spot.inside, drawn)}内"
            yield spot, Found("in_two", spot.community, words, outlines.edit_page(spot.inside[0]))
        if spot.given & undrawn if spot.given else spot.community in unsure:
            continue
        if not spot.around:
            east, north = spot.degrees
            words = f"{spot.name}的点位（{east:.6f}, {north:.6f}）不在任何网格内"
            yield spot, Found("nowhere", spot.community, words, spot.page)
        elif spot.given and spot.given.isdisjoint(spot.around):
            words = f"{spot.name}的点位在{_named(spot.around, drawn)}，房屋划在{_named(spot.given, drawn)}"
            yield spot, Found("elsewhere", spot.community, words, spot.page)


def _named(codes: Iterable[str], drawn: Plane) -> str:
    return "、".join(drawn.names[code] for code in sorted(codes))
