"""The matrix grid × line: who answers in each, with how many grids besides; a gap stands as a gap."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import User
from grids.models import LINES, OF_A_GRID, Duty, Place, Posting, StaffingRule
from grids.scope import places_of
from grids.shortages import SHORTAGES, gap_in

ANY = "1"
OF_ONE = (Duty.GRID_SECRETARY, Duty.GRID_WORKER)


@dataclass(frozen=True, slots=True)
class Answering:
    name: str
    grids: int  # of the same duty, all over the city
    too_many: bool = False

    def __str__(self) -> str:
        return f"{self.name}（{self.grids} 格）" if self.grids > 1 else self.name


@dataclass(frozen=True, slots=True)
class Row:
    grid: Place
    cells: tuple[tuple[str, list[Answering]], ...]  # secretary, worker, then the lines in their order
    assistants: int


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    people: int
    gaps: int


def start(user: User) -> str:
    """Where somebody begins to read: at her own community or street, and the whole city's desks at the first street."""
    code = next(iter(places_of(user)), "")
    if len(code) > 12:
        return code[:12]
    if len(code) > 6:
        return code
    return Place.objects.of_kind(Place.Kind.STREET).values_list("code", flat=True).order_by("code").first() or ""


def grids_in(code: str, on: date, gaps: str = "") -> QuerySet[Place]:
    """Those inside this place; of them only the ones with a gap in a line, or in any."""
    grids = Place.objects.within(code).of_kind(Place.Kind.GRID).select_related("parent").order_by("code")
    if gaps:
        grids = grids.filter(gap_in(gaps, on) if gaps in LINES else SHORTAGES["line_gap"].where(on))
    return grids.defer("boundary", "parent__boundary")


def rows(grids: Iterable[Place], on: date) -> list[Row]:
    grids = list(grids)
    serving = Posting.objects.current(on).filter(duty__in=OF_A_GRID)
    here = list(serving.filter(place__in=grids).select_related("user", "unit").order_by("id"))
    counted = serving.filter(user__in={one.user_id for one in here}).order_by().values_list("user", "duty")
    many = {(user, duty): n for user, duty, n in counted.annotate(n=Count("place", distinct=True))}
    most = dict(StaffingRule.objects.values_list("key", "value"))
    limit = {Duty.LINE_ASSISTANT: most["line_grids"], Duty.GRID_WORKER: most["worker_grids"]}
    cells: dict[tuple[str, str], list[Answering]] = defaultdict(list)
    assistants: dict[str, int] = defaultdict(int)
    for one in here:
        if one.duty == Duty.ASSISTANT:
            assistants[one.place_id] += 1
            continue
        grids_of_hers = many[one.user_id, one.duty]
        too_many = grids_of_hers > limit.get(Duty(one.duty), grids_of_hers)
        column = one.unit.line if one.duty == Duty.LINE_ASSISTANT else one.duty
        cells[one.place_id, column].append(Answering(one.user.name, grids_of_hers, too_many))
    return [
        Row(grid, tuple((name, cells[grid.code, key]) for key, name in COLUMNS), assistants[grid.code])
        for grid in grids
    ]


COLUMNS = (*((duty.value, str(duty.label)) for duty in OF_ONE), *((line, line) for line in LINES))


def lines(code: str, on: date, grids: int) -> list[Line]:
    """Of each line, how many people it has here, and in how many of these grids it has none."""
    serving = Posting.objects.current(on).filter(duty=Duty.LINE_ASSISTANT, place__code__startswith=code)
    counted = serving.filter(unit__line__in=LINES).order_by().values_list("unit__line")
    found = counted.annotate(people=Count("user", distinct=True), grids=Count("place", distinct=True))
    known = {line: (people, covered) for line, people, covered in found}
    return [Line(name, *(known[name][0], grids - known[name][1]) if name in known else (0, grids)) for name in LINES]


def asked_gaps(words: str) -> str:
    """A line, or any of them; nonsense asks for nothing."""
    return words if words in (ANY, *LINES) else ""


def places() -> list[Place]:
    """Streets and their communities, to choose from."""
    kinds = (Place.Kind.STREET, Place.Kind.COMMUNITY)
    return list(Place.objects.filter(kind__in=kinds).only("code", "kind", "name").order_by("code"))


def asked_place(user: User, words: str, known: list[Place]) -> Any:
    """The street or community that was asked for; nonsense is where she begins."""
    by_code = {place.code: place for place in known}
    return by_code.get(words) or by_code.get(start(user))
