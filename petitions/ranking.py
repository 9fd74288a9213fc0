"""The table of rates as people read it: a line per unit, place, item or channel, every number the door to its list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from grids.scope import holds, places_of, units_of
from petitions import choices, rates, reports
from petitions.models import Petition
from petitions.models.petition import OF_A_PLACE, OF_A_UNIT, WHOLE_CITY, PetitionQuerySet
from petitions.periods import Period
from petitions.rates import DEDUCTIONS, GROUPS, Line
from petitions.reports import Figure, Part
from petitions.rows import names

SORTS = {
    **{measure.name: measure.label for measure in rates.MEASURES.values()},
    "deducted": "扣分",
    "score": "综合得分",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page says."""

    by: str
    period: Period
    place: str = ""
    unit: int | None = None
    item: str = ""
    channel: str = ""
    sort: str = ""
    falling: bool = True

    @property
    def narrowed(self) -> dict[str, Any]:
        """The same, in the words of the list of petitions."""
        return {"place": self.place, "part_of": self.unit, "item": self.item, "channel": self.channel}

    def among(self, user: User) -> PetitionQuerySet:
        petitions = Petition.objects.visible_to(user)
        if self.place:
            petitions = petitions.filter(place__code__startswith=self.place)
        if self.item:
            petitions = petitions.filter(item__code=self.item)
        return petitions.filter(channel=self.channel) if self.channel else petitions


@dataclass(frozen=True, slots=True)
class Standing:
    name: str
    figures: list[Figure]
    raw: list[Figure]  # the same without what was left out
    deductions: list[Part]
    line: Line
    scored: bool  # a score judges one unit; what is deducted from many together says nothing
    odd: bool

    @property
    def cells(self) -> list[tuple[Figure, Figure | None]]:
        """Each rate, and what it would be with what was left out, where that is another number."""
        pairs = zip(self.figures, self.raw, strict=True)
        return [(one, raw if _counts(raw) != _counts(one) else None) for one, raw in pairs]

    @property
    def deducted(self) -> int:
        return self.line.deducted

    @property
    def score(self) -> str:
        return "—" if self.value is None else f"{self.value:.1f}"

    @property
    def value(self) -> float | None:
        return self.line.score if self.scored else None


def _counts(figure: Figure) -> list[int]:
    return [part.count for part in (*figure.parts, figure.whole) if part]


def standings(user: User, asked: Asked, at: datetime) -> list[Standing]:
    """One query for all lines, sorted here: there are at most some hundreds."""
    lines = rates.table(asked.among(user), asked.period, at, by=asked.by, unit=asked.unit)
    named = _names(asked.by)
    hers = _own_units(user) if asked.by == "unit" else None
    known = [(named(line.key), line) for line in lines if hers is None or line.key in hers]
    known.sort(key=lambda pair: pair[0][0])
    if asked.sort in SORTS:
        known.sort(key=lambda pair: _order(pair[1], asked.sort, asked.falling))
    return [_standing(name, line, asked, key) for (name, key), line in known]


def total(user: User, asked: Asked, at: datetime) -> Standing:
    """Not the sum of the lines: a petition that two units handled counts once."""
    line = rates.whole(asked.among(user), asked.period, at, unit=asked.unit)
    return _standing("合计", line, asked, {})


def _own_units(user: User) -> set[int] | None:
    """Who sees a unit's petitions and nothing else sees that unit's part alone; None: every unit's."""
    if holds(user, *WHOLE_CITY) or list(places_of(user, *OF_A_PLACE)):
        return None
    return set(units_of(user, *OF_A_UNIT))


def _order(line: Line, sort: str, falling: bool) -> tuple[bool, float]:
    """What has no value stands last, either way."""
    found: dict[str, float | None] = {rate.measure.name: rate.value for rate in line.rates}
    value = (found | {"deducted": line.deducted, "score": line.score})[sort]
    return value is None, 0 if value is None else -value if falling else value


def _standing(name: str, line: Line, asked: Asked, key: dict[str, Any] | None) -> Standing:
    where = asked.narrowed | (key or {})
    one_unit = asked.by == "unit" and bool(line.key)
    link: Callable[..., str] = (lambda *_, **__: "") if key is None else reports.list_of
    return Standing(
        name,
        [_figure(rate, asked, where, key) for rate in line.rates],
        [_figure(rate, asked, where | {"with_excluded": "on"}, key) for rate in line.raw_rates],
        [
            Part(line.counts[one.mark], link(one.mark, asked.period, **where), rates.MARKS[one.mark])
            for one in DEDUCTIONS
            if line.counts[one.mark]
        ],
        line,
        one_unit,
        one_unit and reports.is_odd(line),
    )


def _figure(rate: rates.Rate, asked: Asked, where: dict[str, Any], key: dict[str, Any] | None) -> Figure:
    figure = reports.figure_of(rate, asked.period, **where)
    if key is not None:
        return figure
    bare = [Part(part.count, "", part.weight) for part in figure.parts]
    return Figure(figure.label, figure.definition, bare, Part(rate.whole, ""), figure.value)


def _names(by: str) -> Callable[[Any], tuple[str, dict[str, Any] | None]]:
    """A group's name, and how the list of petitions is narrowed to it; None: no list is just that group."""
    if by == "unit":
        units = names().units
        return lambda key: (units.get(key, "（未定单位）"), {"part_of": key} if key else None)
    if by == "item":
        items, codes = names().items, {item.pk: code for code, item in choices.items().items()}
        return lambda key: (items.get(key, "—"), {"item": codes[key]} if key in codes else None)
    if by == "channel":
        channels = choices.channels()
        return lambda key: (channels[key].name if key in channels else key, {"channel": key})
    length = {"street": 9, "community": 12, "grid": 15}[by]
    places = names().places
    return lambda key: (
        (places.get(key, key), {"place": key})
        if len(key) == length
        else (f"{places.get(key, key)}（未定{GROUPS[by][0]}）", None)
    )


def said(asked: Asked) -> str:
    """What the table is of, in words, for the sheet and the print."""
    words: Iterable[str] = (
        asked.period.label,
        f"按{GROUPS[asked.by][0]}",
        names().places.get(asked.place, asked.place),
        names().units.get(asked.unit, "") if asked.unit else "",
        names().items.get(choices.items()[asked.item].pk, "") if asked.item else "",
        choices.channels()[asked.channel].name if asked.channel else "",
    )
    return "；".join(word for word in words if word)
