"""The compounds and buildings of the demo city, and every door in them."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Unit
from grids.models import Building, Compound, Dwelling, Place
from shouyang.demo import addresses, plots
from shouyang.demo.addresses import Ground
from shouyang.demo.blocks import Block
from shouyang.demo.plots import Point

Houses = dict[str, list[tuple[Block, Building]]]  # by the name of the compound


@dataclass(frozen=True, slots=True)
class Door:
    compound: str
    building: Building
    unit: int
    room: str
    area: int


def build(grids: Sequence[str]) -> Houses:
    grounds = [addresses.grounds()[code] for code in grids]
    companies = {unit.name: unit for unit in Unit.objects.filter(kind=Unit.Kind.PROPERTY_COMPANY)}
    compounds = Compound.objects.bulk_create(
        _compound(ground, one, companies) for ground in grounds for one in ground.compounds
    )
    stand = iter(compounds)
    houses: Houses = {}
    outlines = dict(Place.objects.filter(pk__in=grids).values_list("code", "boundary"))
    for ground in grounds:
        wanted = sum(len(one.blocks) for one in ground.compounds)
        points = iter(plots.of(outlines[ground.code], wanted))
        for one in ground.compounds:
            houses[one.name] = _buildings(next(stand), one.blocks, points)
    Building.objects.bulk_create(building for made in houses.values() for _, building in made)
    return houses


def doors(ground: Ground, houses: Houses) -> Iterator[Door]:
    """In the order in which somebody walks."""
    for compound in ground.compounds:
        rng = random.Random(compound.name)  # noqa: S311
        for block, building in houses[compound.name]:
            areas = [rng.randint(62, 138) for _ in range(block.doors)]
            for unit in range(1, block.units + 1):
                for floor in range(1, block.floors + 1):
                    for door, area in enumerate(areas, 1):
                        yield Door(compound.name, building, unit, f"{floor}0{door}", area)


def dwelling(door: Door) -> Dwelling:
    made = Dwelling(building=door.building, unit=f"{door.unit}单元", room=door.room)
    made.name_address()
    return made


def _compound(ground: Ground, one: addresses.Compound, companies: dict[str, Unit]) -> Compound:
    rng = random.Random(one.name)  # noqa: S311
    homes = sum(block.dwellings for block in one.blocks)
    committee = rng.random() < 0.6
    old = not any(block.tower for block in one.blocks)
    return Compound(
        name=one.name,
        community_id=ground.code[:12],
        property_company=companies.get(one.property_company),
        owners_committee=f"{one.name}业主委员会" if committee else "",
        committee_until=date(rng.randint(2026, 2029), rng.randint(1, 12), 1) if committee else None,
        parking_spaces=int(homes * rng.uniform(0.4, 1.1)),
        charging_points=rng.randint(0, 24),
        renewal=rng.choice(("done", "done", "planned", "under_way", "not_needed")) if old else "not_needed",
        repair_fund=rng.random() < 0.7,
        illustrative=True,
    )


def _buildings(
    compound: Compound, blocks: Iterable[Block], points: Iterator[Point | None]
) -> list[tuple[Block, Building]]:
    rng = random.Random(compound.name)  # noqa: S311
    year = rng.randint(1988, 2009)
    return [
        (
            block,
            Building(
                compound=compound,
                name=f"{block.number}号楼",
                number=block.number,
                built_year=year + (12 if block.tower else 0),
                structure="shear" if block.tower else rng.choice(("brick", "brick", "frame")),
                heating="district",
                gas="piped" if block.tower or rng.random() < 0.8 else "bottled",
                elevator=block.tower,
                accessible=block.tower or rng.random() < 0.3,
                longitude=point and point[0],
                latitude=point and point[1],
            ),
        )
        for block, point in zip(blocks, points, strict=False)
    ]
