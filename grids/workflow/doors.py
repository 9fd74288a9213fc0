"""A door that is not on record yet: its compound, its building and itself."""

from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from grids.models import Building, Compound, Dwelling, Place
from grids.permissions import may_keep
from grids.said import normalise

Named = TypeVar("Named", Compound, Building)


@dataclass(frozen=True, slots=True)
class Door:
    compound: str
    building: str
    unit: str
    room: str

    @property
    def said(self) -> str:
        """As the address of the dwelling says it."""
        return normalise(f"{self.compound}{self.building}{self.unit}{self.room}")


def register_door(door: Door, *, place: Place, by: User) -> Dwelling:
    """The dwelling behind it; the one on record if there is one, however it was typed and in whatever grid it lies."""
    if not may_keep(by, place.code):
        raise PermissionDenied
    community = place.code[:12]
    there = Dwelling.objects.filter(said=door.said, building__compound__community=community)
    if found := there.select_related("place", "building__compound").order_by("id").first():
        return found
    with transaction.atomic():
        compound = compound_called(door.compound, community)
        if compound is None:
            compound, _ = Compound.objects.get_or_create(name=door.compound, community_id=community)
        building = building_called(door.building, compound)
        if building is None:
            building, _ = Building.objects.get_or_create(
                compound=compound, name=door.building, defaults={"number": _number(door.building)}
            )
        fresh = Dwelling(building=building, unit=door.unit, room=door.room, place=place)
        fresh.name_address()
        known = Dwelling.objects.filter(building=building, unit=door.unit, room=door.room)
        # Two at once: the second waits for the first and finds its row.
        Dwelling.objects.bulk_create([fresh], ignore_conflicts=True)
        return known.select_related("place", "building__compound").get()


def compound_called(name: str, community: str) -> Compound | None:
    return _called(name, Compound.objects.filter(community=community))


def building_called(name: str, compound: Compound) -> Building | None:
    return _called(name, Building.objects.filter(compound=compound).select_related("compound"))


def _called(name: str, rows: QuerySet[Named]) -> Named | None:
    """However its name is typed."""
    said = normalise(name)
    return next((row for row in rows if normalise(row.name) == said), None)


def _number(building: str) -> int:
    digits = "".join(c for c in building if c.isascii() and c.isdigit())
    return int(digits[:4] or 0)
