"""Grids change: a building gets its grid, a grid is split, two become one. Homes move with their history, in SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notices
from accounts.models import User
from accounts.notnow import NotNow
from grids import outlines, versions
from grids.models import Building, Duty, Dwelling, Hazard, HomeEvent, Landmark, Place, Posting, Premises, ask_for_checks
from grids.permissions import may_assign, may_redraw
from grids.scope import holders
from grids.workflow import staffing
from grids.workflow.holding import once
from grids.workflow.redrawing import hold

CLOSED = "“{}”已经撤销，请刷新后再看。"
OTHER_COMMUNITY = "只能在同一社区的网格之间调整。"
ALL_OF_IT = "选中的是这个网格的全部房屋，没有留下什么；要撤销一个网格，请用“合并”。"
NONE_OF_IT = "选中的楼栋单元里没有这个网格的房屋，请刷新后重新选择。"

MOVED = """
INSERT INTO grids_homeevent (household_id, action, at, by_id, note, detail)
SELECT home.id, %(action)s, %(at)s, %(by)s, ''::bytea, jsonb_build_object('from', door.place_id, 'to', %(to)s::text)
FROM grids_household home JOIN grids_dwelling door ON door.id = home.dwelling_id
WHERE door.id = ANY(%(doors)s) AND home.ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of one building: the smallest that is moved."""

    building: int
    unit: str

    @property
    def where(self) -> Q:
        return Q(building=self.building, unit=self.unit)


def assign(parts: Iterable[Part], grid: Place, *, key: UUID, by: User, at: datetime) -> int:
    """These units belong to this grid from now on; how many dwellings that moved."""
    if not may_assign(by, grid.code):
        raise PermissionDenied
    with transaction.atomic():
        grid = _standing(grid.code)[0]
        if not once(key, by=by, at=at, household=None):
            return 0
        here = _of(parts) & Q(building__compound__community=grid.code[:12]) & ~Q(place=grid)
        doors = Dwelling.objects.filter(here).select_related("building__compound").order_by("pk")
        if first := doors.first():
            _note(grid, list(doors.values_list("place", flat=True)), first, by=by, at=at)
        moved = _move(here, grid, by=by, at=at)
        ask_for_checks([grid.code], at)
    return moved


def split(
    grid: Place, parts: Iterable[Part], *, name: str, reason: str, key: UUID, by: User, at: datetime
) -> Place | None:
    """These units become a grid of their own, its edges still to be drawn. None when the press was done before."""
    if not may_redraw(by, grid.code):
        raise PermissionDenied
    parts = list(parts)
    with transaction.atomic():
        grid = _standing(grid.code)[0]
        if not once(key, by=by, at=at, household=None):
            return None
        here = _of(parts) & Q(place=grid)
        if not Dwelling.objects.filter(here).exists():
            raise NotNow(NONE_OF_IT)
        if not Dwelling.objects.filter(place=grid).exclude(here).exists():
            raise NotNow(ALL_OF_IT)
        new = Place.objects.create(
            code=next_code(grid.code[:12]),
            kind=Place.Kind.GRID,
            name=name,
            parent_id=grid.parent_id,
            unit_id=grid.unit_id,
            illustrative=grid.illustrative,
        )
        _move(here, new, by=by, at=at)
        _along(parts, grid, new)
        _serve(grid, new, by=by, at=at)
        versions.record(new, reason=reason, by=by, at=at)
        versions.record(grid, reason=f"{reason}（分出{new.name}）"[:200], by=by, at=at)
        _tell(grid, new, at)
    return new


def merge(grid: Place, into: Place, *, reason: str, key: UUID, by: User, at: datetime) -> int | None:
    """All that is in the grid moves into the other one, and the grid is closed. None when the press was done before."""
    if not (may_redraw(by, grid.code) and may_redraw(by, into.code)):
        raise PermissionDenied
    if grid.code[:12] != into.code[:12] or grid.code == into.code:
        raise NotNow(OTHER_COMMUNITY)
    with transaction.atomic():
        grid, into = _standing(grid.code, into.code)
        if not once(key, by=by, at=at, household=None):
            return None
        moved = _move(Q(place=grid), into, by=by, at=at)
        Premises.objects.filter(place=grid).update(place=into)
        Hazard.objects.open().filter(place=grid).update(place=into)
        _carry_landmarks(Q(place=grid), into)
        _relieve(grid, into, by=by, at=at)
        if grid.boundary is not None:
            into.boundary = outlines.joined(grid.boundary, into.boundary)
            into.save(update_fields=["boundary"])
        versions.record(into, reason=f"{reason}（并入{grid.name}）"[:200], by=by, at=at)
        versions.end(grid, at=at)
        grid.closed_on, grid.merged_into = timezone.localdate(at), into
        grid.save(update_fields=["closed_on", "merged_into"])
        grid.taken_over.update(merged_into=into)
        _tell(grid, into, at)
    return moved


def next_code(community: str) -> str:
    """A number is never used again: petitions of a closed grid keep its code."""
    last = Place.objects.filter(parent=community).order_by("-code").values_list("code", flat=True).first()
    number = int(last[12:]) + 1 if last else 1
    if number > 999:
        raise NotNow("该社区的网格编号已经用完。")
    return f"{community}{number:03d}"


def _standing(*codes: str) -> list[Place]:
    """Locked, in the order asked for; refuses what was closed meanwhile."""
    held = {place.code: place for place in hold(*codes)}
    for code in codes:
        if held[code].closed_on is not None or held[code].kind != Place.Kind.GRID:
            raise NotNow(CLOSED.format(held[code].name))
    return [held[code] for code in codes]


def _note(grid: Place, left: list[str], first: Dwelling, *, by: User, at: datetime) -> None:
    """What a grid consists of has changed: a new version of it, and of those that gave something away."""
    what = f"{first.building}{first.unit}等 {len(left)} 套房屋"
    versions.record(grid, reason=f"划入{what}", by=by, at=at)
    for other in Place.objects.standing().of_kind(Place.Kind.GRID).filter(pk__in=left):
        versions.record(other, reason=f"{what}划入{grid.name}"[:200], by=by, at=at)


def _of(parts: Iterable[Part]) -> Q:
    return Q(*(part.where for part in parts), _connector=Q.OR) or Q(pk__in=[])


def _move(where: Q, to: Place, *, by: User, at: datetime) -> int:
    wanted = Dwelling.objects.select_for_update(no_key=True, of=("self",)).filter(where)
    doors = list(wanted.order_by("pk").values_list("pk", flat=True))
    if not doors:
        return 0
    said: dict[str, Any] = {"at": at, "by": by.pk, "to": to.code, "doors": doors}
    with connection.cursor() as cursor:
        cursor.execute(MOVED, said | {"action": HomeEvent.Action.MOVED_GRID.value})
    Hazard.objects.open().filter(household__dwelling__in=doors).update(place=to)
    return Dwelling.objects.filter(pk__in=doors).update(place=to)


def _along(parts: list[Part], grid: Place, new: Place) -> None:
    """Shops at the foot of a building that moved whole go with it; so does the name of a compound that is found no more
    in the old grid. A compound in both is known in both."""
    buildings = Building.objects.filter(pk__in={part.building for part in parts}).select_related("compound")
    for building in buildings:
        if not Dwelling.objects.filter(building=building, place=grid).exists():
            shops = list(
                Premises.objects.filter(place=grid, address__contains=str(building)).values_list("pk", flat=True)
            )
            Hazard.objects.open().filter(premises__in=shops).update(place=new)
            Premises.objects.filter(pk__in=shops).update(place=new)
    for compound in {building.compound for building in buildings}:
        named = Q(place=grid, name=compound.name)
        if Dwelling.objects.filter(building__compound=compound, place=grid).exists():
            Landmark.objects.bulk_create(
                (_copied(landmark, new) for landmark in Landmark.objects.filter(named)), ignore_conflicts=True
            )
        else:
            _carry_landmarks(named, new)


def _copied(landmark: Landmark, to: Place) -> Landmark:
    landmark.pk, landmark.place = None, to
    landmark._state.adding = True
    return landmark


def _carry_landmarks(where: Q, to: Place) -> None:
    """What the other grid knows already is not named there twice."""
    there = list(Landmark.objects.filter(where))
    Landmark.objects.filter(pk__in=[landmark.pk for landmark in there]).delete()
    Landmark.objects.bulk_create((_copied(landmark, to) for landmark in there), ignore_conflicts=True)


def _serve(grid: Place, new: Place, *, by: User, at: datetime) -> None:
    """Until somebody is appointed, the worker of the old grid serves the new one too: no home is without."""
    on = timezone.localdate(at)
    for one in Posting.objects.current(on).filter(place=grid, duty=Duty.GRID_WORKER).select_related("user"):
        served = Posting(user=one.user, duty=one.duty, unit_id=one.unit_id, place=new, since=on)
        staffing.begin(served, why=f"由{grid}分出，配备新人前代管", by=by, at=at)


def _relieve(grid: Place, into: Place, *, by: User, at: datetime) -> None:
    """Who served the closed grid leaves it today; who would have begun today or later does not begin. Whoever serves
    the other one hears that it has grown."""
    on = timezone.localdate(at)
    there = Posting.objects.kept().filter(Q(until=None) | Q(until__gt=on), place=grid).select_related("user")
    for posting in there.order_by("pk"):
        posting.place = grid
        staffing.end(posting, on=on, why=f"并入{into}", by=by, at=at)
    notices.tell(
        holders(Duty.GRID_WORKER, Duty.GRID_SECRETARY, place=into.code),
        key=f"merged:{grid.code}",
        title=f"{grid}已并入{into}，其住户和未办结的诉求由{into}负责",
        path=f"/places/{grid.code}/",
        at=at,
    )


def _tell(grid: Place, other: Place, at: datetime) -> None:
    ask_for_checks([grid.code, other.code, *outlines.around(grid.boundary, other.boundary)], at)
    transaction.on_commit(outlines.forget)
