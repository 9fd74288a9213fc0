"""Who lives together: families of every kind, and how soon somebody should look in on each. Domain §3.6."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from grids.priority import OLD, VERY_OLD, advised
from shouyang.demo.people import Cared, Person, other, somebody

# Of a thousand households; the colours follow from the people, and these shares from what a grid has of each colour.
KINDS = {
    "alone_80": 4.6, "nest_80": 1.8, "helpless": 2.0, "gravely_ill": 1.5,
    "low_income": 12.0, "destitute": 2.4, "child_in_need": 4.0, "bereaved": 2.6, "badly_disabled": 6.4,
    "empty_nest": 58.0, "veteran": 11.0, "tenants": 58.0, "shared": 7.0,
    "couple": 78.7, "single": 26.0, "one_parent": 25.0, "one_child": 160.0, "two_children": 160.0,
    "three_generations": 235.0, "with_parents": 53.0, "grown_child": 91.0,
}  # fmt: skip
ORDINARY = ("couple", "one_child", "two_children", "three_generations", "with_parents", "grown_child")
RENTING = ("tenants", "shared")
UNABLE = ("helpless", "destitute", "badly_disabled")  # to work
SEXES = ("male", "female")
NEEDS = ("助餐", "助洁", "陪诊", "代购", "定期探访", "康复器具", "课业辅导", "理发")
BEDRIDDEN = ("长期卧床，翻身、喂饭须有人", "失智，容易走失，说话要慢", "脑梗后偏瘫，靠轮椅行动")
FALLEN_ILL = ("心梗手术后刚出院，不能劳累", "肿瘤化疗期间，尽量少接触人", "脑出血后说话不清，耐心听")
DEVICES = ("一键呼叫器", "门磁感应器", "烟感报警器")
WITH_A_DEVICE = 0.3  # of the old who live alone
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
    return advised(family.people, welfare=family.welfare, renting=family.renting, complained=complained)


def _people(rng: random.Random, on: date, kind: str) -> list[Person]:
    between = rng.randint
    match kind:
        case "alone_80":
            return [_alone(rng, on, _old(rng, VERY_OLD, 96))]
        case "nest_80":
            return _couple(rng, on, _old(rng, VERY_OLD, 92))
        case "helpless":
            return _couple(rng, on, between(66, 77))
        case "bereaved":
            return _couple(rng, on, between(50, 68))
        case "destitute":
            return [_alone(rng, on, _old(rng, OLD, VERY_OLD - 1), "male", marriage="single")]
        case "child_in_need":
            elders = _couple(rng, on, between(56, 70))
            return [*elders, _child(rng, on, elders, between(4, 15), "grandchild")]
        case "empty_nest":
            if rng.random() < 0.75:
                return _couple(rng, on, _old(rng, OLD + 1, VERY_OLD - 1))
            return [_alone(rng, on, _old(rng, OLD, VERY_OLD - 1))]
        case "single":
            return [_alone(rng, on, between(23, 58))]
        case "couple":
            return _couple(rng, on, rng.choice((between(24, 34), between(50, 61))))
        case "tenants":
            size = rng.choice((1, 1, 2, 2, 2, 3, 3, 4))
            return _young(rng, on, between(25, 45), size - 2) if size > 1 else [_alone(rng, on, between(22, 45))]
        case "shared":
            sex = rng.choice(("male", *SEXES))
            relations = ("head", *("tenant",) * between(2, 5))
            return [_alone(rng, on, between(19, 42), sex, relation=relation) for relation in relations]
        case "one_parent":
            parent = _alone(rng, on, between(28, 56), marriage=rng.choice(("divorced", "divorced", "widowed")))
            return [parent, *_children(rng, on, [parent], 1)]
        case "two_children":
            return _young(rng, on, between(29, 51), 2)
        case "grown_child":
            parents = _couple(rng, on, between(52, 67))
            younger = _younger(parents)
            return [*parents, _child(rng, on, parents, between(max(20, younger - 40), min(36, younger - 22)))]
        case "three_generations":
            family = _young(rng, on, int(rng.triangular(27, 60, 43)), rng.choice((1, 1, 2)))
            return [*family, *_elders(rng, on, family[0])]
        case "with_parents":
            couple = _couple(rng, on, between(46, 59))
            return [*couple, *_elders(rng, on, couple[0])]
        case "one_child":
            return _young(rng, on, int(rng.triangular(24, 58, 40)), 1)
    return _people(rng, on, rng.choice(ORDINARY))


def _old(rng: random.Random, least: int, most: int) -> int:
    """The older, the fewer."""
    return int(rng.triangular(least, most + 1, least))


def _couple(rng: random.Random, on: date, age: int) -> list[Person]:
    head = somebody(rng, on, "head", "male" if rng.random() < 0.84 else "female", age, "married")
    younger = rng.choice((-1, 0, 0, 1, 1, 2, 3)) * (1 if head.sex == "male" else -1)
    return [head, somebody(rng, on, "spouse", other(head.sex), age - younger, "married")]


def _alone(
    rng: random.Random, on: date, age: int, sex: str = "", *, relation: str = "head", marriage: str = ""
) -> Person:
    """Without a spouse; among the old, women outlive their men."""
    sex = sex or rng.choice(("female", *SEXES) if age >= OLD else SEXES)
    return somebody(rng, on, relation, sex, age, marriage or _unmarried(rng, age))


def _unmarried(rng: random.Random, age: int) -> str:
    """Not yet married in one's twenties, divorced ever more often after that, widowed when old."""
    dice = rng.random()
    if dice < (age - 48) / 16:
        return "widowed"
    return "divorced" if 1 - dice < (age - 26) / 40 else "single"


