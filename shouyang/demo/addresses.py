"""Addresses of the demo city, in the ways people say them; every one lies in the grid it was picked for."""

import random
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from shouyang.demo import blocks
from shouyang.demo.blocks import Block
from shouyang.demo.tables import rows

GATES = ("东门", "西门", "南门", "北门")


class Shape(StrEnum):
    HOME = "home"  # a flat
    YARD = "yard"  # somewhere in a compound
    ROAD = "road"  # at a house number
    CORNER = "corner"  # at a crossing
    ANY = "any"


@dataclass(frozen=True)
class Compound:
    name: str
    road: str
    number: int
    property_company: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Stretch:
    road: str
    first: int
    last: int


@dataclass(frozen=True)
class Ground:
    """What stands in one grid."""

    code: str
    name: str
    community: str
    street: str
    compounds: tuple[Compound, ...]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Address:
    text: str
    shape: Shape
    ground: Ground
    compound: Compound
    building: str
    unit: str
    room: str
    road: str
    number: str
    corner: str

    @property
    def home(self) -> str:
        return f"{self.compound.name}{self.building}{self.unit}{self.room}"

    @property
    def spot(self) -> str:
        """The same place, named shortly enough to go on: “…附近”."""
        return {Shape.ROAD: f"{self.road}{self.number}", Shape.CORNER: self.corner}.get(self.shape, self.compound.name)


def pick(rng: random.Random, grid: str, shape: Shape = Shape.ANY) -> Address:
    """Some address in the grid with this 15-digit code."""
    ground = grounds()[grid]
    shape = rng.choice((Shape.HOME, Shape.YARD, Shape.ROAD, Shape.CORNER)) if shape == Shape.ANY else shape
    compound = rng.choice(ground.compounds)
    stretch = rng.choice(ground.stretches)
    block = rng.choice(compound.blocks)
    building, unit, room = (
        f"{block.number}号楼",
        f"{rng.randint(1, block.units)}单元",
        f"{rng.randint(1, block.floors)}0{rng.randint(1, block.doors)}",
    )
    number = f"{rng.randint(stretch.first, stretch.last)}号"
    corner = _corner(rng, ground, compound)
    street = ground.street if rng.random() < 0.6 else ""
    yard = compound.name
    texts = {
        Shape.HOME: (
            f"{street}{yard}{building}{unit}{room}",
            f"{street}{yard}{building}{unit}{room}室",
            f"{compound.road}{compound.number}号{yard}{building}{unit}{room}",
            f"{ground.community}{yard}{building}{unit}{room}",
            f"{yard}{building.removesuffix('号楼')}-{unit.removesuffix('单元')}-{room}",
        ),
        Shape.YARD: (
            f"{street}{yard}{building}楼下",
            f"{street}{yard}{rng.choice(GATES)}",
            f"{yard}{building}附近",
            f"{compound.road}{compound.number}号{yard}",
            f"{ground.community}{yard}{building}东侧",
            f"{ground.name}{yard}院内",
        ),
        Shape.ROAD: (
            f"{street}{stretch.road}{number}",
            f"{stretch.road}{number}门前",
            f"{street}{stretch.road}{number}对面",
            f"{ground.community}{stretch.road}{number}附近",
        ),
        Shape.CORNER: (corner, corner + rng.choice(("往东50米", "往西100米", "西北角", "南侧人行道"))),
    }  # fmt: skip
    text = rng.choice(texts[shape])
    return Address(text, shape, ground, compound, building, unit, room, stretch.road, number, corner)


def _corner(rng: random.Random, ground: Ground, compound: Compound) -> str:
    """A crossing of two roads that both pass the grid, or else the gate of a compound."""
    roads = sorted({stretch.road for stretch in ground.stretches})
    if len(roads) == 2:
        return f"{roads[0]}与{roads[1]}路口"
    return f"{compound.name}{rng.choice(GATES)}路口"


@cache
def grounds() -> dict[str, Ground]:
    """Every grid by its code."""
    street_of = {row["code"]: row["street"] for row in rows("communities.csv")}
    compounds: dict[str, list[Compound]] = {}
    stretches: dict[str, list[Stretch]] = {}
    for row in rows("demo/compounds.csv"):
        if row["compound"]:
            compound = Compound(row["compound"], row["road"], int(row["number"]), row["property_company"])
            compounds.setdefault(row["grid_code"], []).append(compound)
        else:
            first, last = map(int, row["number"].split("-"))
            stretches.setdefault(row["grid_code"], []).append(Stretch(row["road"], first, last))
    return {
        row["code"]: Ground(
            row["code"],
            row["name"],
            row["community"],
            street_of[row["community_code"]],
            _with_blocks(row["code"], compounds[row["code"]]),
            tuple(stretches[row["code"]]),
        )
        for row in rows("grids.csv")
    }


def _with_blocks(grid: str, compounds: list[Compound]) -> tuple[Compound, ...]:
    built = blocks.built(grid, len(compounds))
    return tuple(replace(compound, blocks=its) for compound, its in zip(compounds, built, strict=True))
