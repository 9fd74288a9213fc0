"""Everything about one grid as rows for the database, made up without a look into it: others are writing there."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.models import User
from grids import visit_clocks
from shouyang.demo import addresses, housing, neighbours
from shouyang.demo.callers import Caller
from shouyang.demo.cast import GRID
from shouyang.demo.census import Census
from shouyang.demo.chronicle import Chronicle
from shouyang.demo.copying import Table
from shouyang.demo.housing import Houses
from shouyang.demo.lettings import Lettings
from shouyang.demo.neighbours import Times
from shouyang.demo.patrols import Patrols
from shouyang.demo.people import Numbers
from shouyang.demo.shops import Shops


class Register:
    def __init__(
        self,
        seed: int,
        now: datetime,
        houses: Houses,
        callers: Mapping[str, Sequence[Caller]],
        at_work: Mapping[str, Sequence[User]],
        items: Mapping[str, int],
    ) -> None:
        self._seed, self._houses, self._callers, self._at_work = seed, houses, callers, at_work
        self._times = Times(now, now.date(), visit_clocks.rules())
        self._numbers = Numbers(seed, {caller.phone for here in callers.values() for caller in here})
        self._lettings = Lettings()
        self.census = Census()
        self._chronicle, self._patrols = Chronicle(self._times), Patrols(items, now)
        self._shops = Shops(self._numbers)

    @property
    def tables(self) -> list[Table]:
        parts = (self._lettings, self.census, self._chronicle, self._patrols, self._shops)
        return [table for part in parts for table in vars(part).values() if isinstance(table, Table)]

    def grid(self, code: str) -> list[tuple[Table, bytes]]:
        rng, today = random.Random(f"{self._seed} {code}"), self._times.today  # noqa: S311
        ground, at_work = addresses.grounds()[code], self._at_work[code]
        doors = list(housing.doors(ground, self._houses))
        homes = neighbours.of(rng, code, doors, self._callers.get(code, ()), self._numbers, self._times)
        made = list(self._lettings.of(rng, code, doors, homes, today))
        lived = [home for home in homes if home]
        made += self.census.of(rng, ground.name, lived, at_work)
        calls = self._chronicle.calls(rng, lived, at_work)
        made += self._chronicle.of(rng, lived, calls, at_work[0])
        made += self._patrols.of(rng, code, calls, on_stage=code == GRID)
        made += self._shops.of(rng, ground, today)
        return made
