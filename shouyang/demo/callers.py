"""Those of the demo city's residents who have called: they live where they said, with the number they called from."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from petitions.models import Nature, Petition, Tag
from shouyang.demo import addresses

DOOR = re.compile(r"(\d+)(?:号楼|-)(\d+)(?:单元|-)(\d+)")
COMPLAINTS = (Nature.COMPLAINT, Nature.REPORT)
WITHIN = timedelta(days=90)


@dataclass(slots=True)
class Caller:
    name: str
    phone: str
    elderly: bool
    complained: bool
    door: tuple[str, int, int, str] | None  # compound, building, unit, room


class Call(NamedTuple):
    """What a petition says of who called."""

    name: str
    phone: str
    address: str
    place_id: str
    nature: str
    at: datetime
    tags: Sequence[str]


def recorded() -> Iterator[Call]:
    """The calls of the petitions that are there."""
    calls = Petition.objects.exclude(caller_fingerprint=None).order_by("registered_at", "pk")
    fields = ("caller_name", "caller_phone", "address", "place_id", "nature", "registered_at", "tags")
    return (Call(*values) for values in calls.values_list(*fields))


def by_grid(calls: Iterable[Call], now: datetime) -> dict[str, list[Caller]]:
    """Each number once, in the grid of the first call (they come in their order) that names a door, or of the first."""
    known: dict[str, tuple[str, Caller]] = {}
    for call in calls:
        door = _door(call.address, call.place_id)
        complained = call.nature in COMPLAINTS and call.at > now - WITHIN
        if call.phone not in known or (door and not known[call.phone][1].door):
            before = call.phone in known and known[call.phone][1].complained
            caller = Caller(call.name, call.phone, Tag.ELDERLY in call.tags, complained or before, door)
            known[call.phone] = call.place_id, caller
        else:
            known[call.phone][1].complained |= complained
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
