"""A point that somebody gives for a building, looked at before it is saved: could the building stand there?"""

from shapely.geometry import Point, shape

from grids import outlines
from grids.boundaries import FROM_A_GCJ_MAP, other_frame, too_far
from grids.checks.homes import IN_NO_GRID
from grids.frames import DEGREE, gcj_shift
from grids.models import Building, Dwelling, Place


def problem(building: Building, longitude: float, latitude: float) -> str:
    """Why not, as precisely as it can be said; nothing where it could."""
    if frame := other_frame([(longitude, latitude)]):
        return f"{frame}。"
    if far := too_far(Point(longitude, latitude)):
        return f"这个点{far}，请检查经度和纬度。"
    return _shifted(building, longitude, latitude)


def _shifted(building: Building, longitude: float, latitude: float) -> str:
    """One point alone tells nothing of its frame; but where it misses its own ground by just the shift of GCJ-02, it
    was taken from such a map."""
    codes = _ground(building)
    ground = [shape(outline) for code in codes if (outline := outlines.outline_of(code))]
    east, north = gcj_shift(longitude, latitude)
    back = Point(longitude - east / DEGREE[0], latitude - north / DEGREE[1])
    said = Point(longitude, latitude)
    if any(one.covers(said) for one in ground) or not any(one.covers(back) for one in ground):
        return ""
    names = "、".join(Place.objects.filter(pk__in=codes).values_list("name", flat=True))
    return (
        f"这个点不在{names}内，偏出的距离与 {FROM_A_GCJ_MAP} 再填。如果坐标本来就是 WGS-84，请先把房屋划入正确的网格。"
    )


def _ground(building: Building) -> list[str]:
    """The grids of its dwellings; as long as none of them has one, the community."""
    doors = Dwelling.objects.filter(~IN_NO_GRID, building=building).order_by()
    return list(doors.values_list("place_id", flat=True).distinct()) or [building.compound.community_id]
