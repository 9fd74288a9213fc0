"""The points of many buildings of a community, looked at before anything is saved: what they move, and what is wrong.

An error stands in the way of all of them; a warning may be accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from shapely.geometry import Point

from grids.checks import outlines
from grids.checks.points import Spot, grids_given, misplaced
from grids.frames import metres
from grids.importing.cells import Cell, words
from grids.importing.files import Unreadable
from grids.importing.matching import building_called, compound_called, names_of, unknown
from grids.models import Building, Compound, Place
from grids.models.compound import BOTH_OR_NEITHER, spelled
from grids.point_files import Line, lines
from grids.points import NO_DEGREES, Ground
from grids.said import normalise
from grids.workflow.pinpointing import rounded

MOST_ERRORS = 500  # then the file is another one, and no more of it is looked at


class House(NamedTuple):
    pk: int
    compound: int
    around: str
    name: str
    longitude: float | None
    latitude: float | None

    @property
    def said(self) -> str:
        return f"{self.around}{self.name}"

    @property
    def point(self) -> tuple[float, float] | None:
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    before: str  # empty where nothing was known
    after: str
    metres: float | None


@dataclass
class Proposal:
    points: dict[int, tuple[float, float]] = field(default_factory=dict)  # by building, of those that move
    moves: list[Move] = field(default_factory=list)
    unchanged: int = 0
    blank: int = 0  # lines without a point: what is known stays
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def can_be_saved(self) -> bool:
        return bool(self.points) and not self.errors


class Wrong(ValueError):
    """Says in a sentence what is wrong with one line."""


def read(text: str, area: Place) -> Proposal:
    """What these words say of the buildings of this community, in a fixed number of queries."""
    proposal = Proposal()
    try:
        said = list(lines(text))
    except Unreadable as problem:
        proposal.errors.append(str(problem))
        return proposal
    ground = Ground(area.code, grids_given(building__compound__community=area.code))
    taken = _take(said, Register(area), ground, proposal)
    _compare(taken, ground, area, proposal)
    if not (proposal.points or proposal.errors or proposal.unchanged):
        proposal.errors.append("没有一行填了经度和纬度。")
    return proposal


class Register:
    """The buildings of a community, by all that they may be called."""

    def __init__(self, area: Place) -> None:
        self.area = area
        columns = ("pk", "compound_id", "compound__name", "name", "longitude", "latitude")
        here = Building.objects.filter(compound__community=area.code)
        houses = [House(*row) for row in here.order_by("pk").values_list(*columns)]
        self.by_code = {str(house.pk): house for house in houses}
        names = Compound.objects.filter(community=area.code).order_by("pk").values_list("name", flat=True)
        self.compounds = {(area.code, normalise(name)): name for name in names}
        self.houses: dict[str, dict[str, House]] = {name: {} for name in self.compounds.values()}
        for house in houses:
            self.houses.setdefault(house.around, {}).update(dict.fromkeys(names_of(house.name), house))

    def meant_by(self, line: Line) -> House:
        """Raises Wrong."""
        if not line.code:
            return self._called(line)
        house = self.by_code.get(line.code)
        if house is None:
            raise Wrong(f"编号 {line.code[:20]} 不是{self.area.name}的楼栋。")
        if line.compound and line.building and self._called(line) != house:
            raise Wrong(f"编号 {line.code} 是{house.said}，与写的“{line.compound}{line.building}”不一致。")
        return house

    def _called(self, line: Line) -> House:
        if not line.compound or not line.building:
            raise Wrong("没有写明是哪栋楼：应有小区和楼栋，或楼栋编号。")
        compound = compound_called(line.compound, self.area.code, self.compounds)
        if compound is None:
            raise Wrong(unknown(f"{self.area.name}的小区", line.compound, self.houses))
        house = building_called(line.building, self.houses[compound])
        if house is None:
            raise Wrong(unknown(f"{compound}登记的楼栋", line.building, self.houses[compound]))
        return house


def _take(
    said: list[Line], register: Register, ground: Ground, proposal: Proposal
) -> Iterator[tuple[Line, House, tuple[float, float]]]:
    first: dict[int, str] = {}
    for line in said:
        if len(proposal.errors) >= MOST_ERRORS:
            proposal.errors.append(f"错误太多，{line.where}起没有再检查。")
            return
        if line.blank:
            proposal.blank += 1
            continue
        try:
            house = register.meant_by(line)
            if other := first.get(house.pk):
                raise Wrong(f"{house.said}在{other}已经出现过。")
            first[house.pk] = line.where
            yield line, house, _point(line, house, ground)
        except Wrong as problem:
            proposal.errors.append(f"{line.where}：{problem}")


def _point(line: Line, house: House, ground: Ground) -> tuple[float, float]:
    if line.problem:
        raise Wrong(line.problem)
    if not words(line.longitude) or not words(line.latitude):
        raise Wrong(f"{BOTH_OR_NEITHER}。")
    longitude, latitude = _degrees(line.longitude), _degrees(line.latitude)
    if problem := ground.problem(house.pk, longitude, latitude):
        raise Wrong(f"{house.said}：{problem}")
    return rounded(longitude, latitude)


def _degrees(cell: Cell) -> float:
    try:
        found = float(words(cell))
    except ValueError:
        raise Wrong(NO_DEGREES) from None
    if not isfinite(found):
        raise Wrong(NO_DEGREES)
    return found


def _compare(
    taken: Iterator[tuple[Line, House, tuple[float, float]]], ground: Ground, area: Place, proposal: Proposal
) -> None:
    """What moves, and of that what does not lie where it belongs."""
    spots: list[Spot] = []
    where: dict[int, str] = {}
    for line, house, point in taken:
        if point == house.point:
            proposal.unchanged += 1
            continue
        proposal.points[house.pk], where[house.pk] = point, line.where
        far = None if house.point is None else metres(Point(house.point)).distance(metres(Point(point)))
        proposal.moves.append(Move(house.said, spelled(house.longitude, house.latitude), spelled(*point), far))
        given = ground.given.get(house.pk, set())
        spots.append(Spot(house.pk, house.compound, area.code, house.said, point, given))
    if spots:
        found = misplaced(spots, outlines.plane())
        proposal.warnings += [f"{where[spot.building]}：{one.words}。" for spot, one in found]
