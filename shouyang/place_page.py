"""The page of a place: what it is, who answers for it, what lies in it, and its numbers, each a link to its list."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from grids import coverage, outlines
from grids.models import STAFFING_READERS, Place
from grids.models.coverage import READERS
from grids.permissions import may_redraw
from grids.scope import holds
from petitions import periods, rates, reports
from petitions.facets import FACETS
from petitions.models import Petition

MEANINGS = {
    "open": "尚未办结、答复或不予受理的诉求",
    "overdue": "在办诉求中，至少有一项承诺已过截止时刻的",
    "registered_30": "最近 30 天登记的诉求",
}


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    count: int
    href: str
    meaning: str = ""
    alarming: bool = False  # above zero it is shown in red


@dataclass(frozen=True, slots=True)
class Way:
    label: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class Child:
    place: Place
    href: str
    duties: list[tuple[str, str]]
    open: int
    open_href: str
    overdue: int
    overdue_href: str


def context(user: User, place: Place, at: datetime, show: str) -> dict[str, Any]:
    on = timezone.localdate(at)
    short = coverage.SHORTAGES.get(show)
    return {
        "place": place,
        "taken_over": place.taken_over.defer("boundary") if place.kind == Place.Kind.GRID else [],
        "crumbs": crumbs(place),
        "ways": ways(user, place),
        "figures": figures(user, place, at),
        "staffing": staffing(place, on),
        "posts": coverage.posts(place, on),
        "reads_staffing": holds(user, *STAFFING_READERS, place=place.code),
        "children": children(user, place, at, on) if short is None else [],
        "short": short,
        "grids": coverage.grids_short_of(show, place, on),
        "at": at,
    }


def crumbs(place: Place) -> list[tuple[str, str]]:
    path = {above.code: above.name for above in Place.objects.filter(code__in=place.path_codes).only("name")}
    return [(path[code], href(code)) for code in place.path_codes]


def ways(user: User, place: Place) -> list[Way]:
    """What else there is to read of this place, or to do with it, for her."""
    return [*_people(user, place), *_ground(user, place)]


def _people(user: User, place: Place) -> list[Way]:
    matrix = Way("网格责任人矩阵", icon="table", href=f"{reverse('staffing:matrix')}?place={place.code[:12]}")
    if place.kind != Place.Kind.GRID:
        return [matrix]
    people = Way("谁负责", icon="users", href=reverse("staffing:people", args=[place.code]))
    card = Way("网格公示牌", icon="qrcode", href=reverse("staffing:card", args=[place.code]))
    return [*([people] if holds(user, *STAFFING_READERS, place=place.code) else []), card, matrix]


def _ground(user: User, place: Place) -> list[Way]:
    found = []
    if holds(user, *READERS, place=place.code):
        report = f"{reverse('coverage:report')}?{urlencode({'place': place.code})}"
        found.append(Way("覆盖检查", icon="checklist", href=report))
        if place.kind == Place.Kind.COMMUNITY:
            found.append(Way("楼栋点位", icon="map-pins", href=reverse("coverage:points", args=[place.code])))
    changes = may_redraw(user, place.code) and place.closed_on is None
    if changes and place.kind == Place.Kind.COMMUNITY:
        found.append(Way("网格边界", icon="polygon", href=reverse("coverage:boundaries", args=[place.code])))
    if changes and place.kind == Place.Kind.GRID:
        found.append(Way("拆分", icon="arrows-split", href=reverse("coverage:split", args=[place.code])))
        found.append(Way("合并", icon="arrows-join", href=reverse("coverage:merge", args=[place.code])))
    if place.kind in (Place.Kind.COMMUNITY, Place.Kind.GRID):
        found.append(Way("历次版本", icon="history", href=reverse("coverage:versions", args=[place.code])))
    return found


def href(code: str) -> str:
    return reverse("grids:city") if len(code) == 6 else reverse("grids:place", args=[code])


def _list_href(code: str, facet: str) -> str:
    return f"{reverse('petitions:list')}?{urlencode({'place': code, 'facet': facet})}"


def figures(user: User, place: Place, at: datetime) -> list[Figure]:
    """Counted as the list behind each number counts: only petitions that this user may see."""
    here = Petition.objects.visible_to(user).filter(place__code__startswith=place.code).order_by()
    counted = [
        Figure(
            FACETS[name].label,
            here.filter(FACETS[name].where(at)).count(),
            _list_href(place.code, name),
            meaning,
            alarming=name == "overdue",
        )
        for name, meaning in MEANINGS.items()
    ]
    month = periods.read(reports.MONTH, at)
    rated = rates.whole(here, month, at).counts
    return counted + [
        Figure(
            f"{month.label}{rates.MARKS[mark]}",
            rated[mark],
            reports.list_of(mark, month, place=place.code),
            rates.MEASURES["satisfied"].definition if mark == "satisfied" else "诉求人作出了有效评价的诉求",
        )
        for mark in ("answered", "satisfied")
    ]


def staffing(place: Place, on: date) -> list[Figure]:
    """How many grids and workers, and which grids are short of whom."""
    if place.kind == Place.Kind.GRID:
        return []
    counted = coverage.counts(place, on)
    shortages = [
        Figure(short.label, counted[name], f"{href(place.code)}?show={name}", short.meaning, alarming=True)
        for name, short in coverage.SHORTAGES.items()
    ]
    return [
        Figure("网格", counted["grids"], ""),
        Figure("专职网格员（人）", coverage.workers(place, on), ""),
        *shortages,
    ]


def children(user: User, place: Place, at: datetime, on: date) -> list[Child]:
    """The places right below, by code, with the petitions open in each: one query for the counts of all."""
    below = list(Place.objects.standing().children_of(place).defer("boundary"))
    names = coverage.holders_by_duty(below, on)
    counts = _open_below(user, place, at)
    found = []
    for child in below:
        opened, overdue = counts.get(child.code, (0, 0))
        links = (_list_href(child.code, "open"), _list_href(child.code, "overdue"))
        found.append(Child(child, href(child.code), names[child.code], opened, links[0], overdue, links[1]))
    return found


def _open_below(user: User, place: Place, at: datetime) -> dict[str, tuple[int, int]]:
    rows = (
        Petition.objects.visible_to(user)
        .filter(FACETS["open"].where(at), place__code__startswith=place.code)
        .order_by()
        .annotate(below=Substr(F("place_id"), 1, len(place.code) + 3))
        .values("below")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(FACETS["overdue"].where(at))))
    )
    return {row["below"]: (row["open"], row["overdue"]) for row in rows}


def boundaries(place: Place) -> dict[str, Any]:
    """GeoJSON of the places right below, or of the grid itself; places that nobody has drawn are left out."""
    parts = (
        Place.objects.standing().children_of(place).only("code", "name") if place.kind != Place.Kind.GRID else [place]
    )
    drawn = ((part, outlines.outline_of(part.code)) for part in parts)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": part.code, "name": part.name, "href": href(part.code)},
                "geometry": geometry,
            }
            for part, geometry in drawn
            if geometry is not None
        ],
    }
