"""What a visit finds, in the words of those who go: mostly nothing, now and then a need, a hazard, a dispute."""

import random
from dataclasses import dataclass
from functools import cache

from shouyang.demo.tables import rows

SHARES = {"need": 0.065, "wish": 0.015, "hazard": 0.03, "dispute": 0.02}
SAID_ANYWAY = 0.15  # where nothing was found


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    item: str = ""
    words: str = ""
    after: str = ""

    @property
    def finding(self) -> str:
        """As the visit has it: a wish is a need."""
        return "need" if self.kind == "wish" else self.kind


NOTHING = Found("none")


def found(rng: random.Random) -> Found:
    dice = rng.random()
    for kind, share in SHARES.items():
        if dice < share:
            return rng.choice(_known()[kind])
        dice -= share
    return rng.choice(_known()["none"]) if rng.random() < SAID_ANYWAY else NOTHING


def of_kind(rng: random.Random, kind: str) -> Found:
    return rng.choice(_known()[kind])


@cache
def _known() -> dict[str, list[Found]]:
    known: dict[str, list[Found]] = {}
    for row in rows("demo/found_on_visits.csv"):
        known.setdefault(row["kind"], []).append(Found(row["kind"], row["item"], row["words"], row["after"]))
    return known
