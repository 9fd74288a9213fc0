"""Where buildings stand, and where they were said to stand before."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Building, PointMove, ask_for_checks
from grids.outlines import GRAIN
from grids.permissions import may_assign

MEANWHILE = "点位在您检查之后又被别人改过，请重新检查后再保存。"
MOVE = """
UPDATE grids_building house SET longitude = move.longitude, latitude = move.latitude
FROM grids_pointmove move WHERE move.id = ANY(%s) AND house.id = move.building_id
"""
Point = tuple[float, float]  # longitude and latitude, in degrees


def pinpoint(building: Building, longitude: float | None, latitude: float | None, *, by: User, at: datetime) -> None:
    """Both, or neither where it is not known. The caller has checked the point."""
    point = None if longitude is None or latitude is None else rounded(longitude, latitude)
    building.longitude, building.latitude = point or (None, None)
    with transaction.atomic():
        _move(building.compound.community_id, {building.pk: point}, by, at)


def pinpoint_all(community: str, points: Mapping[int, Point], *, seen: int, by: User, at: datetime) -> int:
    """All or nothing, by building. The caller has checked the points, against the moves up to `seen`."""
    with transaction.atomic():
        return _move(community, {building: rounded(*point) for building, point in points.items()}, by, at, seen=seen)


def newest(community: str) -> int:
    """Which move of any building of it is the newest: whoever checked before it has to check again."""
    moves = PointMove.objects.filter(building__compound__community=community)
    return moves.order_by("-pk").values_list("pk", flat=True).first() or 0


def rounded(longitude: float, latitude: float) -> Point:
    return round(longitude, GRAIN), round(latitude, GRAIN)


def _move(
    community: str, points: Mapping[int, Point | None], by: User, at: datetime, *, seen: int | None = None
) -> int:
    """How many were moved: where a building is said to stand where it stands, nothing has happened."""
    if not may_assign(by, community):
        raise PermissionDenied
    here = Building.objects.filter(pk__in=points, compound__community=community)
    buildings = list(here.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if seen is not None and newest(community) != seen:
        raise NotNow(MEANWHILE)
    moves = []
    for building in buildings:
        before, after = (building.longitude, building.latitude), points[building.pk] or (None, None)
        if before != after:
            (was_east, was_north), (east, north) = before, after
            moves.append(
                PointMove(
                    building=building,
                    at=at,
                    by=by,
                    from_longitude=was_east,
                    from_latitude=was_north,
                    longitude=east,
                    latitude=north,
                )
            )
    if moves:
        PointMove.objects.bulk_create(moves)
        with connection.cursor() as cursor:
            cursor.execute(MOVE, [[move.pk for move in moves]])
        ask_for_checks([community], at)
    return len(moves)
