"""What a visit finds, in the words of those who go: mostly nothing, now and then a need, a hazard, a dispute."""

import random
from dataclasses import dataclass
from functools import cache

from shouyang.demo.families import OLD, Family
from shouyang.demo.tables import rows

SHARES = {"need": 0.065, "wish": 0.015, "hazard": 0.03, "dispute": 0.02}
SAID_ANYWAY = 0.15  # where nothing was found
SCHOOL = (5, 15)  # years of age


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    item: str = ""
    words: str = ""
    after: str = ""
    fits: str = ""  # whose homes; empty: anybody's

    @property
    def finding(self) -> str:
        """As the visit has it: a wish is a need, and where nobody was met nothing was found."""
        return {"wish": "need", "nobody": "none"}.get(self.kind, self.kind)


NOTHING = Found("none")


def found(rng: random.Random, family: Family) -> Found:
    dice = rng.random()
    for kind, share in SHARES.items():
        if dice < share:
            return of_kind(rng, kind, family)
        dice -= share
    return of_kind(rng, "none", family) if rng.random() < SAID_ANYWAY else NOTHING


def of_kind(rng: random.Random, kind: str, family: Family) -> Found:
    whose = _whose(family)
    return rng.choice([one for one in _known()[kind] if one.fits in whose])


def _whose(family: Family) -> set[str]:
    whose = {"", *(care.category for person in family.people for care in person.cares)}
    if family.renting:
        whose.add("renting")
    if any(person.age >= OLD for person in family.people):
        whose.add("old")
    if any(SCHOOL[0] <= person.age <= SCHOOL[1] for person in family.people):
        whose.add("child")
    return whose


@cache
def _known() -> dict[str, list[Found]]:
    known: dict[str, list[Found]] = {}
    for row in rows("demo/found_on_visits.csv"):
        found = Found(row["kind"], row["item"], row["words"], row["after"], row["fits"])
        known.setdefault(row["kind"], []).append(found)
    return known
