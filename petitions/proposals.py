"""What the portal can know by itself while a call is written down, each with its reason."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import Unit
from grids.models import CITY_CODE, Item, Place, Span
from petitions import choices, clocks, terms, timeleft
from petitions.models import Clock, Petition, Promise, PromiseClass, Ruling
from petitions.rarity import telling
from petitions.words import grams, phrases

SHOWN = 4
SURE_FROM = 3.0
LEARNED_FROM = 400  # of the newest petitions that share a word

# How often each item was meant by petitions that share at least two telling words with what is being typed.
LEARN = """
SELECT item_id, count(*), (array_agg(array_to_string(shared, ' ') ORDER BY cardinality(shared) DESC))[1]
FROM (
    SELECT item_id, ARRAY(SELECT unnest(words) INTERSECT SELECT unnest(%(wanted)s::text[])) AS shared
    FROM (
        SELECT item_id, words FROM petitions_petition WHERE words && %(wanted)s::varchar[]
        ORDER BY registered_at DESC, id DESC LIMIT %(limit)s
    ) newest
) compared
WHERE cardinality(shared) >= %(least)s
GROUP BY item_id ORDER BY count(*) DESC LIMIT 8
"""


@dataclass(frozen=True)
class ItemProposal:
    item: Item
    label: str
    reason: str
    sure: bool  # far enough ahead of the next one to be filled in unasked


def items_for(words: str) -> list[ItemProposal]:
    """By the names of the items, and by what earlier petitions with the same words were about."""
    said = frozenset(grams(words))
    if not said:
        return []
    scores: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for code, name in choices.item_words().items():
        if shared := [word for word in grams(words) if word in name]:
            scores[code] = 3.0 * len(shared) / (len(name) ** 0.5)
            reasons[code] = [f"事项名称含{_quoted(words, shared)}"]
    for code, count, part, shared in _learned(words):
        scores[code] = scores.get(code, 0.0) + 6.0 * part
        reasons.setdefault(code, []).append(f"近期 {count} 件说到{_quoted(words, shared)}的诉求归为此项")
    known = choices.items()
    best = sorted(scores, key=lambda code: (-scores[code], code))[:SHOWN]
    runner_up = scores[best[1]] if len(best) > 1 else 0.0
    return [
        ItemProposal(
            known[code],
            choices.label_of_item(known[code]),
            "；".join(reasons[code]),
            sure=scores[code] >= SURE_FROM and scores[code] >= 1.5 * runner_up,
        )
        for code in best
    ]


def _learned(words: str) -> list[tuple[str, int, float, list[str]]]:
    wanted = telling(words)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        least = 2 if len(wanted) > 3 else 1
        cursor.execute(LEARN, {"wanted": wanted, "limit": LEARNED_FROM, "least": least})
        rows = cursor.fetchall()
    total = sum(count for _, count, _ in rows)
    by_pk = {item.pk: code for code, item in choices.items().items()}
    return [(by_pk[pk], count, count / total, sample.split()) for pk, count, sample in rows if pk in by_pk]


def _quoted(words: str, shared: list[str]) -> str:
    return "".join(f"“{phrase}”" for phrase in phrases(words, shared)[:2])


@dataclass(frozen=True)
class UnitProposal:
    unit: Unit
    reason: str


def unit_for(item: Item, place: Place | None, words: str = "") -> UnitProposal | None:
    """What was ruled once, before what the catalogue of items says."""
    if ruling := _ruled(item, place, words):
        on = f"{timezone.localdate(ruling.ruled_at):%Y-%m-%d}"
        said = f"、含“{ruling.said_words}”" if ruling.words else ""
        where = ruling.place.name
        return UnitProposal(
            ruling.unit, f"会商裁定（{on} {ruling.ruled_by}）：{where}“{item.name}”{said}由其承办，依据：{ruling.basis}"
        )
    unit = item.unit_for(place)
    if unit is None:
        return None
    if item.lead_id == unit.pk:
        return UnitProposal(unit, f"“{item.name}”由{item.lead_line}条线牵头")
    return UnitProposal(unit, "该事项由所在街道承办")


def _ruled(item: Item, place: Place | None, words: str) -> Ruling | None:
    """The most particular one that fits: more words, then a smaller place, then the newer."""
    code = place.code if place else CITY_CODE
    within = [code[:n] for n in (6, 9, 12, 15) if n <= len(code)]
    found = Ruling.objects.active().filter(item=item, place__in=within).select_related("unit", "place", "ruled_by")
    fitting = [ruling for ruling in found if ruling.unit.active and all(word in words for word in ruling.words)]
    return max(fitting, key=lambda one: (len(one.words), len(one.place_id), one.ruled_at), default=None)


@dataclass(frozen=True)
class Promised:
    clock: Clock
    label: str
    length: str
    since: str
    working: timeleft.Working


@dataclass(frozen=True)
class Outlook:
    """If it were saved and dispatched this minute: its class, and when each promise falls due."""

    promise_class: str
    promises: list[Promised]


def outlook(petition: Petition, at: datetime) -> Outlook:
    wanted = [Promise.DISPATCH, Promise.CONTACT, Promise.RESOLVE]
    if not petition.reachable:
        wanted.remove(Promise.CONTACT)
    return Outlook(
        PromiseClass(terms.class_of(petition)).label,
        [_promised(clocks.plan(petition, promise, at)) for promise in wanted],
    )


def _promised(clock: Clock) -> Promised:
    return Promised(
        clock=clock,
        label=Promise(clock.promise).label,
        length=f"{clock.amount} {Span(clock.span).label}",
        since="登记" if clock.promise == Promise.DISPATCH else "派单",
        working=timeleft.explain(clock),
    )
