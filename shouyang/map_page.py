"""The map of the grids: one figure at a time, as a colour on the outlines and as a number in the table beside them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from grids.checks import report
from grids.models import OF_HOMES, Colour, Duty, Hazard, Household, Place, VisitClock
from grids.models.coverage import READERS
from grids.scope import holds, places_of
from petitions.facets import FACETS
from petitions.models import Petition
from shouyang.map_outlines import edition
from shouyang.place_page import href

READ_BY = tuple(duty for duty in READERS if duty != Duty.AUDITOR)
BANDS = 5
FEW = 5  # so few homes of a colour are not told to those who do not work with them: the street would know which
CITY, COMMUNITY, GRID = 6, 12, 15
LEVELS = {"community": ("按社区", COMMUNITY), "grid": ("按网格", GRID)}


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    label: str
    meaning: str
    count: Callable[[User, datetime], Counter[str]]  # by place
    list: Callable[[str], str] = lambda code: ""  # where what was counted is listed
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    name: str
    above: str
    href: str
    count: int
    words: str
    band: int
    list: str


def context(user: User, *, by: str, level: str, at: datetime) -> dict[str, Any]:
    codes = places_of(user, *READ_BY)
    if not codes:
        raise Http404
    measure = MEASURES.get(by) or MEASURES["households"]
    many = len({code[:COMMUNITY] for code in codes}) > 1 or len(codes[0]) < COMMUNITY
    level = level if level in LEVELS else "community" if many else "grid"
    rows = _rows(user, codes, measure, LEVELS[level][1], at)
    return {
        "measure": measure,
        "measures": [(one, f"?{urlencode({'by': one.name, 'level': level})}") for one in MEASURES.values()],
        "level": level,
        "levels": [(k, label, f"?{urlencode({'by': measure.name, 'level': k})}") for k, (label, _) in LEVELS.items()],
        "rows": rows,
        "legend": legend(rows),
        "total": f"{sum(row.count for row in rows):,}",
        "at": at,
        "outlines": f"{reverse('map_outlines')}?{urlencode({'level': level, 'edition': edition()})}",
        "tiles": settings.TILE_ADDRESS,
        "tiles_by": settings.TILE_ATTRIBUTION,
    }


def _rows(user: User, codes: list[str], measure: Measure, length: int, at: datetime) -> list[Row]:
    """Highest first. What is registered at a community, and no grid of it, counts for the community alone."""
    counts: Counter[str] = Counter()
    for code, count in measure.count(user, at).items():
        if len(code) >= length:
            counts[code[:length]] += count
    kind = Place.KIND_OF_LENGTH[length]
    places = Place.objects.standing().filter(report.inside(codes, "code"), kind=kind).select_related("parent")
    listed = list(places.only("code", "name", "parent__name"))
    band = bands(counts[place.code] for place in listed)
    rows = [_row(user, place, counts[place.code], measure, band) for place in listed]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def _row(user: User, place: Place, count: int, measure: Measure, band: Callable[[int], int]) -> Row:
    assert place.parent
    few = measure.sensitive and 0 < count < FEW and not holds(user, *OF_HOMES, place=place.code)
    count, words = (0, f"少于 {FEW}") if few else (count, f"{count:,}")
    listed = measure.list(place.code) if count else ""
    return Row(place.code, place.name, place.parent.name, href(place.code), count, words, band(count), listed)


def bands(counts: Any) -> Callable[[int], int]:
    """Each band holds about as many places, or one count where there are few; nothing is a band of its own."""
    some = sorted(count for count in counts if count)
    single = sorted(set(some))[1:]
    edges = single if len(single) < BANDS else sorted({some[len(some) * i // BANDS] for i in range(1, BANDS)})
    return lambda count: 1 + sum(count >= edge for edge in edges) if count else 0


def legend(rows: list[Row]) -> list[tuple[int, str]]:
    held: dict[int, list[int]] = {}
    for row in rows:
        held.setdefault(row.band, []).append(row.count)
    return [(band, _span(min(counts), max(counts))) for band, counts in sorted(held.items())]


def _span(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,}–{most:,}"


# --- What can be shown --------------------------------------------------------------------------------------


def _by(rows: QuerySet[Any], path: str) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list(path).annotate(found=Count("pk"))))


def _households(user: User, at: datetime) -> Counter[str]:
    return _by(Household.objects.living(), "dwelling__place_id")


def _first(user: User, at: datetime) -> Counter[str]:
    return _by(Household.objects.living().filter(colour__in=(Colour.RED, Colour.ORANGE)), "dwelling__place_id")


def _due(user: User, at: datetime) -> Counter[str]:
    return _by(VisitClock.objects.due(timezone.localdate(at)), "household__dwelling__place_id")


def _petitions(user: User, at: datetime) -> Counter[str]:
    return _by(Petition.objects.visible_to(user).filter(FACETS["open"].where(at)), "place_id")


def _hazards(user: User, at: datetime) -> Counter[str]:
    return _by(Hazard.objects.open(), "place_id")


def _findings(user: User, at: datetime) -> Counter[str]:
    return _by(report.narrowed(user, ""), "place_id")


def _petition_list(code: str) -> str:
    return f"{reverse('petitions:list')}?{urlencode({'place': code, 'facet': 'open'})}"


def _report(code: str) -> str:
    return f"{reverse('coverage:report')}?{urlencode({'place': code})}"


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("households", "户数", "现有户数，已注销的不计", _households),
        Measure("due", "待走访", "今日或此前到期、还没有走访的户", _due),
        Measure("first", "优先走访户", "走访分类为红色、橙色的户", _first, sensitive=True),
        Measure("petitions", "在办诉求", "尚未办结、答复或不予受理，且您可查看的诉求", _petitions, _petition_list),
        Measure("hazards", "未销隐患", "发现后还没有复查销号的隐患", _hazards),
        Measure("coverage", "覆盖问题", "最近一次覆盖检查发现的问题", _findings, _report),
    )
}
