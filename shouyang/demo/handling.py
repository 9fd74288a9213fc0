"""What the units and the centre write about a petition: opinions, contacts, results, remarks, refusals."""

import random
from dataclasses import dataclass
from functools import cache

from shouyang.demo.phrasings import Letter
from shouyang.demo.slots import fill
from shouyang.demo.tables import rows


@dataclass(frozen=True)
class Refused:
    """A matter that belongs to another procedure: what was said, why not here, where to."""

    item: str
    nature: str
    title: str
    content: str
    reason: str
    direction: str


def result(rng: random.Random, letter: Letter) -> str:
    """How it ended: the answer to this question, or what was done about this case."""
    nature = letter.phrasing.nature
    if letter.phrasing.reply:
        return fill(letter.phrasing.reply, letter.slots, rng)
    if nature in ("suggestion", "thanks"):
        return sentence(rng, "result", letter)
    done = rng.choice(_of_case(letter, "result"))
    opening = sentence(rng, "opening", letter) if _on_the_spot(letter) and rng.random() < 0.35 else ""
    closing = _sentence_about(rng, "closing", letter) if rng.random() < 0.45 else ""
    return fill(opening + done + closing, letter.slots, rng)


def contact(rng: random.Random, letter: Letter) -> str:
    own = _of_case(letter, "contact")
    return own[0] if own and rng.random() < 0.4 else _sentence_about(rng, "contact", letter)


def remark(rng: random.Random, letter: Letter) -> str:
    """What a caller says who is asked and for whom it is not solved."""
    own = _of_case(letter, "remark")
    return rng.choice(own) if own and rng.random() < 0.6 else sentence(rng, "remark", letter)


def basis(letter: Letter) -> str:
    return next(row["text"] for row in _of_item(letter.phrasing.item) if row["kind"] == "basis")


def sentence(rng: random.Random, kind: str, letter: Letter) -> str:
    """One that fits any item: `again`, `approve`, `opinion`, `praise`, `reopen`, `unreached`, `wish` …"""
    return fill(rng.choice(_sentences(kind, letter.phrasing.nature)), letter.slots, rng)


def _sentence_about(rng: random.Random, kind: str, letter: Letter) -> str:
    """The same, half the time with somebody on the spot where there is one."""
    return sentence(rng, f"{kind}_on_the_spot" if _on_the_spot(letter) and rng.random() < 0.5 else kind, letter)


def _on_the_spot(letter: Letter) -> bool:
    return letter.phrasing.item[0] in "ABC" and letter.phrasing.nature in ("assistance", "complaint", "report")


@cache
def refused() -> tuple[Refused, ...]:
    return tuple(Refused(**row) for row in rows("demo/refused.csv"))


def _of_case(letter: Letter, kind: str) -> list[str]:
    case = letter.phrasing.case
    return [r["text"] for r in _of_item(letter.phrasing.item) if r["kind"] == kind and case in r["cases"].split()]


@cache
def _of_item(item: str) -> tuple[dict[str, str], ...]:
    return tuple(row for row in rows(f"demo/handling/{item[0]}.csv") if row["item"] == item)


@cache
def _sentences(kind: str, nature: str) -> tuple[str, ...]:
    return tuple(r["text"] for r in rows("demo/sentences.csv") if r["kind"] == kind and r["nature"] in ("", nature))
