"""Facets of homes: a named list is a `Q`; the list page filters by it and counts all of them in one question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from grids.models import Care, Colour, Resident, VisitClock

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    where: Callable[[date], Q]
    meaning: str


def _clock(**where: object) -> Exists:
    return Exists(VisitClock.objects.running().filter(household=OuterRef("pk"), **where))


def _living(where: Callable[[date], Q]) -> Callable[[date], Q]:
    return lambda on: Q(ended_at=None) & where(on)


def _coloured(colour: Colour) -> Callable[[date], Q]:
    return _living(lambda on: Q(colour=colour))


def no_phone(on: date) -> Q:
    reachable = Resident.objects.living_here().filter(household=OuterRef("pk"), phone_fingerprint__isnull=False)
    return Q(phone_fingerprint=None) & ~Q(Exists(reachable))


def cared_for(on: date) -> Q:
    cares = Care.objects.filter(ended_at=None, resident__left_at=None, resident__household=OuterRef("pk"))
    return Q(Exists(cares))


def due(on: date) -> Q:
    return Q(Exists(VisitClock.objects.due(on).filter(household=OuterRef("pk"))))


FACETS = {
    facet.name: facet
    for facet in (
        Facet("living", "全部", _living(lambda on: Q()), "没有注销的户"),
        Facet("due", "今天该走访", _living(due), "约定的走访日是今天或更早，或遇重大变故"),
        Facet("visit_overdue", "逾期未走访", _living(lambda on: Q(_clock(due_on__lt=on))), "约定的走访日已经过了"),
        *(Facet(colour, f"{colour.label}色户", _coloured(colour), "按走访分类") for colour in Colour),
        Facet("cared_for", "有重点关爱", _living(cared_for), "户内至少一人登记了重点关爱"),
        Facet("never_visited", "从未走访", _living(lambda on: Q(visited_at=None)), "还没有一次见到人的走访"),
        Facet("no_phone", "无联系电话", _living(no_phone), "户和户内的人都没有登记电话"),
        Facet("new", "近 30 天入住", _living(lambda on: Q(since__gte=on - LATELY)), "入住日在近 30 天内"),
        Facet("ended", "已注销", lambda on: Q(ended_at__isnull=False), "已迁出、无人居住或并入另一户"),
    )
}


def facet(name: str) -> Facet:
    return FACETS.get(name, FACETS["living"])
