"""Which unit answers for it: by what was ruled once, then by the catalogue of items, then by who did it before."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Unit
from grids.models import CITY_CODE, Item, Place
from petitions.models import Petition, Ruling
from petitions.permissions import why_not_ordered

PRECEDENTS = 100  # of the newest
FEWEST = 3
MOSTLY = 0.5


@dataclass(frozen=True)
class UnitProposal:
    unit: Unit
    reason: str
    refused: str = ""  # why it cannot go there all the same


def unit_for(item: Item, place: Place | None, words: str = "") -> UnitProposal | None:
    found = _by_ruling(item, place, words) or _by_catalogue(item, place) or _by_practice(item, place)
    if found and (why := why_not_ordered(item, found.unit)):
        return UnitProposal(found.unit, f"{found.reason}；但{why.rstrip('。')}", refused=why)
    return found


def _by_ruling(item: Item, place: Place | None, words: str) -> UnitProposal | None:
    """The most particular one that fits: more words, then a smaller place, then the newer."""
    code = place.code if place else CITY_CODE
    within = [code[:n] for n in (6, 9, 12, 15) if n <= len(code)]
    found = Ruling.objects.active().filter(item=item, place__in=within).select_related("unit", "place", "ruled_by")
    fitting = [ruling for ruling in found if ruling.unit.active and all(word in words for word in ruling.words)]
    ruling = max(fitting, key=lambda one: (len(one.words), len(one.place_id), one.ruled_at), default=None)
    if ruling is None:
        return None
    on = f"{timezone.localdate(ruling.ruled_at):%Y-%m-%d}"
    said = f"、含“{ruling.said_words}”" if ruling.words else ""
    where = ruling.place.name
    return UnitProposal(
        ruling.unit, f"会商裁定（{on} {ruling.ruled_by}）：{where}“{item.name}”{said}由其承办，依据：{ruling.basis}"
    )


def _by_catalogue(item: Item, place: Place | None) -> UnitProposal | None:
    unit = item.unit_for(place)
    if unit is None or not unit.active:
        return None
    if item.lead_id == unit.pk:
        return UnitProposal(unit, f"“{item.name}”由{item.lead_line}条线牵头")
    return UnitProposal(unit, "该事项由所在街道承办")


def _by_practice(item: Item, place: Place | None) -> UnitProposal | None:
    """Who got the newest ones, as long as most of them went to one unit; what streets answer for, in this street."""
    done = Petition.objects.filter(item=item, unit__isnull=False)
    if item.is_of_the_street:
        if place is None:
            return None
        done = done.filter(place_id__startswith=place.code[:9])
    newest = done.order_by("-registered_at", "-id").values_list("unit", flat=True)[:PRECEDENTS]
    counted = Counter(newest)
    for pk, count in counted.most_common(1):
        unit = Unit.objects.filter(pk=pk, active=True).first()
        if unit and count >= FEWEST and count > MOSTLY * counted.total():
            return UnitProposal(
                unit, f"目录没有写明承办单位；近期 {counted.total()} 件“{item.name}”中 {count} 件由其承办"
            )
    return None
