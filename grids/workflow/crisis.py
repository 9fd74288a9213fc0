"""Something grave has happened to a household: somebody stands at its door within a day (domain §3.6)."""

from datetime import datetime
from uuid import UUID

from accounts import notices
from accounts.models import Notice, User
from accounts.notnow import NotNow
from grids import visit_clocks
from grids.models import Duty, HomeEvent, Household, VisitClock
from grids.scope import holders
from grids.workflow.holding import hold

AT_THE_DOOR = "这一户登记了重大变故，须上门走访。"
KNOWN = "这一户已登记重大变故，等上门走访；走访以后自动解除。"


def report_crisis(household: Household, *, note: str, key: UUID, by: User, at: datetime) -> None:
    """Its visit comes due at once; only a visit at the door ends it."""
    with hold(household, key=key, by=by, at=at) as home:
        if home is None:
            return
        if since(household, at):
            raise NotNow(KNOWN)
        clock = visit_clocks.hasten(home.household, at)
        home.record(HomeEvent.Action.CRISIS, note=note, due_on=str(clock.due_on))
        _tell(home.household, clock, by, at)


def since(household: Household, at: datetime) -> bool:
    """Is there a crisis, known by then, that nobody has looked into yet?"""
    return VisitClock.objects.running().filter(household=household, crisis_at__lte=at).exists()


def _tell(household: Household, clock: VisitClock, by: User, at: datetime) -> None:
    """The workers of the grid; who said it knows it."""
    place = household.dwelling.place
    notices.post(
        Notice(
            person=person,
            key=f"crisis:{household.pk}:{clock.pk}:{at.timestamp():.0f}",
            title=f"{place.name}有一户遇重大变故，须于 {clock.due_on} 前到户",
            path=f"/homes/{household.pk}/",
            weight=Notice.Weight.WARNING,
            created_at=at,
        )
        for person in holders(Duty.GRID_WORKER, place=place.pk)
        if person != by
    )
