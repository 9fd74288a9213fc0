"""Who lives together: families of every kind, and how soon somebody should look in on each. Domain §3.6."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from shouyang.demo.people import Cared, Person, other, somebody

OLD, VERY_OLD = 60, 80
# Of a thousand households; the colours follow from the people, and these shares from what a grid has of each colour.
KINDS = {
    "alone_80": 4.6, "both_80": 1.8, "helpless": 2.0, "gravely_ill": 1.5,
    "low_income": 12.0, "destitute": 2.4, "child_in_need": 4.0, "bereaved": 2.6, "badly_disabled": 6.4,
    "empty_nest": 52.0, "veteran": 11.0, "tenants": 58.0, "shared": 7.0,
    "couple": 94.0, "single": 27.0, "one_child": 252.0, "two_children": 190.0, "three_generations": 236.0,
    "grown_child": 41.0,
}  # fmt: skip
ORDINARY = ("couple", "one_child", "two_children", "three_generations", "grown_child")
RENTING = ("tenants", "shared")
NEEDS = ("助餐", "助洁", "陪诊", "代购", "定期探访", "康复器具", "课业辅导", "理发")
LOW, DESTITUTE = "低保", "特困"
HARDSHIPS = ("因病", "因残", "缺劳力", "失业", "因学")


@dataclass(slots=True)
class Family:
    kind: str
    people: list[Person]
    welfare: str = ""
    hardship: str = ""
    contact: int = 0  # which of them

    @property
    def renting(self) -> bool:
        return self.kind in RENTING


def family(rng: random.Random, on: date, kind: str = "") -> Family:
    kind = kind or rng.choices(_kinds, cum_weights=_shares)[0]
    made = Family(kind, _people(rng, on, kind))
    if kind in ("low_income", "destitute"):
        made.welfare = LOW if kind == "low_income" else DESTITUTE
        made.hardship = rng.choice(HARDSHIPS)
    _care(rng, made)
    return made


def colour(family: Family, *, complained: bool = False) -> str:
    """What the rules make of these people."""
    people = family.people
    cares = {care.category: care.degree for person in people for care in person.cares}
    by_themselves = all(person.age >= OLD for person in people)
    if by_themselves and any(person.age >= VERY_OLD for person in people):
        return "red"
    if ("no_self_care" in cares and (len(people) == 1 or by_themselves)) or cares.get("serious_illness") == "近期突发":
        return "red"
    heavy = cares.get("disability") in ("一级", "二级")
    if family.welfare or heavy or cares.keys() & {"child_in_need", "bereaved", "serious_illness"}:
        return "orange"
    if by_themselves or family.renting or complained or "veteran" in cares:
        return "yellow"
    return "green"


def _people(rng: random.Random, on: date, kind: str) -> list[Person]:
    between = rng.randint
    match kind:
        case "alone_80":
            return [
                somebody(rng, on, "head", rng.choice(("male", "female", "female")), between(80, 93), marriage="widowed")
            ]
        case "both_80":
            return _couple(rng, on, between(80, 90))
        case "helpless":
            return _couple(rng, on, between(66, 79))
        case "bereaved":
            return _couple(rng, on, between(50, 59))
        case "destitute":
            return [somebody(rng, on, "head", "male", between(60, 79), marriage="single")]
        case "child_in_need":
            elders = _couple(rng, on, between(56, 70))
            return [*elders, _child(rng, on, elders[0], between(4, 15), "grandchild")]
        case "empty_nest":
            elders = _couple(rng, on, between(60, 79))
            return elders if rng.random() < 0.8 and elders[1].age >= OLD else _alone(elders[0])
        case "single":
            return [somebody(rng, on, "head", rng.choice(("male", "female")), between(23, 56))]
        case "couple":
            return _couple(rng, on, between(25, 59))
        case "tenants":
            return _young(rng, on, between(22, 45), rng.choice((0, 0, 1, 1, 2)))[: rng.choice((1, 2, 3, 4))]
        case "shared":
            head = somebody(rng, on, "head", "male", between(22, 50))
            return [head, *(somebody(rng, on, "tenant", "male", between(19, 50)) for _ in range(between(2, 5)))]
        case "two_children":
            return _young(rng, on, between(30, 50), 2)
        case "grown_child":
            parents = _couple(rng, on, between(48, 59))
            return [*parents, _child(rng, on, parents[0], between(20, parents[0].age - 23))]
        case "three_generations":
            return _three(rng, on)
    return _young(rng, on, between(25, 50), 1)


def _couple(rng: random.Random, on: date, age: int) -> list[Person]:
    head = somebody(rng, on, "head", "male" if rng.random() < 0.84 else "female", age)
    younger = rng.choice((-1, 0, 0, 1, 1, 2, 3)) * (1 if head.sex == "male" else -1)
    age_of_other = max(21, age - younger)
    if age >= OLD:
        age_of_other = max(age_of_other, VERY_OLD if age >= VERY_OLD else 58)
    return [head, somebody(rng, on, "spouse", other(head.sex), age_of_other)]


def _alone(person: Person) -> list[Person]:
    person.marriage = "widowed"
    return [person]


def _young(rng: random.Random, on: date, age: int, children: int) -> list[Person]:
    parents = _couple(rng, on, age)
    oldest = max(0, min(22, age - 24))
    ages = sorted((rng.randint(max(0, oldest - 9), oldest) for _ in range(children)), reverse=True)
    return [*parents, *(_child(rng, on, parents[0], years) for years in ages)]


def _three(rng: random.Random, on: date) -> list[Person]:
    family = _young(rng, on, rng.randint(27, 54), rng.choice((1, 1, 2)))
    head = family[0]
    age = head.age + rng.randint(22, 31)
    elders = [somebody(rng, on, "parent", sex, min(age - (sex == "female"), 96)) for sex in ("male", "female")]
    elders[0].surname, elders[0].name = head.surname, head.surname + elders[0].given
    if rng.random() < 0.45:
        elders = _alone(rng.choice((elders[1], elders[1], elders[0])))
    return [*family, *elders]


def _child(rng: random.Random, on: date, of: Person, age: int, relation: str = "child") -> Person:
    return somebody(rng, on, relation, rng.choice(("male", "female")), age, surname=of.surname, marriage="single")


def _care(rng: random.Random, family: Family) -> None:
    people, kind = family.people, family.kind
    alone, old = len(people) == 1, all(person.age >= OLD for person in people)
    for person in people:
        if person.age >= VERY_OLD:
            person.cares.append(Cared("over_80", need=rng.choice(NEEDS)))
        if person.age >= OLD and alone:
            person.cares.append(Cared("alone", need=rng.choice(NEEDS)))
        elif old:
            person.cares.append(Cared("empty_nest"))
    first = people[0]
    match kind:
        case "helpless":
            first.cares.append(Cared("no_self_care", "重度", "康复器具"))
        case "gravely_ill":
            first.cares.append(Cared("serious_illness", "近期突发", "陪诊"))
        case "child_in_need":
            people[-1].cares.append(Cared("child_in_need", need="课业辅导"))
        case "bereaved":
            first.cares.append(Cared("bereaved", need="定期探访"))
        case "badly_disabled":
            first.cares.append(Cared("disability", rng.choice(("一级", "二级")), "康复器具"))
        case "veteran":
            first.cares.append(Cared("veteran"))
        case _ if rng.random() < 0.015:
            first.cares.append(Cared("disability", rng.choice(("三级", "四级")), ""))


_kinds: Sequence[str] = tuple(KINDS)
_shares = tuple(accumulate(KINDS.values()))
