"""A door that is not on record yet: its compound, its building and itself."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from grids.models import Building, Compound, Dwelling, Place
from grids.permissions import may_keep


@dataclass(frozen=True, slots=True)
class Door:
    compound: str
    building: str
    unit: str
    room: str


def register_door(door: Door, *, place: Place, by: User) -> Dwelling:
    """The dwelling behind it; the one on record if there is one, in whatever grid it lies."""
    if not may_keep(by, place.code):
        raise PermissionDenied
    with transaction.atomic():
        compound, _ = Compound.objects.get_or_create(name=door.compound, community_id=place.code[:12])
        building, _ = Building.objects.get_or_create(
            compound=compound, name=door.building, defaults={"number": _number(door.building)}
        )
        fresh = Dwelling(building=building, unit=door.unit, room=door.room, place=place)
        fresh.name_address()
        known = Dwelling.objects.filter(building=building, unit=door.unit, room=door.room)
        # Two at once: the second waits for the first and finds its row.
        Dwelling.objects.bulk_create([fresh], ignore_conflicts=True)
        return known.select_related("place", "building__compound").get()


def _number(building: str) -> int:
    digits = "".join(c for c in building if c.isascii() and c.isdigit())
    return int(digits[:4] or 0)
