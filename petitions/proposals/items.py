"""Which item is meant, told by the words: by its name, by the dispatch catalogue, by what earlier petitions taught."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from grids.models import Item
from petitions import choices, lessons, rarity
from petitions.models import Petition, Ruling
from petitions.terms import Kept
from petitions.words import grams, phrases

SHOWN = 3
WORTH_SAYING = 1.5  # two or three first words seldom weigh as much, unless they name the item
WORTH_SHOWING = 0.2  # of the best one's weight
SURE_AHEAD = 2.75  # times the runner-up: then nine in ten are right even when nobody has put it in these words before
SURE_FROM = 0.2  # for each sign of the text
IN_THE_CATALOGUE = 3.0  # what a word weighs that stands in the catalogue for one item alone
EVERYWHERE = 0.1  # of all petitions say it, like “小区”: then it names nothing
A_CHARACTER = 0.3  # of a word
QUOTED_FROM = 0.3  # of the loudest word
COUNTED_TO = 500
AT_NO_EDGE = "的了着被把与和及就也都还很又请在将是有"  # a quotation begins and ends with a word

Weights = Mapping[str, float]


@dataclass(frozen=True)
class ItemProposal:
    item: Item
    label: str
    reason: str
    sure: bool  # far enough ahead of the next one to be filled in unasked


def items_for(words: str) -> list[ItemProposal]:
    """Best first, each with its reason; what speaks for an item by single characters alone is none."""
    said = lessons.signs(words)
    named, ruled, taught = _spoken(said, by_name()), _spoken(said, by_ruling()), lessons.recall(said)
    items = {item.pk: item for item in choices.items().values() if not item.unsorted}
    weight: dict[int, float] = defaultdict(float)
    for source in (named, ruled, taught.weights):
        for pk in source.keys() & items.keys():
            weight[pk] += sum(source[pk].values())
    best = sorted(weight, key=lambda pk: (-weight[pk], items[pk].code))
    runner_up = weight[best[1]] if len(best) > 1 else 0.0
    proposals: list[ItemProposal] = []
    for pk in best:
        if len(proposals) == SHOWN or weight[pk] < max(WORTH_SAYING, WORTH_SHOWING * weight[best[0]]):
            break
        reasons = [
            _precedent(items[pk], _quotation(words, taught.weights.get(pk, {}), taught.words)),
            _named("事项名称含", _quotation(words, named.get(pk, {}))),
            _named("派单目录中此项写明", _quotation(words, ruled.get(pk, {}))),
        ]
        if reason := "；".join(filter(None, reasons)):
            sure = weight[pk] >= SURE_AHEAD * runner_up and weight[pk] >= SURE_FROM * len(said)
            proposals.append(ItemProposal(items[pk], choices.label_of_item(items[pk]), reason, sure))
    return proposals


def _named(where: str, quoted: str) -> str:
    return f"{where}“{quoted}”" if quoted else ""


def _precedent(item: Item, quoted: str) -> str:
    """Counted where so many callers said it that the number gives none of them away."""
    if not quoted:
        return ""
    same = Petition.objects.filter(item=item, words__contains=grams(quoted)).order_by()
    callers = list(same.values_list("caller_fingerprint", flat=True)[:COUNTED_TO])
    if len({*callers} - {None}) + callers.count(None) < lessons.HEARD_FROM:
        return f"以往说到“{quoted}”的诉求多归为此项"
    return f"已有 {len(callers)} {'多' if len(callers) == COUNTED_TO else ''}件说到“{quoted}”的诉求归为此项"


def _quotation(words: str, weights: Weights, whole: Collection[str] | None = None) -> str:
    """Of what was said, the piece that weighs most, as it stands in the text; it begins and ends with a whole word."""
    pairs = {sign: weight for sign, weight in weights.items() if len(sign) > 1}
    loud = [sign for sign, weight in pairs.items() if weight >= QUOTED_FROM * max(pairs.values())]
    pieces = [_trimmed(piece, whole) for piece in phrases(words, loud)]
    return max(pieces, key=lambda piece: sum(pairs.get(word, 0.0) for word in grams(piece)), default="")


def _trimmed(piece: str, whole: Collection[str] | None) -> str:
    piece = piece.strip(AT_NO_EDGE) if len(piece) > 2 else piece
    if whole is None or piece.isascii():
        return piece
    while len(piece) > 1 and piece[:2] not in whole:
        piece = piece[1:]
    while len(piece) > 1 and piece[-2:] not in whole:
        piece = piece[:-1]
    return piece if len(piece) > 1 else ""


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
    part = rarity.parts()
    return {
        sign: dict.fromkeys(pks, _of_a_word(sign) * IN_THE_CATALOGUE * (1 - math.log(len(pks)) / most))
        for sign, pks in items_of.items()
        if part.get(sign, 0.0) < EVERYWHERE
    }


def _of_a_word(sign: str) -> float:
    return A_CHARACTER if len(sign) == 1 else 1.0


def _spoken(said: list[str], weights: dict[str, dict[int, float]]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for sign in said:
        for pk, weight in weights.get(sign, {}).items():
            found.setdefault(pk, {})[sign] = weight
    return found
