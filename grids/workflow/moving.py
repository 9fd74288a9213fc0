"""Moving in and out, birth and death: who lives where, each with its event; nobody lives in two homes."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.notnow import NotNow
from grids import visit_clocks
from grids.models import Care, Dwelling, HomeEvent, Household, Resident, ask_for_checks
from grids.permissions import may_keep
from grids.workflow.editing import index
from grids.workflow.holding import Home, hold, hold_two, once, refuse_taken
from grids.workflow.needs import withdraw_needs

HAS_LEFT = "此人已不在这一户，请刷新后再看。"
LEFT_BY: dict[str, str] = {
    Resident.Leaving.MOVED: HomeEvent.Action.MOVED_OUT,
    Resident.Leaving.DIED: HomeEvent.Action.DIED,
    Resident.Leaving.MERGED: HomeEvent.Action.MERGED,
}


def found(household: Household, *, key: UUID, by: User, at: datetime) -> Household | None:
    """A new household behind a door; its first visit is promised soon. None when this press was done before."""
    if not may_keep(by, household.dwelling.place_id):
        raise PermissionDenied
    with transaction.atomic():
        Dwelling.objects.select_for_update(no_key=True).get(pk=household.dwelling_id)
        if not once(key, by=by, at=at, household=None):
            return None
        index(household)
        household.save()
        visit_clocks.start(household, timezone.localdate(at), newcomer=True)
        Home(household, by, at).record(HomeEvent.Action.FOUND)
        ask_for_checks([household.dwelling.place_id], at)
    return household


def move_in(household: Household, resident: Resident, *, key: UUID, by: User, at: datetime, note: str = "") -> None:
    with hold(household, key=key, by=by, at=at) as home:
        if home is not None:
            join(home, resident, HomeEvent.Action.MOVED_IN, note, on=resident.since.isoformat())


def register_birth(household: Household, child: Resident, *, key: UUID, by: User, at: datetime) -> None:
    with hold(household, key=key, by=by, at=at) as home:
        if home is not None:
            join(home, child, HomeEvent.Action.BORN)


def move_over(resident: Resident, to: Household, *, key: UUID, by: User, at: datetime, note: str = "") -> None:
    """From the home where she is on record into another one; both keep the history."""
    with hold_two(to, resident.household, key=key, by=by, at=at) as homes:
        if homes is None:
            return
        home, old = homes
        if old.household == home.household:
            raise NotNow("此人已登记在这一户。")
        leave(old, resident, Resident.Leaving.MOVED, note, household=to.number)
        care = Care.objects.filter(resident=resident.pk, ended_at=None)
        resident.pk, resident.household, resident.left_at, resident.leaving = None, home.household, None, ""
        resident.since, resident.version, resident._state.adding = timezone.localdate(at), 1, True
        join(home, resident, HomeEvent.Action.MOVED_IN, note, household=old.household.number)
        care.update(resident=resident)


def move_out(resident: Resident, *, key: UUID, by: User, at: datetime, note: str = "") -> None:
    with hold(resident.household, key=key, by=by, at=at) as home:
        if home is not None:
            _leave_for_good(home, resident, Resident.Leaving.MOVED, note)


def register_death(resident: Resident, *, on: date, key: UUID, by: User, at: datetime, note: str = "") -> None:
    with hold(resident.household, key=key, by=by, at=at) as home:
        if home is not None:
            _leave_for_good(home, resident, Resident.Leaving.DIED, note, on=on.isoformat())


def join(home: Home, resident: Resident, action: str, note: str = "", **detail: object) -> None:
    """Inside of a submission that holds the home."""
    refuse_taken(home, resident)
    resident.household = home.household
    index(resident)
    resident.save()
    home.record(action, resident=resident, note=note, **detail)


def leave(home: Home, resident: Resident, leaving: str, note: str = "", **detail: object) -> None:
    """Inside of a submission that holds the home; when the last one has left, the household ends.

    Her care goes on where she goes.
    """
    here = Resident.objects.filter(pk=resident.pk, household=home.household, left_at=None)
    if not here.update(left_at=home.at, leaving=leaving):
        raise NotNow(HAS_LEFT)
    resident.left_at, resident.leaving = home.at, leaving
    home.record(LEFT_BY[leaving], resident=resident, note=note, **detail)
    household = home.household
    if household.contact_id == resident.pk:
        household.contact = None
        household.save(update_fields=["contact"])
    if not household.members().exists():
        gone = Household.Ending.EMPTY if leaving == Resident.Leaving.DIED else Household.Ending.MOVED
        end(home, gone)


def end(home: Home, ending: str, into: Household | None = None) -> None:
    household = home.household
    withdraw_needs(home, f"这一户已注销：{Household.Ending(ending).label}")
    household.ended_at, household.ending, household.merged_into = home.at, ending, into
    household.save(update_fields=["ended_at", "ending", "merged_into"])
    visit_clocks.stop([household], home.at)
    home.record(HomeEvent.Action.ENDED, ending=ending, household=into.number if into else "")


def _leave_for_good(home: Home, resident: Resident, leaving: str, note: str, **detail: object) -> None:
    leave(home, resident, leaving, note, **detail)
    Care.objects.filter(resident=resident, ended_at=None).update(ended_at=home.at)
