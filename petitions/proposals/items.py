"""Which item is meant, told by the words: by its name, by the dispatch catalogue, by what earlier petitions taught."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from grids.models import Item
from petitions import choices, lessons
from petitions.models import Petition, Ruling
from petitions.terms import Kept
from petitions.words import grams, phrases

SHOWN = 4
WORTH_SHOWING = 0.2  # of the best one's weight
SURE_AHEAD = 3.0  # times the runner-up: then nine in ten are right even when nobody has put it in these words before
SURE_FROM = 0.2  # for each sign of the text
IN_THE_CATALOGUE = 3.0  # what a word weighs that stands in the catalogue for one item alone
A_CHARACTER = 0.3  # of a word
QUOTED_FROM = 0.3  # of the loudest word
RECENT = timedelta(days=365)
COUNTED_TO = 500
AT_NO_EDGE = "的了着被把与和及就也都还很又请在将是有"  # a quotation begins and ends with a word

Weights = Mapping[str, float]


@dataclass(frozen=True)
class ItemProposal:
    item: Item
    label: str
    reason: str
    sure: bool  # far enough ahead of the next one to be filled in unasked


def items_for(words: str, at: datetime) -> list[ItemProposal]:
    said = lessons.signs(words)
    named, ruled, taught = _spoken(said, by_name()), _spoken(said, by_ruling()), lessons.recall(said)
    items = {item.pk: item for item in choices.items().values()}
    weight: Counter[int] = Counter()
    for source in (named, ruled, taught):
        for pk in source.keys() & items.keys():
            weight[pk] += sum(source[pk].values())  # type: ignore[assignment]
    best = sorted(weight, key=lambda pk: (-weight[pk], items[pk].code))[:SHOWN]
    runner_up = weight[best[1]] if len(best) > 1 else 0
    return [
        ItemProposal(
            items[pk],
            choices.label_of_item(items[pk]),
            "；".join(_reasons(words, items[pk], at, *(source.get(pk, {}) for source in (named, ruled, taught)))),
            sure=weight[pk] >= SURE_AHEAD * runner_up and weight[pk] >= SURE_FROM * len(said),
        )
        for pk in best
        if weight[pk] >= WORTH_SHOWING * weight[best[0]]
    ]


def _reasons(words: str, item: Item, at: datetime, named: Weights, ruled: Weights, taught: Weights) -> Iterator[str]:
    if named:
        yield f"事项名称含“{_quotation(words, named)}”"
    if ruled:
        yield f"派单目录中此项写明“{_quotation(words, ruled)}”"
    if taught:
        yield _precedent(item, _quotation(words, taught), at)


def _precedent(item: Item, quoted: str, at: datetime) -> str:
    """Counted where so many callers said it that the number gives none of them away."""
    recent = Petition.objects.filter(item=item, registered_at__gt=at - RECENT).order_by()
    same = recent.filter(words__contains=grams(quoted)) if len(quoted) > 1 else recent.none()
    callers = list(same.values_list("caller_fingerprint", flat=True)[:COUNTED_TO])
    if len({*callers} - {None}) + callers.count(None) < lessons.HEARD_FROM:
        return f"近期说到“{quoted}”的诉求多归为此项"
    return f"近期 {len(callers)} {'多' if len(callers) == COUNTED_TO else ''}件说到“{quoted}”的诉求归为此项"


def _quotation(words: str, weights: Weights) -> str:
    """Of what was said, the piece that weighs most, as it stands in the text."""
    loudest = max(weights, key=lambda sign: (weights[sign], sign))
    loud = [sign for sign in weights if len(sign) > 1 and weights[sign] >= QUOTED_FROM * weights[loudest]]
    pieces = phrases(words, loud)
    if not pieces:
        return loudest
    piece = max(pieces, key=lambda piece: sum(weights.get(word, 0.0) for word in grams(piece)))
    return piece.strip(AT_NO_EDGE) if len(piece.strip(AT_NO_EDGE)) > 1 else piece


# --- What the catalogues say ------------------------------------------------------------------------------


def _read_names() -> dict[str, dict[int, float]]:
    return _weighed({item.pk: item.name for item in choices.items().values()})


def _read_rulings() -> dict[str, dict[int, float]]:
    texts: dict[int, str] = {}
    for ruling in Ruling.objects.active():
        texts[ruling.item_id] = " ".join([texts.get(ruling.item_id, ""), *ruling.words])
    return _weighed(texts)


by_name = Kept(_read_names)
by_ruling = Kept(_read_rulings)


def _weighed(texts: dict[int, str]) -> dict[str, dict[int, float]]:
    """Sign → item → weight: a word of many items says little about each."""
    items_of: dict[str, list[int]] = {}
    for pk, text in texts.items():
        for sign in lessons.signs(text):
            items_of.setdefault(sign, []).append(pk)
    most = math.log(len(choices.items()) or 1) or 1.0
    return {
        sign: dict.fromkeys(pks, _of_a_word(sign) * IN_THE_CATALOGUE * (1 - math.log(len(pks)) / most))
        for sign, pks in items_of.items()
    }


def _of_a_word(sign: str) -> float:
    return A_CHARACTER if len(sign) == 1 else 1.0


def _spoken(said: list[str], weights: dict[str, dict[int, float]]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for sign in said:
        for pk, weight in weights.get(sign, {}).items():
            found.setdefault(pk, {})[sign] = weight
    return found
