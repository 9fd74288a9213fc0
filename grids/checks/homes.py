"""Nothing left blank, nothing counted twice: dwellings, buildings, compounds and premises, without any map."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.db.models.functions import Substr
from django.urls import reverse

from grids.checks.check import MUST, SHOULD, Check, Found, page_of
from grids.models import Building, Compound, Dwelling, Landmark, Place, Premises
from grids.models.dwelling import DwellingQuerySet

# A grid that was merged into another counts as none.
IN_NO_GRID = ~Q(place__kind=Place.Kind.GRID) | Q(place__closed_on__isnull=False)
CHECKS = (
    Check("unassigned", "未入网格的房屋", "没有划入网格的房屋，按楼栋列出", MUST),
    Check("premises", "未入网格的商户", "在营的单位与商户没有划入网格，按社区计", MUST),
    Check("landmarks", "未入网格的路段", "小区名或路段门牌只登记到社区，没有划入网格", SHOULD),
    Check("no_grid", "小区不在网格", "没有一套房屋划入网格的小区", MUST),
    Check("twice", "地址重复", "同一社区里归一化后相同的地址，按楼栋列出", MUST),
    Check("split", "单元跨网格", "同一楼栋同一单元的房屋分在几个网格", MUST),
    Check("no_dwellings", "楼栋无房屋", "楼栋清单里有、但一套房屋也没有登记", SHOULD),
)


def find(code: str, on: date) -> Iterator[Found]:
    yield from _unassigned(code)
    yield from _premises_unassigned(code)
    yield from _landmarks_unassigned(code)
    yield from _without_grid(code)
    yield from _twice(code)
    yield from _split(code)
    yield from _without_dwellings(code)


def compound_page(compound: int, building: int | None = None) -> str:
    return reverse("coverage:compound", args=[compound]) + (f"#b{building}" if building else "")


def said_twice(dwellings: DwellingQuerySet, community: str) -> list[tuple[str, int]]:
    """Of these dwellings: the addresses that are on record more than once in the community."""
    said = Dwelling.objects.filter(place__code__startswith=community, said__in=dwellings.order_by().values("said"))
    rows = said.order_by().values_list("said").annotate(times=Count("pk"), address=Min("address")).filter(times__gt=1)
    return [(address, times) for _, times, address in rows.order_by("address")]


def _unassigned(code: str) -> Iterator[Found]:
    rows = (
        Dwelling.objects.filter(IN_NO_GRID, place__code__startswith=code)
        .order_by()
        .values_list("place_id", "building__compound", "building", "building__compound__name", "building__name")
        .annotate(doors=Count("pk"))
        .order_by("place_id", "building__compound", "building__number", "building")
    )
    for place, compound, building, name, number, doors in rows:
        yield Found("unassigned", place, f"{name}{number}：{doors} 套房屋未划入网格", compound_page(compound, building))


def _premises_unassigned(code: str) -> Iterator[Found]:
    rows = Premises.objects.open().filter(IN_NO_GRID, place__code__startswith=code).order_by()
    for place, shops in rows.values_list("place_id").annotate(shops=Count("pk")).order_by("place_id"):
        yield Found("premises", place, f"{shops} 家单位或商户未划入网格", page_of(place))


def _landmarks_unassigned(code: str) -> Iterator[Found]:
    for landmark in Landmark.objects.filter(IN_NO_GRID, place__code__startswith=code):
        yield Found("landmarks", landmark.place_id, f"{landmark}没有划入网格", page_of(landmark.place_id))


def _twice(code: str) -> Iterator[Found]:
    rows = (
        Dwelling.objects.filter(place__code__startswith=code)
        .order_by()
        .annotate(community=Substr("place_id", 1, 12))
        .values_list("community", "said")
        .annotate(building=Min("building"), times=Count("pk"))
        .filter(times__gt=1)
        .values_list("community", "building")
    )
    addresses = Counter(rows)
    names = _names({building for _, building in addresses})
    for (community, building), count in sorted(addresses.items()):
        compound, name = names[building]
        yield Found("twice", community, f"{name}：{count} 个地址登记了不止一次", compound_page(compound, building))


def _split(code: str) -> Iterator[Found]:
    rows = (
        Dwelling.objects.assigned()
        .filter(place__code__startswith=code)
        .order_by()
        .values_list("building", "unit")
        .annotate(grids=Count("place_id", distinct=True), community=Substr(Min("place_id"), 1, 12))
        .filter(grids__gt=1)
        .order_by("building", "unit")
        .values_list("building", "unit", "grids", "community")
    )
    divided = list(rows)
    names = _names({building for building, *_ in divided})
    for building, unit, grids, community in divided:
        compound, name = names[building]
        words = f"{name}{unit}分属 {grids} 个网格，楼栋只能按单元划分"
        yield Found("split", community, words, compound_page(compound, building))


def _without_dwellings(code: str) -> Iterator[Found]:
    empty = Building.objects.filter(
        ~Exists(Dwelling.objects.filter(building=OuterRef("pk"))), compound__community__code__startswith=code
    )
    for building in empty.select_related("compound"):
        href = compound_page(building.compound_id, building.pk)
        yield Found("no_dwellings", building.compound.community_id, f"{building}在楼栋清单中，还没有登记房屋", href)


def _without_grid(code: str) -> Iterator[Found]:
    here = Dwelling.objects.assigned().filter(building__compound=OuterRef("pk"), place__closed_on=None)
    for compound in Compound.objects.filter(~Exists(here), community__code__startswith=code):
        yield Found("no_grid", compound.community_id, f"{compound}不在任何网格内", compound_page(compound.pk))


def _names(buildings: set[int]) -> dict[int, tuple[int, str]]:
    found = Building.objects.filter(pk__in=buildings).select_related("compound")
    return {building.pk: (building.compound_id, str(building)) for building in found}
