"""The people of one grid as its page shows them: who holds what, who is away, what is missing, what changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from grids import coverage
from grids.models import OF_A_GRID, Duty, Leave, Place, Posting, PostingEvent
from grids.models.posting import whose_staffing
from grids.permissions import may_appoint, may_arrange_leave
from grids.shortages import SHORTAGES, Shortage

EVENTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A duty of the grid, and whoever holds it."""

    duty: Duty
    postings: list[Posting]
    appoints: bool  # may the viewer put somebody there?

    @property
    def vacant(self) -> bool:
        return not self.postings and self.duty in (Duty.GRID_SECRETARY, Duty.GRID_WORKER)


def grids_of(user: User) -> QuerySet[Place]:
    """The grids whose staffing is her business."""
    grids = Place.objects.of_kind(Place.Kind.GRID).filter(whose_staffing(user, "code"))
    grids = grids.select_related("parent", "unit", "merged_into")
    return grids.defer("boundary", "parent__boundary", "merged_into__boundary")


def context(user: User, grid: Place, on: date) -> dict[str, Any]:
    held = Posting.objects.visible_to(user).filter(place=grid).current(on) | coming(user, grid, on)
    postings = list(held.select_related("user", "unit").order_by("since", "id"))
    workers = [posting.user_id for posting in postings if posting.duty == Duty.GRID_WORKER]
    leaves = Leave.objects.visible_to(user).to_come(on).filter(user__in=workers).select_related("user", "deputy")
    changes = PostingEvent.objects.filter(posting__place=grid).select_related("posting__user", "by")
    return {
        "grid": grid,
        "groups": groups(user, grid, postings),
        "leaves": list(leaves),
        "arranges": may_arrange_leave(user, grid.code),
        "missing": missing(grid, on) if grid.closed_on is None else [],
        "changes": list(changes[:EVENTS_SHOWN]),
        "on": on,
    }


def coming(user: User, grid: Place, on: date) -> QuerySet[Posting]:
    """Appointed, and not there yet."""
    return Posting.objects.visible_to(user).kept().filter(place=grid, since__gt=on, user__is_active=True)


def groups(user: User, grid: Place, postings: list[Posting]) -> list[Group]:
    stands = grid.closed_on is None
    return [
        Group(duty, [one for one in postings if one.duty == duty], stands and may_appoint(user, duty, grid.code))
        for duty in OF_A_GRID
        if stands or any(one.duty == duty for one in postings)
    ]


def missing(grid: Place, on: date) -> list[Shortage]:
    counted = coverage.counts(grid, on)
    return [shortage for name, shortage in SHORTAGES.items() if counted[name]]
