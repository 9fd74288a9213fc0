"""Who lives behind the doors of one grid, since when, and what became of the promises made to them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from grids.models import VisitRule
from shouyang.demo import blocks, families, stage, visiting
from shouyang.demo.callers import Caller
from shouyang.demo.cast import GRID
from shouyang.demo.families import Family
from shouyang.demo.housing import Door
from shouyang.demo.people import Numbers, sex_of
from shouyang.demo.stage import Act
from shouyang.demo.visiting import Story

A_YEAR = 365
NEWCOMERS = {True: 0.16, False: 0.012}  # of those who rent, and of the others: within the last year
SPOKEN_FOR = "child_in_need"  # with whose care the guardian's name is on record: nobody there takes another
TRIES = 12  # at a family to which the caller could belong


@dataclass(slots=True)
class Home:
    door: Door
    family: Family
    colour: str
    newcomer: bool
    since: date
    story: Story
    pk: int = 0  # these three once its rows are made
    dwelling: int = 0
    address: str = ""


@dataclass(frozen=True)
class Times:
    now: datetime
    today: date
    rules: Mapping[str, VisitRule]


def of(
    rng: random.Random, grid: str, doors: Sequence[Door], callers: Sequence[Caller], numbers: Numbers, times: Times
) -> list[Home | None]:
    """One for each door; None: nobody lives there."""
    behind = {_key(door): n for n, door in enumerate(doors)}
    calling: dict[int, Caller] = {}
    elsewhere = []
    for caller in callers:
        n = behind.get(caller.door) if caller.door else None
        if n is None or n in calling:
            elsewhere.append(caller)
        else:
            calling[n] = caller
    quiet = [n for n in range(len(doors)) if n not in calling]
    rng.shuffle(quiet)
    living = quiet[: max(0, blocks.households()[grid] - len(calling))]
    acts = dict(zip(living, stage.ACTS, strict=False)) if grid == GRID else {}
    calling |= dict(zip(living[len(acts) :], elsewhere, strict=False))
    homes: list[Home | None] = [None] * len(doors)
    for n in sorted({*calling, *living}):
        homes[n] = _home(rng, doors[n], calling.get(n), acts.get(n), grid == GRID, numbers, times)
    return homes


def _home(
    rng: random.Random, door: Door, caller: Caller | None, act: Act | None, kept: bool, numbers: Numbers, times: Times
) -> Home:
    family = _with(rng, caller, times.today) if caller else families.family(rng, times.today, act.kind if act else "")
    for person in family.people:
        person.id_number = numbers.id_number(person.born_on, person.sex) if person.age else ""
        if person.age >= 16 and not person.phone and (person.age < 80 or rng.random() < 0.4):
            person.phone = numbers.phone()
    colour = families.colour(family, complained=caller is not None and caller.complained)
    rule = times.rules[colour]
    last = stage.last_visit(act, rule, times.today) if act else None
    newcomer = rng.random() < NEWCOMERS[family.renting]
    if act:
        newcomer = act.due is None
    since = _on_record(rng, colour, newcomer, times.today)
    founded = datetime.combine(
        last if act and newcomer and last else since, time(9, rng.randrange(60)), times.now.tzinfo
    )
    story = visiting.told(rng, rule, founded, times.today, last=last, kept=kept)
    lived = founded.date() if newcomer else since - timedelta(days=rng.randrange(200, 5000))
    return Home(door, family, colour, newcomer, lived, story)


def _on_record(rng: random.Random, colour: str, newcomer: bool, today: date) -> date:
    """Who needed care was entered first; door after door took another year."""
    if newcomer:
        return today - timedelta(days=rng.randrange(1, A_YEAR))
    return today - timedelta(days=A_YEAR + rng.randrange(1, A_YEAR if colour == "green" else 100))


def _with(rng: random.Random, caller: Caller, on: date) -> Family:
    """A family of which the caller could be one: somebody of that sex and age takes name and number."""
    sex = sex_of(caller.name)
    for _ in range(TRIES):
        family = families.family(rng, on)
        if family.kind == SPOKEN_FOR:
            continue
        for person in family.people:
            if person.adult and person.sex == sex and (person.age >= families.OLD) == caller.elderly:
                break
        else:
            continue
        break
    else:
        person = family.people[0]
    surname = caller.name[: -len(person.given)] if caller.name.endswith(person.given) else caller.name[:1]
    if person.sex == "male":
        _rename(family, person.surname, surname)
    person.surname, person.name, person.phone = surname, caller.name, caller.phone
    family.contact = family.people.index(person)
    return family


def _rename(family: Family, old: str, new: str) -> None:
    for person in family.people:
        if person.surname == old and person.relation != "spouse":
            person.surname, person.name = new, new + person.given


def _key(door: Door) -> tuple[str, int, int, str]:
    return door.compound, door.building.number, door.unit, door.room
