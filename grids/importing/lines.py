"""The lines that a figure of the dry run counts: as they would come in, or with what is wrong; by number, page by page.

The lines are there from the dry run until the import, the problems as long as the import is on record.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from django.db.models import Min, QuerySet
from django.http import QueryDict

from accounts.masking import mask_name
from grids.importing import known_care
from grids.models import Household, Import, ImportLine, ImportProblem, Resident

ON_A_PAGE = 50
NO_COMMUNITY = "none"  # in an address: the rows in which none can be read
KEPT = (Import.State.CHECKED, Import.State.LOADING, Import.State.FAILED)
DOOR = ("community", "compound", "building", "unit", "room")
SHOWN = ("run", "number", "name", "relation", "address", "resident_id", "household_id", "dwelling_id")
RELATIONS = dict(Resident.Relation.choices)
Lines = QuerySet[ImportLine]


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    meaning: str
    lines: Callable[[Import, Lines], Lines]
    bad: bool = False  # rows that cannot come in belong to it


def _first(lines: Lines, *of: str) -> Lines:
    """One line for all that say the same there."""
    return lines.filter(number__in=lines.order_by().values(*of).annotate(first=Min("number")).values("first"))


def _new_homes(run: Import, lines: Lines) -> Lines:
    return _first(lines.filter(resident_id=None, household_id=None), *DOOR, "mark")


def _care(run: Import, lines: Lines) -> Lines:
    return lines.filter(number__in=known_care.numbers(run, _communities(run)))


FACETS = {
    facet.name: facet
    for facet in (
        Facet("all", "全部", "表格里有内容的每一行", lambda run, lines: lines, bad=True),
        Facet("good", "无误", "没有问题、可以导入的行", lambda run, lines: lines),
        Facet("new", "新登记的人", "系统里没有的人，一行一人", lambda run, lines: lines.filter(resident_id=None)),
        Facet("homes", "新的户", "门内还没有登记过的户，一户列它的第一行", _new_homes),
        Facet(
            "doors",
            "新的房屋",
            "系统里没有的房屋，一处列它的第一行",
            lambda run, lines: _first(lines.filter(dwelling_id=None), *DOOR),
        ),
        Facet(
            "known",
            "已在册",
            "系统里已有的人，资料不改动",
            lambda run, lines: lines.exclude(resident_id=None),
        ),
        Facet("care", "补登重点关爱", "已在册、表里写了而册上没有这一类关爱的人", _care),
        Facet("bad", "有问题", "改好以后才能导入的行", lambda run, lines: lines.none(), bad=True),
    )
}


@dataclass(slots=True)
class Row:
    number: int
    who: str = ""
    address: str = ""
    becomes: str = ""
    home: int | None = None  # the household on record
    problems: list[ImportProblem] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        return any(problem.stops for problem in self.problems)

    @property
    def home_number(self) -> str:
        return Household(pk=self.home).number if self.home else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page says."""

    facet: Facet
    community: str
    after: int

    @classmethod
    def read(cls, said: QueryDict, run: Import) -> "Asked":
        community, after = said.get("community", ""), said.get("after", "")
        known = community == NO_COMMUNITY or community in _communities(run)
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
        here = {facet.name: facet for facet in facets_of(run)}
        return cls(here.get(said.get("which", ""), facets_of(run)[0]), community if known else "", number)


def facets_of(run: Import) -> list[Facet]:
    """Of which the lines, or at least the problems, are still there."""
    return [facet for facet in FACETS.values() if run.state in KEPT or facet.name == "bad"]


def page_of(run: Import, asked: Asked) -> tuple[list[Row], int | None, int]:
    """The rows, where the next page begins, and how many rows there are on all pages."""
    lines, wrong = _lines(run, asked), _wrong(run, asked)
    staged = list(lines.filter(number__gt=asked.after).only(*SHOWN).order_by("number")[: ON_A_PAGE + 1])
    bad = list(wrong.filter(number__gt=asked.after).order_by("number")[: ON_A_PAGE + 1])
    found = sorted([*_staged(staged), *map(Row, bad)], key=attrgetter("number"))
    shown = found[:ON_A_PAGE]
    _tell_problems(run, shown)
    more = shown[-1].number if len(found) > ON_A_PAGE else None
    return shown, more, lines.count() + wrong.count() if more or asked.after else len(shown)


def _lines(run: Import, asked: Asked) -> Lines:
    here = ImportLine.objects.filter(run=run) if run.state in KEPT else ImportLine.objects.none()
    if asked.community:
        here = here.filter(community=asked.community)
    return asked.facet.lines(run, here)


def _wrong(run: Import, asked: Asked) -> QuerySet[ImportProblem, int]:
    """The numbers of the rows that cannot come in."""
    here = run.problems.filter(stops=True) if asked.facet.bad else ImportProblem.objects.none()
    if asked.community:
        here = here.filter(community="" if asked.community == NO_COMMUNITY else asked.community)
    return here.order_by().values_list("number", flat=True).distinct()


def _staged(lines: list[ImportLine]) -> Iterable[Row]:
    known = [line.resident_id for line in lines if line.resident_id]
    homes = dict(Resident.objects.filter(pk__in=known).values_list("pk", "household_id")) if known else {}
    for line in lines:
        who = f"{mask_name(line.name)}（{RELATIONS[line.relation]}）"
        if line.resident_id:
            yield Row(line.number, who, line.address, "已在册", homes.get(line.resident_id))
        elif line.household_id:
            yield Row(line.number, who, line.address, "新登记到已有的户", line.household_id)
        else:
            yield Row(line.number, who, line.address, "新登记，新的户" if line.dwelling_id else "新登记，新的户和房屋")


def _tell_problems(run: Import, rows: list[Row]) -> None:
    found = run.problems.filter(number__in=[row.number for row in rows]).order_by("number", "-stops", "id")
    of = {number: list(problems) for number, problems in groupby(found, attrgetter("number"))}
    for row in rows:
        row.problems = of.get(row.number, [])


def _communities(run: Import) -> list[str]:
    return [code for code in run.counts.get("communities", {}) if code]
