"""What lies where before grids are changed, and what the change would make of it: buildings by unit, homes, visits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from grids.checks.staff import SIZES
from grids.models import Building, Compound, Dwelling, Household, Place, VisitRule
from grids.visit_dates import visits_a_year
from grids.workflow import Part
from grids.workload import WORKDAYS


@dataclass(frozen=True, slots=True)
class Share:
    """So many doors of a unit lie in this grid, or in none."""

    place: str
    name: str
    doors: int
    loose: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a building, and in which grids its doors lie."""

    part: Part
    name: str
    shares: list[Share]

    @property
    def value(self) -> str:
        return value_of(self.part)

    @property
    def doors(self) -> int:
        return sum(share.doors for share in self.shares)

    @property
    def split(self) -> bool:
        return len(self.shares) > 1


@dataclass(slots=True)
class House:
    building: Building
    units: list[Unit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Load:
    """What a grid has to look after."""

    households: int
    visits: int  # a year, as the rules ask

    @property
    def a_day(self) -> str:
        return f"{self.visits / WORKDAYS:.1f}"

    @property
    def within_measure(self) -> bool:
        least, most = SIZES[Place.Kind.GRID]
        return least <= self.households <= most


def houses(where: Q, *, empty_of: Compound | None = None) -> list[House]:
    """The buildings of these dwellings by unit; those of the compound that have none as well."""
    rows = (
        Dwelling.objects.filter(where)
        .order_by()
        .values_list("building", "unit", "place", "place__name", "place__kind", "place__closed_on")
        .annotate(doors=Count("pk"))
    )
    units: dict[tuple[int, str], list[Share]] = {}
    for building, unit, code, name, kind, closed_on, doors in rows.order_by("building", "unit", "place"):
        loose = kind != Place.Kind.GRID or closed_on is not None
        units.setdefault((building, unit), []).append(Share(code, name, doors, loose))
    wanted = Q(pk__in={building for building, _ in units})
    if empty_of:
        wanted |= Q(compound=empty_of)
    buildings = Building.objects.filter(wanted).select_related("compound")
    by_building = {building.pk: House(building) for building in buildings}
    for (building, unit), shares in units.items():
        by_building[building].units.append(Unit(Part(building, unit), unit or "整栋", shares))
    return list(by_building.values())


def value_of(part: Part) -> str:
    return f"{part.building}:{part.unit}"


def part_of(value: str) -> Part:
    building, _, unit = value.partition(":")
    return Part(int(building), unit)


def load(where: Q) -> Load:
    """`where` is about households."""
    times = {rule.colour: visits_a_year(rule.every, rule.unit) for rule in VisitRule.objects.all()}
    rows = Household.objects.living().filter(where).order_by().values_list("colour").annotate(homes=Count("pk"))
    homes: Counter[str] = Counter(dict(rows))
    return Load(homes.total(), round(sum(count * times.get(colour, 0) for colour, count in homes.items())))


def less(one: Load, other: Load) -> Load:
    return Load(one.households - other.households, one.visits - other.visits)


def more(one: Load, other: Load) -> Load:
    return Load(one.households + other.households, one.visits + other.visits)


def homes_in(parts: Iterable[Part]) -> Q:
    behind = (Q(dwelling__building=part.building, dwelling__unit=part.unit) for part in parts)
    return Q(*behind, _connector=Q.OR) or Q(pk__in=[])
