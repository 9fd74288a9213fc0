"""The desks' figures: each with its numerator, its denominator, its definition and its moment, none stored twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from accounts.models import User
from petitions import periods, rates, terms
from petitions.facets import FACETS
from petitions.models import Petition
from petitions.periods import Period
from petitions.rates import Line, Rate

MONTH = "30d"


@dataclass(frozen=True, slots=True)
class Part:
    count: int
    href: str
    weight: str = ""  # how it counts, when not as one


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    definition: str  # 口径
    parts: list[Part]
    whole: Part | None = None  # None: a plain number
    value: float | None = None

    @property
    def percent(self) -> str:
        return percent(self.value)


def percent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.1f}%"


def list_of(mark: str, period: Period, **narrowed: Any) -> str:
    """The address of the petitions that a number of `rates` counted."""
    said = {name: value for name, value in narrowed.items() if value not in (None, "")}
    return "/petitions/?" + urlencode({"mark": mark, "period": period.words, **said})


def figure_of(rate: Rate, period: Period, **narrowed: Any) -> Figure:
    return Figure(
        rate.measure.label,
        rate.measure.definition,
        [
            Part(rate.counts[mark], list_of(mark, period, **narrowed), "" if weight == 1 else f"{weight:g} × ")
            for mark, weight in rate.measure.parts
        ],
        Part(rate.whole, list_of(rate.measure.whole, period, **narrowed)),
        rate.value,
    )


def today(user: User, at: datetime) -> list[Figure]:
    return [
        _number(user, "registered_today", "今天零时至今登记的诉求", at),
        _number(user, "concluded_today", "今天零时至今办结、直接答复或不予受理的诉求", at),
        _number(user, "carded_today", "今天零时至今亮过黄牌或红牌、尚未办结的诉求", at),
    ]


def month(user: User, at: datetime) -> list[Figure]:
    period = periods.read(MONTH, at)
    counted = rates.whole(Petition.objects.visible_to(user), period, at)
    registered = _number(user, "registered_30", "近 30 天登记的诉求，含直接答复与不予受理", at)
    return [registered, *(figure_of(rate, period) for rate in counted.rates)]


def odd_units(user: User, period: Period, at: datetime) -> list[Line]:
    """Units whose callers are nearly all content and nearly never heard: someone may be choosing whom to ask."""
    lines = rates.table(Petition.objects.visible_to(user), period, at, by="unit")
    return [line for line in lines if line.key is not None and is_odd(line)]


def is_odd(line: Line) -> bool:
    return line.is_odd(
        satisfied_from=terms.setting("odd_satisfied_from"), answered_below=terms.setting("odd_answered_below")
    )


def _number(user: User, facet: str, definition: str, at: datetime) -> Figure:
    count = Petition.objects.visible_to(user).filter(FACETS[facet].where(at)).order_by().count()
    return Figure(FACETS[facet].label, definition, [Part(count, f"/petitions/?facet={facet}")])
