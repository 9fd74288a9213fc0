"""A point that somebody gives for a building, looked at before it is saved: could the building stand there?"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from grids import outlines
from grids.boundaries import FROM_A_GCJ_MAP, other_frame, too_far
from grids.checks.points import grids_given
from grids.frames import DEGREE, gcj_shift
from grids.models import Building, Place

NO_DEGREES = "请填写小数形式的度数，如 118.741203。"


class Ground:
    """Where the buildings of a community belong: in the grids of their dwellings; as long as none of them has one, in
    the community."""

    def __init__(self, community: str, given: Mapping[int, set[str]]) -> None:
        self.given = given
        self._community = community
        self._drawn: dict[str, BaseGeometry | None] = {}

    def problem(self, building: int, longitude: float, latitude: float) -> str:
        """Why it cannot stand there, as precisely as it can be said; nothing where it could."""
        if frame := other_frame([(longitude, latitude)]):
            return f"{frame}。"
        if far := too_far(Point(longitude, latitude)):
            return f"这个点{far}，请检查经度和纬度。"
        return self._shifted(building, longitude, latitude)

    def _shifted(self, building: int, longitude: float, latitude: float) -> str:
        """One point alone tells nothing of its frame; but where it misses its own ground by just the shift of GCJ-02,
        it was taken from such a map."""
        codes = self.given.get(building) or {self._community}
        ground = [outline for code in codes if (outline := self._outline(code))]
        east, north = gcj_shift(longitude, latitude)
        back = Point(longitude - east / DEGREE[0], latitude - north / DEGREE[1])
        said = Point(longitude, latitude)
        if any(one.covers(said) for one in ground) or not any(one.covers(back) for one in ground):
            return ""
        return (
            f"这个点不在{self._named(codes)}内，偏出的距离与 {FROM_A_GCJ_MAP} 再填。"
            "如果坐标本来就是 WGS-84，请先把房屋划入正确的网格。"
        )

    def _outline(self, code: str) -> BaseGeometry | None:
        if code not in self._drawn:
            drawn = outlines.outline_of(code)
            self._drawn[code] = shape(drawn) if drawn else None
        return self._drawn[code]

    def _named(self, codes: Iterable[str]) -> str:
        return "、".join(self._names[code] for code in sorted(codes))

    @cached_property
    def _names(self) -> dict[str, str]:
        codes = {self._community}.union(*self.given.values())
        return dict(Place.objects.filter(pk__in=codes).values_list("code", "name"))


def problem(building: Building, longitude: float, latitude: float) -> str:
    given = grids_given(building=building)
    return Ground(building.compound.community_id, given).problem(building.pk, longitude, latitude)
