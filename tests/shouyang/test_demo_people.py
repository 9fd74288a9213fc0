"""The people of the demo city: their ages, their families and the care they need are those of a county town."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from grids.models import Care, VisitRule
from shouyang.demo import families, visiting
from shouyang.demo.families import Family
from shouyang.demo.people import Cared, Person
from tests.cast import SHANGHAI

TODAY = date(2026, 11, 20)
GRIDS = 25  # of 300 homes
COUPLES = {("head", "spouse"), ("parent", "parent")}


@pytest.fixture(scope="module")
def town() -> list[Family]:
    rng = random.Random(11)
    return [families.family(rng, TODAY) for _ in range(GRIDS * 300)]


@pytest.fixture(scope="module")
def everybody(town: list[Family]) -> list[Person]:
    return [person for family in town for person in family.people]


def share(among: list[Person], least: int, beyond: int = 200) -> float:
    return sum(least <= person.age < beyond for person in among) / len(among)


# --- Ages -----------------------------------------------------------------------------------------


def test_one_in_five_is_sixty_and_the_older_the_fewer(everybody: list[Person]) -> None:
    assert 0.18 < share(everybody, 60) < 0.205
    assert 0.016 < share(everybody, 80) < 0.024
    assert share(everybody, 70, 80) < 0.75 * share(everybody, 60, 70)
    assert 0.14 < share(everybody, 0, 15) < 0.19


def test_no_year_is_missing_among_the_ages(everybody: list[Person]) -> None:
    born = Counter(person.age for person in everybody)
    assert born[0] < 1.35 * born[1]
    for age in range(2, 78):
        around = sum(born[age + years] for years in (-2, -1, 1, 2)) / 4
        assert 0.75 < born[age] / around < 1.35, age


def test_each_grid_has_as_many_homes_of_each_colour_as_the_rules_expect(town: list[Family]) -> None:
    per_grid = {colour: count / GRIDS for colour, count in Counter(map(families.colour, town)).items()}
    expected = {"red": (2.2, 3.8), "orange": (7, 9.5), "yellow": (38, 49), "green": (239, 252)}  # 3, 8, 45, 244
    assert all(least < per_grid[colour] < most for colour, (least, most) in expected.items()), per_grid
    assert 3.3 < sum(len(family.people) for family in town) / len(town) < 3.45  # 350,000 in 104,000


# --- Families -------------------------------------------------------------------------------------


def test_every_home_has_one_head_who_comes_first(town: list[Family]) -> None:
    for family in town:
        assert [person.relation for person in family.people].index("head") == 0
        assert sum(person.relation == "head" for person in family.people) == 1


def test_whoever_is_married_lives_with_wife_or_husband(town: list[Family]) -> None:
    for family in town:
        wed = [person for person in family.people if person.marriage == "married"]
        for one, two in zip(wed[::2], wed[1::2], strict=True):
            assert (one.relation, two.relation) in COUPLES
            assert {one.sex, two.sex} == {"male", "female"}
            assert all(person.age >= (22 if person.sex == "male" else 20) for person in (one, two))
        assert all(person in wed for person in family.people if person.relation == "spouse")


def test_who_lives_alone_is_not_married_yet_or_no_longer(town: list[Family]) -> None:
    alone = [family.people[0] for family in town if len(family.people) == 1]
    young, middle, old = (
        [one for one in alone if since <= one.age < to] for since, to in ((0, 30), (30, 60), (60, 200))
    )
    assert Counter(one.marriage for one in young).most_common(1)[0][0] == "single"
    assert {"single", "divorced"} <= {one.marriage for one in middle}
    assert Counter(one.marriage for one in old).most_common(1)[0][0] == "widowed"
    assert {one.sex for one in young} == {one.sex for one in old} == {"male", "female"}


def test_children_are_eighteen_to_forty_five_years_younger_than_their_parents(town: list[Family]) -> None:
    for family in town:
        head, *others = family.people
        born = [(head, other) for other in others if other.relation == "parent"]
        for child in (other for other in others if other.relation == "child"):
            born += [(child, parent) for parent in family.people if parent.relation in ("head", "spouse")]
        for child, parent in born:
            assert 18 <= parent.age - child.age <= 45, family


def test_children_are_called_after_their_father(town: list[Family]) -> None:
    for family in town:
        fathers = [one.surname for one in family.people if one.sex == "male" and one.relation in ("head", "spouse")]
        children = [one.surname for one in family.people if one.relation in ("child", "grandchild")]
        assert set(children) <= {*(fathers or [family.people[0].surname])}


def test_men_and_women_rent(town: list[Family]) -> None:
    sexes = Counter(person.sex for family in town for person in family.people if person.relation == "tenant")
    assert min(sexes["male"], sexes["female"]) > 0.2 * sexes.total()


def test_school_and_work_are_those_of_the_age(everybody: list[Person]) -> None:
    for person in everybody:
        assert (person.age < 6) == (not person.education) == (not person.employment)
        assert person.education != "master" or person.age >= 25
        assert 6 <= person.age < 23 or person.employment != "student"
        assert person.marriage == "single" or person.employment != "student"
        assert person.age >= 55 or person.employment != "retired"
        assert person.age < 60 or person.employment in ("retired", "at_home")


# --- Care -----------------------------------------------------------------------------------------


def test_care_says_who_answers_for_a_child_and_what_to_mind_with_the_sick(town: list[Family]) -> None:
    alone: list[Cared] = []
    for family in town:
        for person in family.people:
            for care in person.cares:
                elders = [one.name for one in family.people if one.age > person.age]
                assert (care.category == Care.Category.CHILD_IN_NEED) == bool(care.guardian)
                assert not care.guardian or care.guardian.partition("（")[0] in elders
                assert bool(care.health) == (care.category in ("no_self_care", "serious_illness"))
                assert not care.device or (care.category == "alone" and person.age >= families.OLD)
                assert care.category != "veteran" or (person.sex == "male" and person.adult)
                alone += [care] * (care.category == "alone")
    assert 0.2 < sum(bool(care.device) for care in alone) / len(alone) < 0.4


# --- Visits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("colour", "unit", "years"), [("red", "week", 3), ("orange", "month", 12), ("yellow", "quarter", 30)]
)
def test_visits_are_spread_over_the_working_days_and_kept_in_time(colour: str, unit: str, years: int) -> None:
    rule, rng = VisitRule(colour=colour, every=1, unit=unit, newcomer_days=30, escalate_days=3), random.Random(2)
    days: Counter[int] = Counter()
    late = 0
    for n in range(20):
        founded = datetime(2026 - years, 3, 1 + n, 9, tzinfo=SHANGHAI)
        story = visiting.told(rng, rule, founded, TODAY)
        assert story.visits == sorted(story.visits)
        days.update(at.weekday() for at in story.visits)
        late += sum(clock.promise.due_on < clock.stopped_at.date() for clock in story.clocks if clock.stopped_at)
    assert set(days) == {0, 1, 2, 3, 4}
    assert all(0.13 < count / days.total() < 0.28 for count in days.values()), days
    assert 0.02 < late / days.total() < 1.6 * (1 - visiting.KEPT)


def test_who_found_the_door_shut_was_there_shortly_before() -> None:
    rng, at = random.Random(4), datetime(2026, 11, 17, 10, tzinfo=SHANGHAI)
    tried = [visiting.in_vain(rng, at - timedelta(days=days), at) for days in range(1, 8) for _ in range(1000)]
    times = [time for time in tried if time]
    assert 0.02 < len(times) / len(tried) < 0.05
    assert all(at - timedelta(days=7) < time < at and time.weekday() < 5 for time in times)
