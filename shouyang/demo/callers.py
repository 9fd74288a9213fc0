"""Those of the demo city's residents who have called: they live where they said, with the number they called from."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from petitions.models import Nature, Petition, Tag
from shouyang.demo import addresses

DOOR = re.compile(r"(\d+)(?:号楼|-)(\d+)(?:单元|-)(\d+)")
COMPLAINTS = (Nature.COMPLAINT, Nature.REPORT)
WITHIN = timedelta(days=90)
FIELDS = ("caller_name", "caller_phone", "address", "place_id", "nature", "registered_at", "tags")


@dataclass(slots=True)
class Caller:
    name: str
    phone: str
    elderly: bool
    complained: bool
    door: tuple[str, int, int, str] | None  # compound, building, unit, room


def by_grid(now: datetime) -> dict[str, list[Caller]]:
    """Each number once, in the grid of the first petition that names a door, or else of the first."""
    known: dict[str, tuple[str, Caller]] = {}
    calls = Petition.objects.exclude(caller_fingerprint=None).order_by("registered_at", "pk")
    for name, phone, address, place, nature, at, tags in calls.values_list(*FIELDS):
        door = _door(address, place)
        complained = nature in COMPLAINTS and at > now - WITHIN
        if phone not in known or (door and not known[phone][1].door):
            before = phone in known and known[phone][1].complained
            known[phone] = place, Caller(name, phone, Tag.ELDERLY in tags, complained or before, door)
        else:
            known[phone][1].complained |= complained
    found: dict[str, list[Caller]] = defaultdict(list)
    for place, caller in known.values():
        found[place].append(caller)
    return found


def _door(address: str, grid: str) -> tuple[str, int, int, str] | None:
    ground, said = addresses.grounds().get(grid), DOOR.search(address)
    if ground is None or said is None:
        return None
    compound = next((one.name for one in ground.compounds if one.name in address), None)
    return (compound, int(said[1]), int(said[2]), said[3]) if compound else None
