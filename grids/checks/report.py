"""The report of coverage as one person sees it: how many of each check, more or fewer than before, and where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from grids.checks.check import Check
from grids.checks.running import CHECKS
from grids.models import CITY_CODE, CoverageAsk, CoverageFinding, CoverageRun, Place
from grids.models.coverage import READERS, CoverageFindingQuerySet
from grids.scope import places_of

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    check: Check
    count: int
    before: int | None  # the evening before; None where nothing had been checked yet
    href: str

    @property
    def trend(self) -> str:
        if self.before is None:
            return "首次检查"
        more = self.count - self.before
        return f"比上日多 {more}" if more > 0 else f"比上日少 {-more}" if more < 0 else "与上日相同"


@dataclass(frozen=True, slots=True)
class Part:
    """A community of the report, and how much was found in it."""

    code: str
    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Report:
    place: Place | None  # None: all that she may see
    check: Check | None
    lines: list[Line]
    parts: list[Part]
    findings: list[CoverageFinding]
    found: int
    checked_at: datetime | None  # since when all of it has been checked
    waiting: bool  # something was changed since
    query: str

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.count]

    @property
    def fine(self) -> list[Line]:
        return [line for line in self.lines if not line.count]

    @property
    def total(self) -> int:
        return sum(line.count for line in self.lines)


def scope(user: User, place: str) -> list[str]:
    """The codes that are asked for, if she may read their report; a stranger finds nothing."""
    codes = places_of(user, *READERS)
    if place:
        codes = [place] if any(place.startswith(code) for code in codes) else []
    if not codes:
        raise Http404
    return codes


def read(user: User, *, place: str = "", check: str = "") -> Report:
    codes = scope(user, place)
    where = Place.objects.filter(pk=place).defer("boundary").first() if place else None
    if place and where is None:
        raise Http404
    chosen = CHECKS.get(check)
    here = narrowed(user, place)
    wanted = here.filter(check_name=chosen.name) if chosen else here.none()
    runs = list(CoverageRun.objects.filter(inside(codes, "place__code")).newest())
    return Report(
        place=where,
        check=chosen,
        lines=list(_lines(here, _before(codes, runs), place)),
        parts=_parts(wanted if chosen else here, codes, check if chosen else ""),
        findings=list(wanted.select_related("place").defer("place__boundary")[:SHOWN]),
        found=wanted.count() if chosen else 0,
        checked_at=min((run.at for run in runs), default=None),
        waiting=CoverageAsk.objects.filter(inside(codes, "community") | Q(community=CITY_CODE)).exists(),
        query=_query(place, check if chosen else ""),
    )


def narrowed(user: User, place: str) -> CoverageFindingQuerySet:
    return CoverageFinding.objects.visible_to(user).within(place)


def inside(codes: list[str], path: str) -> Q:
    """What lies in these places. Items belong to the city alone, and so to nobody below."""
    return Q(*(Q(**{f"{path}__startswith": code}) for code in codes), _connector=Q.OR)


def _before(codes: list[str], runs: list[CoverageRun]) -> Counter[str] | None:
    """What stood on the evening before the newest run."""
    if not runs:
        return None
    day = timezone.localtime(max(run.at for run in runs)).replace(hour=0, minute=0, second=0, microsecond=0)
    earlier = list(CoverageRun.objects.filter(inside(codes, "place__code"), at__lt=day).newest())
    return sum((Counter(run.counts) for run in earlier), Counter()) if earlier else None


def _lines(here: CoverageFindingQuerySet, before: Counter[str] | None, place: str) -> Iterator[Line]:
    counts = dict(here.order_by().values_list("check_name").annotate(found=Count("pk")))
    for check in CHECKS.values():
        was = None if before is None else before[check.name]
        yield Line(check, counts.get(check.name, 0), was, f"?{_query(place, check.name)}")


def _parts(findings: CoverageFindingQuerySet, codes: list[str], check: str) -> list[Part]:
    """The communities of the area; none where the report is of one alone."""
    if len(codes) == 1 and len(codes[0]) >= 12:
        return []
    rows = findings.order_by().annotate(community=Substr("place_id", 1, 12)).values_list("community")
    counts = dict(rows.annotate(found=Count("pk")))
    wanted = Place.objects.of_kind(Place.Kind.COMMUNITY).filter(inside(codes, "code")).values_list("code", "name")
    parts = [Part(code, name, counts.get(code, 0), f"?{_query(code, check)}") for code, name in wanted]
    if counts.get(CITY_CODE):
        parts.append(Part(CITY_CODE, "全市事项", counts[CITY_CODE], f"?{_query('', 'items')}"))
    return sorted(parts, key=lambda part: (-part.count, part.code))


def _query(place: str, check: str) -> str:
    return urlencode({name: value for name, value in (("place", place), ("check", check)) if value})
