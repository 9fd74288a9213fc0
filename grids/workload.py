"""What the rules of visiting ask of a day: of each grid, and of each person who has one or two (domain §3.6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from grids.models import Duty, Household, Place, Posting, VisitRule
from grids.visit_dates import visits_a_year

WORKDAYS = 250  # of a year

Counts = dict[str, dict[str, int]]  # grid → colour → households


@dataclass(frozen=True, slots=True)
class Load:
    """Visits a working day."""

    grids: int  # that have households at all
    households: int
    visits: float  # a year, in the whole of what was counted
    average: float
    most: float
    most_grid: str
    workers: int
    over: int  # workers above the cap


def counts(within: Iterable[str] = ("",)) -> Counts:
    """Households of each colour in each grid, in one question."""
    found: Counts = defaultdict(dict)
    rows = (
        Household.objects.living()
        .order_by()
        .filter(dwelling__place__kind=Place.Kind.GRID)
        .values_list("dwelling__place_id", "colour")
        .annotate(count=Count("pk"))
    )
    wanted = tuple(within)
    for grid, colour, count in rows:
        if grid.startswith(wanted):
            found[grid][colour] = count
    return found


def workers_of(on: date, within: Iterable[str] = ("",)) -> dict[int, list[str]]:
    """Who has which grids."""
    found: dict[int, list[str]] = defaultdict(list)
    posts = Posting.objects.current(on).filter(duty=Duty.GRID_WORKER).values_list("user_id", "place_id")
    wanted = tuple(within)
    for person, grid in posts:
        if grid.startswith(wanted):
            found[person].append(grid)
    return found


def load(
    rules: Mapping[str, VisitRule],
    counted: Counts,
    workers: Mapping[int, list[str]],
    names: Mapping[str, str],
    cap: int,
) -> Load:
    asked = {colour: visits_a_year(rule.every, rule.unit) for colour, rule in rules.items()}
    a_year = {grid: sum(asked[colour] * n for colour, n in found.items()) for grid, found in counted.items()}
    most_grid = max(a_year, key=lambda grid: (a_year[grid], grid), default="")
    theirs = [sum(a_year.get(grid, 0) for grid in grids) / WORKDAYS for grids in workers.values()]
    total = sum(a_year.values())
    return Load(
        grids=len(a_year),
        households=sum(sum(found.values()) for found in counted.values()),
        visits=total,
        average=total / WORKDAYS / len(a_year) if a_year else 0.0,
        most=a_year.get(most_grid, 0) / WORKDAYS,
        most_grid=names.get(most_grid, most_grid),
        workers=len(theirs),
        over=sum(one > cap for one in theirs),
    )