def _young(rng: random.Random, on: date, age: int, children: int) -> list[Person]:
    parents = _couple(rng, on, age)
    return [*parents, *_children(rng, on, parents, children)]


def _children(rng: random.Random, on: date, parents: Sequence[Person], count: int) -> list[Person]:
    """The first was born when the younger parent was 21 to 33; where another has followed, not just now."""
    younger = _younger(parents)
    ages = [younger - rng.randint(21, max(21, min(33, younger - 3 * (count - 1))))] if count else []
    while len(ages) < count:
        ages.append(rng.randint(max(0, ages[-1] - 6), max(0, ages[-1] - 1)))
    return [_child(rng, on, parents, age) for age in ages]


def _elders(rng: random.Random, on: date, of: Person) -> list[Person]:
    """The parents of this person, or the one of them who is left."""
    age = of.age + rng.randint(22, 31)
    left = SEXES if rng.random() > (age - 50) / 48 else (rng.choice(("female", *SEXES)),)
    marriage = "married" if left is SEXES else "widowed"
    return [
        somebody(rng, on, "parent", sex, age - (sex == "female"), marriage, of.surname if sex == "male" else "")
        for sex in left
    ]


def _child(rng: random.Random, on: date, of: Sequence[Person], age: int, relation: str = "child") -> Person:
    """Called after the father, where there is one."""
    surname = next((parent.surname for parent in of if parent.sex == "male"), of[0].surname)
    return somebody(rng, on, relation, rng.choice(SEXES), age, "single", surname)


def _younger(people: Sequence[Person]) -> int:
    return min(person.age for person in people)


def _care(rng: random.Random, family: Family) -> None:
    people, kind = family.people, family.kind
    alone, old = len(people) == 1, all(person.age >= OLD for person in people)
    for person in people:
        if person.age >= VERY_OLD:
            person.cares.append(Cared("over_80", need=rng.choice(NEEDS)))
        if person.age >= OLD and alone:
            device = rng.choice(DEVICES) if rng.random() < WITH_A_DEVICE else ""
            person.cares.append(Cared("alone", need=rng.choice(NEEDS), device=device))
        elif old:
            person.cares.append(Cared("empty_nest"))
    first = people[0]
    match kind:
        case "helpless":
            first.cares.append(Cared("no_self_care", "重度", "康复器具", health=rng.choice(BEDRIDDEN)))
        case "gravely_ill":
            first.cares.append(Cared("serious_illness", "近期突发", "陪诊", health=rng.choice(FALLEN_ILL)))
        case "child_in_need":
            guardian = f"{first.name}（{'祖父' if first.sex == 'male' else '祖母'}）"
            people[-1].cares.append(Cared("child_in_need", need="课业辅导", guardian=guardian))
        case "bereaved":
            first.cares.append(Cared("bereaved", need="定期探访"))
        case "badly_disabled":
            first.cares.append(Cared("disability", rng.choice(("一级", "二级")), "康复器具"))
        case "veteran":
            next(one for one in people if one.sex == "male").cares.append(Cared("veteran"))
        case _ if rng.random() < 0.015:
            first.cares.append(Cared("disability", rng.choice(("三级", "四级")), ""))
    if kind in UNABLE:
        first.employment, first.workplace = "at_home", ""


_kinds: Sequence[str] = tuple(KINDS)
_shares = tuple(accumulate(KINDS.values()))
