"""What is never quite right in a real register, and what the checks and the look-alike search are there to find."""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from grids import workflow
from grids.models import Duty, Dwelling, Household, Posting, Resident

TWIN_PERSON, TWIN_HOME = 8, 16  # of so many grids, one
UNASSIGNED = 5
STRAY = 3  # doors of one stairwell that were given to the neighbouring grid
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def leave(seed: int, grids: Sequence[str], now: datetime) -> None:
    rng = random.Random(seed)  # noqa: S311
    _unassigned(grids)
    _said_twice(grids)
    _split_building(grids)
    for n, grid in enumerate(grids):
        if n % TWIN_PERSON == 0:
            _twin(rng, grid, now, home=n % TWIN_HOME == 0)


def _unassigned(grids: Sequence[str]) -> None:
    """Nobody has said yet in which grid they lie."""
    empty = Dwelling.objects.filter(place__in=grids, occupancy=Dwelling.Occupancy.VACANT).order_by("pk")
    for dwelling in empty[:UNASSIGNED]:
        dwelling.place_id = dwelling.place_id[:12]
        dwelling.save(update_fields=["place"])


def _said_twice(grids: Sequence[str]) -> None:
    """One door twice: the second time with the digits of another keyboard."""
    door = Dwelling.objects.filter(place=grids[-1]).select_related("building__compound").order_by("-pk")[0]
    again = Dwelling(building=door.building, unit=door.unit.translate(FULL_WIDTH), room=door.room, place=door.place)
    again.occupancy, again.illustrative = Dwelling.Occupancy.VACANT, True
    again.name_address()
    again.save()


def _split_building(grids: Sequence[str]) -> None:
    """A building may be divided between grids by its stairwells; this one goes through the middle of one."""
    if len(grids) > 2:
        first = Dwelling.objects.filter(place=grids[1]).order_by("walk")[0]
        stairwell = Dwelling.objects.filter(
            building=first.building, unit=first.unit, occupancy=Dwelling.Occupancy.OWNER
        )
        strays = list(stairwell.order_by("-walk").values_list("pk", flat=True)[:STRAY])
        Dwelling.objects.filter(pk__in=strays).update(place=grids[2])


def _twin(rng: random.Random, grid: str, now: datetime, *, home: bool) -> None:
    """Somebody is entered once more, without the ID number; now and then a whole family, behind its own door."""
    by = User.objects.get(pk=Posting.objects.filter(duty=Duty.GRID_WORKER, place=grid).values("user")[:1])
    homes = Household.objects.living().filter(dwelling__place=grid, colour="green", since__lt=now - timedelta(days=400))
    one, other = homes.select_related("dwelling").order_by("pk")[20:22]
    _again(rng, one, one.residents.order_by("pk")[0], by, now - timedelta(days=9))
    if home:
        at = now - timedelta(days=6)
        second = Household(dwelling=other.dwelling, since=at.date(), phone=other.phone, illustrative=True)
        workflow.found(second, key=_key(rng), by=by, at=at)
        for resident in other.residents.order_by("pk"):
            _again(rng, second, resident, by, at + timedelta(minutes=1))
        second.contact = second.residents.order_by("pk")[0]
        second.save(update_fields=["contact"])


def _again(rng: random.Random, household: Household, who: Resident, by: User, at: datetime) -> None:
    twin = Resident(
        name=who.name, sex=who.sex, born_on=who.born_on, relation=who.relation, document=Resident.Document.NONE,
        since=at.date(), illustrative=True,
    )  # fmt: skip
    workflow.move_in(household, twin, key=_key(rng), by=by, at=at)


def _key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
