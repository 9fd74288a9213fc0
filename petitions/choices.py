"""Items, places and channels as the call form knows them: few, steady, wanted at every call."""

import re
from typing import TypeVar

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import Unit
from grids.models import Item, Place
from petitions.models import Channel
from petitions.terms import Kept

T = TypeVar("T")


class NotFound(LookupError):
    """Says in a Chinese sentence that nothing, or more than one thing, is meant."""


def _read_items() -> dict[str, Item]:
    return {item.code: item for item in Item.objects.filter(active=True).select_related("lead")}


def _read_places() -> dict[str, Place]:
    return {place.code: place for place in Place.objects.select_related("unit").defer("boundary")}


def _read_channels() -> dict[str, Channel]:
    return {channel.code: channel for channel in Channel.objects.filter(active=True)}


def _read_units() -> dict[str, Unit]:
    return {unit.name: unit for unit in Unit.objects.filter(active=True)}


items = Kept(_read_items)
units = Kept(_read_units)
places = Kept(_read_places)
channels = Kept(_read_channels)


def unsorted() -> Item | None:
    """What it is until somebody has looked at it."""
    return next((item for item in items().values() if item.unsorted), None)


def label_of_item(item: Item) -> str:
    return f"{item.code} {item.name}"


def label_of_place(place: Place) -> str:
    """The name people say, with what it lies in, and the code that says it without doubt."""
    known = places()
    above = [known[code].name for code in place.path_codes[1:-1] if code in known]
    return " ".join([*above, place.name, place.code])


item_options = Kept(
    lambda: options([(label_of_item(item), item.domain) for item in items().values()]),
)
place_options = Kept(
    lambda: options([(label_of_place(place), "") for place in places().values() if place.closed_on is None]),
)
area_options = Kept(  # what a figure is asked of: streets and communities
    lambda: options([(label_of_place(place), "") for place in places().values() if place.kind != Place.Kind.GRID]),
)
unit_options = Kept(
    lambda: options([(unit.name, unit.get_kind_display()) for unit in units().values()]),
)


def options(labels: list[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', labels)


def item_named(words: str) -> Item:
    """By code, by whole name, or by a piece of a name that only one item has."""
    known = items()
    if (code := re.match(r"[A-Za-z]\d{2,4}\b", words.strip())) and code[0].upper() in known:
        return known[code[0].upper()]
    return _only_one({item.name: item for item in known.values()}, words, "事项")


def place_named(words: str) -> Place:
    known = places()
    if (code := re.search(r"(?<!\d)\d{6,15}(?!\d)", words)) and code[0] in known:
        return known[code[0]]
    by_name: dict[str, Place] = {}
    for place in (place for place in known.values() if place.closed_on is None):
        by_name.setdefault(place.name, place)
    return _only_one(by_name, words, "网格或社区")


def standing_place_named(words: str) -> Place:
    """For what begins now; lists of the past are still asked for closed grids."""
    place = place_named(words)
    if place.closed_on is not None:
        raise NotFound(f"{place.name}已于 {place.closed_on} 撤销，请选择现在的网格。")
    return place


def unit_named(words: str) -> Unit:
    return _only_one(units(), words, "单位")


def _only_one(by_name: dict[str, T], words: str, kind: str) -> T:
    words = words.strip()
    if words in by_name:
        return by_name[words]
    found = [name for name in by_name if len(words) >= 2 and words in name]
    if len(found) == 1:
        return by_name[found[0]]
    if not found:
        raise NotFound(f"没有找到这个{kind}，请从列表中选择，或填写编码。")
    raise NotFound(f"“{words}”对应多个{kind}：{'、'.join(found[:4])}{' 等' if len(found) > 4 else ''}，请选定一个。")
