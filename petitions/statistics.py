"""How the hotline does, told to everybody: counts and rates of a month or a year, by street and by kind.

The rates are those of `rates`, with both their parts. Few petitions in a line could be somebody's neighbours: counts
under five are not told, and where one such count could be worked out from the others, a second one is kept back.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Substr, TruncMonth
from django.utils import timezone

from accounts import drawn
from petitions import choices, handed_back, periods, rates
from petitions.models import Exclusion, Petition, Status
from petitions.periods import Period
from petitions.rates import MARKS, MEASURES, Measure, Rate
from petitions.reports import percent

FEWEST = 5
KEPT_FOR = 600  # seconds
KEPT_BACK = "少于 5"

RECEIVED = "统计期内各渠道登记的诉求，不予受理和并单的也在内"
CONCLUDED = "统计期内办理完毕的诉求：办结、直接答复、不予受理、终止办理；并单和挂账不算"
SUSPENDED = "现在经审批暂缓办理、在册的诉求；不算办结，也不算解决"
UPHELD = "单位提出“不属本单位职责”、经热线中心核定成立的件数 ÷ 统计期内所派并已核定的退单件数"


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    words: str
    definition: str
    working: str = ""  # both parts of a rate


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Number]


@dataclass(frozen=True, slots=True)
class Told:
    period: Period
    at: datetime
    counts: list[Number]
    rates: list[Number]
    left_out: list[tuple[str, int]]
    streets: list[Row]
    domains: list[Row]
    months: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str
    here: bool


Counts = Counter[tuple[int, str, str]]  # by month, street and domain


def period_of(words: str, at: datetime) -> Period:
    """One of those that are offered; anything else is this month."""
    offered = _offered(at)
    return next((period for period in offered if period.words == words), offered[0])


def links(here: Period, at: datetime) -> list[Link]:
    return [Link(one.label, f"?period={one.words}", one == here) for one in _offered(at)]


def _offered(at: datetime) -> list[Period]:
    today = timezone.localdate(at)
    before = periods.month_before(today)
    words = (f"{today:%Y-%m}", f"{before:%Y-%m}", str(today.year), str(today.year - 1))
    return [periods.read(one, at) for one in words]


def told(period: Period, at: datetime) -> Told:
    """Worked out once in ten minutes; it says when that was."""
    return drawn.once(f"statistics-{period.words}", lambda: _told(period, at), KEPT_FOR)


def _told(period: Period, at: datetime) -> Told:
    received, concluded = (_counted(column, period, at) for column in ("registered_at", "concluded_at"))
    everything = Petition.objects.order_by()
    by_street = {line.key: line.counts for line in rates.table(everything, period, at, by="street")}
    by_domain = _by_domain({line.key: line.counts for line in rates.table(everything, period, at, by="item")})
    months = _months(period)
    return Told(
        period=period,
        at=at,
        counts=[
            Number("收到", str(_sum(received, months)), RECEIVED),
            Number("办结", str(_sum(concluded, months)), CONCLUDED),
            Number("挂账在册", str(everything.filter(status=Status.SUSPENDED).count()), SUSPENDED),
        ],
        rates=[*(_rate(measure, _total(by_street.values())) for measure in MEASURES.values()), _upheld(period)],
        left_out=_left_out(period),
        streets=_rows(_streets(), received, concluded, months, by_street, lambda key: key[1]),
        domains=_rows(_domains(), received, concluded, months, by_domain, lambda key: key[2]),
        months=_by_month(received, concluded),
    )


# --- Counting -----------------------------------------------------------------------------------------------


def _counted(column: str, period: Period, at: datetime) -> Counts:
    """Of the whole year in which the period lies, so that the months of it stand beside each other."""
    year = periods.read(period.words[:4], at)
    petitions = Petition.objects.filter(**{f"{column}__gte": year.since, f"{column}__lt": min(year.until, at)})
    if column == "concluded_at":
        petitions = petitions.exclude(status=Status.MERGED)
    rows = petitions.order_by().annotate(month=TruncMonth(column), street=Substr("place_id", 1, 9))
    found = rows.values_list("month", "street", "item__domain").annotate(number=Count("pk"))
    return Counter({(month.month, street, domain): number for month, street, domain, number in found})


def _months(period: Period) -> list[int]:
    month = period.words[5:]
    return [int(month)] if month else list(range(1, 13))


def _sum(counted: Counts, months: Iterable[int]) -> int:
    among = set(months)
    return sum(number for (month, _, _), number in counted.items() if month in among)


def _by_month(received: Counts, concluded: Counts) -> list[tuple[str, int, int]]:
    """From the first month of the year in which there was anything to the last."""
    seen = sorted({month for month, *_ in (*received, *concluded)})
    months = range(seen[0], seen[-1] + 1) if seen else ()
    return [(f"{month} 月", _sum(received, [month]), _sum(concluded, [month])) for month in months]


def _by_domain(by_item: Mapping[int, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
    """A petition has one item, so that the sum of the items counts each petition once."""
    domain_of = {item.pk: item.domain for item in choices.items().values()}
    return {
        domain: _total(counts for pk, counts in by_item.items() if domain_of.get(pk) == domain)
        for domain in dict.fromkeys(domain_of.values())
    }


def _total(lines: Iterable[Mapping[str, int]]) -> Counter[str]:
    total = Counter(dict.fromkeys(MARKS, 0))
    for line in lines:
        total.update(line)
    return total


def _streets() -> dict[str, str]:
    """And the city itself, where what lies in no street is counted."""
    named = {code: place.name for code, place in choices.places().items() if len(code) == 9}
    return named | {code: "未定街道" for code, place in choices.places().items() if len(code) == 6}


def _domains() -> dict[str, str]:
    return {item.domain: item.domain for item in choices.items().values()}


# --- Telling ----------------------------------------------------------------------------------------------------


def guarded(counts: Sequence[int]) -> list[int | None]:
    """Those that may be told; None where a few people stand behind a count, or it would give such a one away."""
    few = {place for place, count in enumerate(counts) if 0 < count < FEWEST}
    if len(few) == 1:
        others = [place for place, count in enumerate(counts) if count >= FEWEST]
        few |= {min(others, key=lambda place: counts[place])} if others else set()
    return [None if place in few else count for place, count in enumerate(counts)]


def _rows(
    named: Mapping[str, str],
    received: Counts,
    concluded: Counts,
    months: list[int],
    marks: Mapping[str, Mapping[str, int]],
    group: Callable[[tuple[int, str, str]], str],
) -> list[Row]:
    none = _total(())
    columns = [
        [_plain(label, count, about) for count in guarded([_of(counted, months, key, group) for key in named])]
        for label, counted, about in (("收到", received, RECEIVED), ("办结", concluded, CONCLUDED))
    ]
    for measure in MEASURES.values():
        known = guarded([marks.get(key, none)[measure.whole] for key in named])
        columns.append(
            [
                Number(measure.label, "件数少，不列", measure.definition)
                if whole is None
                else _rate(measure, marks.get(key, none))
                for key, whole in zip(named, known, strict=True)
            ]
        )
    rows = [Row(name, list(cells)) for name, *cells in zip(named.values(), *columns, strict=True)]
    return [row for row in rows if row.cells[0].words != "0" or row.cells[1].words != "0"]


def _of(counted: Counts, months: list[int], key: str, group: Callable[[tuple[int, str, str]], str]) -> int:
    return sum(number for place, number in counted.items() if place[0] in months and group(place) == key)


def _plain(label: str, count: int | None, definition: str) -> Number:
    return Number(label, KEPT_BACK if count is None else str(count), definition)


def _rate(measure: Measure, counts: Mapping[str, int]) -> Number:
    rate = Rate(measure, counts)
    if 0 < rate.whole < FEWEST:
        return Number(measure.label, "件数少，不列", measure.definition)
    parts = " + ".join(f"{f'{weight:g} × ' if weight != 1 else ''}{counts[mark]}" for mark, weight in measure.parts)
    return Number(measure.label, percent(rate.value), measure.definition, f"{parts} ÷ {rate.whole}")


def _upheld(period: Period) -> Number:
    counts = handed_back.whole(period)
    decided = counts["upheld"] + counts["rejected"]
    if 0 < decided < FEWEST:
        return Number("退单成立率", "件数少，不列", UPHELD)
    value = counts["upheld"] / decided if decided else None
    return Number("退单成立率", percent(value), UPHELD, f"{counts['upheld']} ÷ {decided}")


def _left_out(period: Period) -> list[tuple[str, int]]:
    """How many two people have left out of the rates, by reason: open to all, so that nobody hides behind it."""
    found = Exclusion.objects.standing().filter(decided_at__gte=period.since, decided_at__lt=period.until)
    numbers = Counter(found.values_list("reason", flat=True))
    return [(reason.label, numbers[reason]) for reason in Exclusion.Reason if numbers[reason]]
