"""The rows of the doors of a grid: who owns what is behind them, what is let, what stands empty."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from accounts.sealing import seal_many
from grids.models import Dwelling, Tenancy
from shouyang.demo import housing, people
from shouyang.demo.copying import Table, sealed, yes
from shouyang.demo.housing import Door
from shouyang.demo.neighbours import Home

TENURES = ("owned",) * 16 + ("unit", "resettled", "resettled", "public")


class Lettings:
    def __init__(self) -> None:
        self.dwellings = Table(
            Dwelling, "id", "building_id", "unit", "room", "place_id", "address", "said", "walk", "area_m2", "tenure",
            "occupancy", illustrative="t",
        )  # fmt: skip
        self.tenancies = Table(
            Tenancy, "id", "dwelling_id", "landlord", "tenants", "until", "registered", "safety_notice", "patrolled_on"
        )

    def of(
        self, rng: random.Random, grid: str, doors: Sequence[Door], homes: Sequence[Home | None], today: date
    ) -> Iterator[tuple[Table, bytes]]:
        yield (
            self.dwellings,
            self.dwellings.lines(self._dwelling(rng, grid, *both) for both in zip(doors, homes, strict=True)),
        )
        let = [home for home in homes if home and home.family.renting]
        landlords = seal_many(people.full_name(rng, "male", 1970) for _ in let)
        rows = (self._tenancy(rng, home, by, today) for home, by in zip(let, landlords, strict=True))
        yield self.tenancies, self.tenancies.lines(rows)

    def _dwelling(self, rng: random.Random, grid: str, door: Door, home: Home | None) -> tuple[str, ...]:
        one, pk = housing.dwelling(door), self.dwellings.number()
        occupancy = "vacant"
        if home:
            home.dwelling, home.address = pk, one.address
            occupancy = {"shared": "shared", "tenants": "let"}.get(home.family.kind, "owner")
        return (
            str(pk), str(door.building.pk), one.unit, one.room, grid, one.address, one.said, one.walk, str(door.area),
            rng.choice(TENURES), occupancy,
        )  # fmt: skip

    def _tenancy(self, rng: random.Random, home: Home, landlord: bytes, today: date) -> tuple[str, ...]:
        until, patrolled = today + timedelta(days=rng.randrange(5, 400)), today - timedelta(days=rng.randrange(2, 120))
        return (
            str(self.tenancies.number()), str(home.dwelling), sealed(landlord), str(len(home.family.people)),
            str(until), yes(rng.random() < 0.85), yes(rng.random() < 0.8), str(patrolled),
        )  # fmt: skip
