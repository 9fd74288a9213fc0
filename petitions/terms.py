"""The promises in force: which class a petition belongs to, how long each promise lasts, how its ladder rings.

The rows change a few times a year and are read at every verb, so each process keeps them for half a minute.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from grids.models import Item, Span
from petitions import promises
from petitions.models import (
    Effect,
    Nature,
    Petition,
    Promise,
    PromiseClass,
    Rung,
    Setting,
    Tag,
    Term,
    Workday,
    WorkingHours,
)
from petitions.promises import Length
from petitions.workdays import Day, DayKind, WorkCalendar

KEPT_FOR = 30.0  # seconds; an edit of the terms reaches every process within this time
T = TypeVar("T")


class Kept(Generic[T]):
    """Rows that change a few times a year, as this process last read them."""

    everything: ClassVar[list["Kept[Any]"]] = []

    def __init__(self, read: Callable[[], T]) -> None:
        self.everything.append(self)
        self.read = read
        self.value: T | None = None
        self.until = 0.0

    def __call__(self) -> T:
        if self.value is None or time.monotonic() > self.until:
            self.value = self.read()
            self.until = time.monotonic() + KEPT_FOR
        return self.value


def _read_calendar() -> WorkCalendar:
    days = Workday.objects.values_list("on", "kind", "provisional", "note")
    hours = WorkingHours.objects.values_list("since", "am_start", "am_end", "pm_start", "pm_end")
    return _laid_out(tuple(days), tuple(hours))


@lru_cache(maxsize=1)
def _laid_out(rows: tuple[tuple[date, str, bool, str], ...], hours: tuple[tuple[Any, ...], ...]) -> WorkCalendar:
    """The rows are mostly those of half a minute ago, and so is the calendar."""
    days: dict[date, Day] = {}
    current = 0
    for on, kind, provisional, note in rows:
        while current + 1 < len(hours) and hours[current + 1][0] <= on:
            current += 1
        works = kind in (Workday.Kind.WORKDAY, Workday.Kind.MAKE_UP)
        _, am_start, am_end, pm_start, pm_end = hours[current]
        intervals = ((am_start, am_end), (pm_start, pm_end)) if works else ()
        days[on] = Day(DayKind(kind), intervals, provisional, note)
    return WorkCalendar(days, ZoneInfo(settings.TIME_ZONE))


def _read_terms() -> dict[tuple[str, str], Length]:
    return {(t.promise_class, t.promise): Length(t.amount, t.span) for t in Term.objects.all()}


def _read_rungs() -> list[Rung]:
    return list(Rung.objects.all())


def _no_ladders() -> dict[tuple[str, str], list[promises.Rung]]:
    return {}


def _read_settings() -> dict[str, int]:
    return dict(Setting.objects.values_list("key", "value"))


calendar = Kept(_read_calendar)
_terms = Kept(_read_terms)
_rungs = Kept(_read_rungs)
_ladders = Kept(_no_ladders)  # as they are worked out from the rungs
_settings = Kept(_read_settings)


def forget() -> None:
    """The rows were edited in this process: read them again."""
    for kept in Kept.everything:
        kept.value = None


def setting(key: str) -> int:
    return _settings()[key]


_CLASS_OF_NATURE = {
    Nature.CONSULTATION: PromiseClass.CONSULTATION,
    Nature.ASSISTANCE: PromiseClass.ASSISTANCE,
    Nature.COMPLAINT: PromiseClass.COMPLAINT,
    Nature.REPORT: PromiseClass.COMPLAINT,
    Nature.SUGGESTION: PromiseClass.SUGGESTION,
    Nature.THANKS: PromiseClass.SUGGESTION,
    Nature.INVALID: PromiseClass.CONSULTATION,
}
_CLASS_OF_CHANNEL = {"LEAD": PromiseClass.INSTRUCTION, "SUP": PromiseClass.SUPERIOR}
_RANK = {Item.Urgency.NORMAL: 0, Item.Urgency.URGENT: 1, Item.Urgency.CRITICAL: 2}


def class_of(petition: Petition) -> PromiseClass:
    """The strictest reason decides: danger, then who asked, then urgency, then what it is about, then its nature."""
    if petition.urgency == Item.Urgency.CRITICAL:
        return PromiseClass.CRITICAL
    if petition.channel_id in _CLASS_OF_CHANNEL:
        return _CLASS_OF_CHANNEL[petition.channel_id]
    if petition.urgency == Item.Urgency.URGENT:
        return PromiseClass.URGENT
    if Tag.BUSINESS in petition.tags:
        return PromiseClass.BUSINESS
    if Tag.COMPLEX in petition.tags:
        return PromiseClass.COMPLEX
    return _CLASS_OF_NATURE[Nature(petition.nature)]


def length_of(petition: Petition, promise: str) -> Length:
    """Item limits override class limits, unless the operator raised the urgency above the item's own."""
    item = petition.item
    if _RANK[Item.Urgency(petition.urgency)] <= _RANK[Item.Urgency(item.urgency)]:
        if promise == Promise.CONTACT:
            return Length(item.respond_amount, item.respond_span)
        if promise == Promise.RESOLVE:
            return Length(item.close_amount, item.close_span)
    terms = _terms()
    for promise_class in (class_of(petition), _CLASS_OF_NATURE[Nature(petition.nature)], ""):
        if length := terms.get((promise_class, promise)):
            return length
    if promise == Promise.ASSIST_SIGN:
        return length_of(petition, Promise.SIGN)
    if promise == Promise.ASSIST_REPLY:  # the lead has the other half to put the parts together
        return length_of(petition, Promise.RESOLVE).divided(2)
    raise LookupError(f"no term for {promise}")


