"""What people say: for each item some cases, each a matter of one nature that fits its item and its season."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from shouyang.demo.addresses import Address, Shape
from shouyang.demo.slots import about, fill
from shouyang.demo.tables import months, rows

SHAPE_OF_SLOT = (
    ("{home}", Shape.HOME),
    ("{number}", Shape.ROAD),
    ("{corner}", Shape.CORNER),
    ("{compound}", Shape.YARD),
    ("{place}", Shape.YARD),
    ("{road}", Shape.ROAD),
)
HAPPENED_WITHIN = {"critical": timedelta(hours=1), "urgent": timedelta(hours=9), "normal": timedelta(hours=30)}


@dataclass(frozen=True)
class Phrasing:
    item: str
    case: str
    nature: str
    months: frozenset[int]
    title: str
    content: str
    reply: str  # to a consultation: this question has this answer

    @property
    def shape(self) -> Shape:
        """Where such a thing happens, told by the slots of its own words."""
        said = self.title + self.content
        return next((shape for slot, shape in SHAPE_OF_SLOT if slot in said), Shape.ANY)


@dataclass(frozen=True)
class Letter:
    """One phrasing made out for one address and one moment, and the words it was made with."""

    phrasing: Phrasing
    title: str
    content: str
    slots: dict[str, str]
    happened_at: datetime | None  # where the words name a moment

    @property
    def first_person(self) -> bool:
        return any(word in self.content for word in ("我", "本人", "自家", "家里", "家中"))


def choose(rng: random.Random, nature: str, month: int) -> Phrasing:
    """An item by how often it comes up in this month, then one of its cases."""
    items, weights = _weighted(nature, month)
    return rng.choice(_cases(nature, month)[rng.choices(items, weights)[0]])


def write(rng: random.Random, phrasing: Phrasing, address: Address, at: datetime) -> Letter:
    within = timedelta(days=3) if phrasing.nature == "thanks" else HAPPENED_WITHIN[urgencies()[phrasing.item]]
    slots, then = about(address, at, rng, within=within)
    title = phrasing.title if "{" in phrasing.title else phrasing.title + _whereabouts(rng, phrasing)
    happened_at = then.replace(second=0, microsecond=0) if "{when}" in phrasing.content else None
    return Letter(phrasing, fill(title, slots, rng), fill(phrasing.content, slots, rng), slots, happened_at)


def _whereabouts(rng: random.Random, phrasing: Phrasing) -> str:
    """An operator adds the place to a title that does not name it; to a general question not always."""
    if phrasing.shape == Shape.ANY and (phrasing.nature == "consultation" or rng.random() < 0.3):
        return ""
    named = {Shape.ROAD: "{road}", Shape.CORNER: "{road}", Shape.ANY: "{community}"}
    return f"（{named.get(phrasing.shape, '{compound}')}）"


@cache
def phrasings() -> tuple[Phrasing, ...]:
    return tuple(
        Phrasing(
            row["item"], row["case"], row["nature"], months(row["months"]), row["title"], row["content"], row["reply"]
        )
        for domain in "ABCDEF"
        for row in rows(f"demo/phrasings/{domain}.csv")
    )


@cache
def urgencies() -> dict[str, str]:
    return {row["code"]: row["urgency"] for name in ("items.csv", "items_beyond.csv") for row in rows(name)}


@cache
def _cases(nature: str, month: int) -> dict[str, list[Phrasing]]:
    cases: dict[str, list[Phrasing]] = {}
    for phrasing in phrasings():
        if phrasing.nature == nature and month in phrasing.months:
            cases.setdefault(phrasing.item, []).append(phrasing)
    return cases


@cache
def _weighted(nature: str, month: int) -> tuple[list[str], list[int]]:
    weights = {
        row["item"]: int(row["season_weight" if row["season"] and month in months(row["season"]) else "weight"])
        for row in rows("demo/frequencies.csv")
    }
    items = list(_cases(nature, month))
    return items, [weights[item] for item in items]
