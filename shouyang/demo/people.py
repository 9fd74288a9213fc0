"""Invented people: born, named, schooled and employed as people of their age are; numbers that nobody ever had.

An ID number begins with a region that was never given out (99: no province of GB/T 2260), its check digit is right.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from shouyang.demo.tables import rows

REGION = "990783"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CHECKS = "10X98765432"
A_YEAR = 365.2425
ETHNICITIES = ("汉族",) * 196 + ("回族", "满族", "朝鲜族", "蒙古族")
AROUND = ("潍坊市昌乐县", "潍坊市青州市", "潍坊市临朐县", "东营市广饶县", "潍坊市寒亭区", "临沂市沂水县", "菏泽市曹县")
SKILLS = ("水电维修", "书法", "急救员证", "舞蹈", "木工", "心理疏导", "法律咨询", "理发", "电脑维修", "蔬菜种植")
WORKPLACES = (
    "蔬菜批发市场",
    "化工企业",
    "纸业公司",
    "建筑公司",
    "学校",
    "医院",
    "商场",
    "个体经营",
    "物流公司",
    "机关",
)


@dataclass(frozen=True, slots=True)
class Cared:
    category: str
    degree: str = ""
    need: str = ""
    guardian: str = ""
    health: str = ""
    device: str = ""


@dataclass(slots=True)
class Person:
    relation: str
    sex: str
    born_on: date
    age: int
    surname: str
    given: str
    marriage: str
    cares: list[Cared] = field(default_factory=list)
    education: str = ""
    politics: str = "masses"
    employment: str = ""
    workplace: str = ""
    skills: str = ""
    phone: str = ""
    id_number: str = ""
    name: str = ""

    @property
    def adult(self) -> bool:
        return self.age >= 18


def somebody(
    rng: random.Random, on: date, relation: str, sex: str, age: int, marriage: str, surname: str = ""
) -> Person:
    """So many whole years old on this day."""
    born = date.fromordinal(on.toordinal() - int(age * A_YEAR) - rng.randrange(2, 360))
    person = Person(
        relation, sex, born, age, surname or _one(rng, _surnames()), _one(rng, _given(sex, born.year)),
        marriage,
    )  # fmt: skip
    person.name = person.surname + person.given
    _school_and_work(rng, person)
    return person


def full_name(rng: random.Random, sex: str, born: int) -> str:
    return _one(rng, _surnames()) + _one(rng, _given(sex, born))


def other(sex: str) -> str:
    return "female" if sex == "male" else "male"


class Numbers:
    """Given out once each."""

    def __init__(self, seed: int, taken: set[str]) -> None:
        self._births: dict[tuple[date, str], int] = defaultdict(int)
        self._phone, self._taken = seed % 10**8, taken

    def id_number(self, born_on: date, sex: str) -> str:
        """The third digit of the day's sequence is odd for a man."""
        nth = self._births[born_on, sex] = self._births[born_on, sex] + 1
        body = f"{REGION}{str(born_on).replace('-', '')}{nth * 2 - (sex == 'male'):03d}"
        return body + CHECKS[sum(map(int.__mul__, map(int, body), WEIGHTS)) % 11]

    def phone(self) -> str:
        """From the demo range; steps that share no factor with its size come to every number before they repeat."""
        while True:
            self._phone = (self._phone + 61_803_399) % 10**8
            phone = f"120{self._phone:08d}"
            if phone not in self._taken:
                return phone


def sex_of(name: str) -> str:
    """As the given name says; an unknown one is a man's."""
    return _sexes().get(name[1:], _sexes().get(name[2:], "male"))


def _school_and_work(rng: random.Random, person: Person) -> None:
    age, dice = person.age, rng.random()
    if age < 6:
        return
    if age < 16:
        person.education = "primary" if age < 12 else "junior"
        person.employment = "student"
        person.politics = "league" if age >= 14 and dice < 0.4 else "masses"
        return
    steps = (0.55, 0.85, 0.95, 0.98, 1.0) if age > 65 else (0.08, 0.45, 0.72, 0.86, 0.985) if age > 40 else (
        0.01, 0.14, 0.40, 0.64, 0.96)  # fmt: skip
    levels = ("primary", "junior", "senior", "college", "bachelor", "master")
    person.education = levels[min(sum(dice >= step for step in steps), 4 if age < 25 else 5)]
    if age < 19 or (age < 23 and dice > 0.5 and person.marriage == "single"):
        person.employment, person.education = "student", "senior" if age < 19 else "bachelor"
    elif age >= (60 if person.sex == "male" else 55):
        person.employment = "retired" if dice > 0.3 else "at_home"
    else:
        person.employment = rng.choice(("employed",) * 12 + ("flexible",) * 5 + ("unemployed", "at_home"))
        if person.employment == "employed" and dice > 0.4:
            person.workplace = rng.choice(WORKPLACES)
    if rng.random() < (0.16 if age > 50 else 0.10):
        person.politics = "party" if age >= 22 else "league"
    elif age < 28:
        person.politics = "league" if dice > 0.6 else "masses"
    if rng.random() < 0.02:
        person.skills = rng.choice(SKILLS)


def _one(rng: random.Random, among: Sequence[str]) -> str:
    return among[int(rng.random() * len(among))]


@cache
def _surnames() -> tuple[str, ...]:
    named = (row for row in rows("demo/names.csv") if row["kind"] == "surname")
    return tuple(row["name"] for row in named for _ in range(int(row["weight"])))


@cache
def _given(sex: str, born: int) -> tuple[str, ...]:
    """What children were called in the years around this one."""
    known = [row for row in rows("demo/given_names.csv") if row["sex"] == sex]
    since = max(int(row["born_after"]) for row in known if int(row["born_after"]) <= born)
    return tuple(row["name"] for row in known if int(row["born_after"]) == since)


@cache
def _sexes() -> dict[str, str]:
    return {row["name"]: row["sex"] for row in rows("demo/given_names.csv")}