def length_of_class(promise_class: str, promise: str) -> Length | None:
    """As far as the class alone decides it; items may say otherwise."""
    return _terms().get((promise_class, promise)) or _terms().get(("", promise))


def ladder(promise_class: str, promise: str) -> list[promises.Rung]:
    """The steps in order; of each the most particular row: class and promise, then promise, then class, then any."""
    known, wanted = _ladders(), (promise_class, promise)
    if wanted not in known:
        known[wanted] = _composed(promise_class, promise)
    return known[wanted]


def _composed(promise_class: str, promise: str) -> list[promises.Rung]:
    best: dict[str, tuple[int, Rung]] = {}
    for rung in _rungs():
        if rung.promise_class not in ("", promise_class) or rung.promise not in ("", promise):
            continue
        particular = 2 * bool(rung.promise) + bool(rung.promise_class)
        if rung.effect not in best or best[rung.effect][0] < particular:
            best[rung.effect] = (particular, rung)
    return [
        promises.Rung(Length(rung.amount, rung.span), rung.side == Rung.Side.BEFORE, rung.effect)
        for effect in Effect
        if effect in best and (rung := best[effect][1]).rings
    ]


def return_until(dispatched_at: datetime, resolve: Length) -> datetime:
    """Until when a unit may say “not ours”: so many working hours, and never more than a quarter (domain §2.7)."""
    hours = Length(setting("return_hours"), "working_hour")
    return min(promises.due(dispatched_at, length, calendar()) for length in (hours, resolve.divided(4)))


def extension_cap(promise_class: str) -> Length | None:
    """Of this class alone: what has no row of its own, or a row of nothing, is not extended."""
    length = _terms().get((promise_class, Promise.EXTENSION))
    return length if length and length.amount else None


def stage(promise_class: str = "") -> Length | None:
    """By when the caller first hears how far it has come, where the class promises it; without a class: and then."""
    length = _terms().get((promise_class, Promise.STAGE))
    return length if length and length.amount else None


def suspension_review() -> Length:
    return _terms()[("", Promise.SUSPENSION_REVIEW)]


def later(due_at: datetime, length: Length) -> datetime:
    return promises.due(due_at, length, calendar())


def said(length: Length) -> str:
    """5 工作日"""
    return f"{length.amount} {Span(length.span).label}"


def redo_floor() -> Length:
    return Length(1, "working_day")
