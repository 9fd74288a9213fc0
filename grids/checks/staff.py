"""Somebody answers for every grid and every item, sizes are within the measure, and every code is the path."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.urls import reverse

from grids import coverage
from grids.checks.check import HINT, MUST, SHOULD, Check, Found, page_of
from grids.models import CITY_CODE, Household, Item, Place
from grids.models.place import code_shape

# 网格规模（域内规则 §3.8）：社区 3000 户、网格 300 户上下三分之一。
SIZES = {Place.Kind.GRID: (200, 400), Place.Kind.COMMUNITY: (2000, 4000)}
CHECKS = (
    *(Check(name, short.label, "人员配备检查，按网格列出", MUST) for name, short in coverage.SHORTAGES.items()),
    Check("size", "规模超出", "社区 2000–4000 户、网格 200–400 户之外的", SHOULD),
    Check("codes", "编码不合规", "编码不合规则，或前段与上级编码不一致", MUST),
    Check("items", "事项无主责部门", "在用的入格事项没有牵头单位", HINT),
)


def find(code: str, on: date) -> Iterator[Found]:
    for name in coverage.SHORTAGES:
        yield from _short_of(name, code, on)
    yield from _size(code)
    yield from _codes(code)
    yield from _items_without_lead(code)


def _short_of(name: str, code: str, on: date) -> Iterator[Found]:
    for grid in coverage.grids_short_of(name, Place(code=code), on):
        yield Found(name, grid.code, f"{grid.name}：{coverage.SHORTAGES[name].label}", page_of(grid.code))


def _size(code: str) -> Iterator[Found]:
    households = Household.objects.living().in_place(code).order_by()
    counts: Counter[str] = Counter()
    for place, count in households.values_list("dwelling__place_id").annotate(households=Count("pk")):
        counts[place] += count
        if len(place) == 15:
            counts[place[:12]] += count
    places = Place.objects.standing().within(code).filter(kind__in=SIZES).values_list("code", "kind", "name")
    for place, kind, name in places:
        least, most = SIZES[Place.Kind(kind)]
        if not least <= counts[place] <= most:
            yield Found("size", place, f"{name}现有 {counts[place]} 户，应为 {least}–{most} 户", page_of(place))


def _codes(code: str) -> Iterator[Found]:
    for place in Place.objects.within(code).defer("boundary"):
        if why := _wrong(place):
            yield Found("codes", place.code, f"{place.name}（{place.code}）：{why}", page_of(place.code))


def _wrong(place: Place) -> str:
    try:
        code_shape(place.code)
    except ValidationError as problem:
        return "".join(problem.messages)
    if Place.KIND_OF_LENGTH.get(len(place.code)) != place.kind:
        return "编码长度与级别不符"
    if place.kind != Place.Kind.CITY and place.parent_id != place.code[:-3]:
        return "编码前段与上级编码不一致"
    return ""


def _items_without_lead(code: str) -> Iterator[Found]:
    """Items belong to the whole city, so they stand in its report alone."""
    if code != CITY_CODE:
        return
    for item in Item.objects.filter(active=True, in_grid=True, lead=None).order_by("code"):
        href = reverse("admin:grids_item_change", args=[item.pk])
        yield Found("items", CITY_CODE, f"{item.code} {item.name}没有主责部门", href)
