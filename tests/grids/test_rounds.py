"""Whom to look in on today, and in which order; look-alikes; and what the rules ask of a working day."""

from datetime import date, timedelta
from typing import Any

import pytest

from grids import lookup, visit_clocks, workload
from grids.models import Dwelling, Household, VisitClock
from grids.rounds import rounds
from grids.twins import twins_of
from tests.cast import XIANGYANG_1, Cast
from tests.grids.homes import WANG, home, lives

TODAY = date(2026, 12, 20)
ELSEWHERE = "370783001901002"


def promised(household: Household, days: int) -> Household:
    VisitClock.objects.filter(household=household).update(due_on=TODAY + timedelta(days=days))
    return household


def test_the_late_ones_come_first_by_compound_and_inside_by_the_way_one_walks(cast: Cast) -> None:
    promised(home(cast, "502"), -1)
    promised(home(cast, "301"), -3)
    promised(home(cast, "101"), 0)
    promised(home(cast, "201"), 2)
    promised(home(cast, "202"), 9)
    found = rounds(cast.worker, TODAY)
    assert [[stop.address for stop in one.stops] for one in found.late] == [["3号楼2单元301", "3号楼2单元502"]]
    assert [stop.late for one in found.late for stop in one.stops] == [3, 1]
    assert [[stop.address for stop in one.stops] for one in (*found.today, *found.soon)] == [
        ["3号楼2单元101"],
        ["3号楼2单元201"],
    ]
    assert found.counts == (2, 1, 1)


def test_the_due_list_is_one_question(cast: Cast, django_assert_num_queries: Any) -> None:
    for room in ("101", "102", "103"):
        household = promised(home(cast, room), 0)
        lives(cast, household)
    worker = cast.worker
    rounds(worker, TODAY)
    with django_assert_num_queries(1):
        found = rounds(worker, TODAY)
    assert [stop.people for one in found.today for stop in one.stops] == [1, 1, 1]
    assert rounds(cast.operator, TODAY).counts == (0, 0, 0)


def test_the_workload_of_the_domains_grid_is_two_point_seven_a_day(cast: Cast) -> None:
    """3 red, 8 orange, 45 yellow, 244 green: 676 visits a year (domain §3.6)."""
    counted = {XIANGYANG_1: {"red": 3, "orange": 8, "yellow": 45, "green": 244}, ELSEWHERE: {"green": 250}}
    rules, names = visit_clocks.rules(), {XIANGYANG_1: "第1网格"}
    load = workload.load(rules, counted, {1: [XIANGYANG_1, ELSEWHERE], 2: [ELSEWHERE]}, names, cap=2)
    assert (round(load.most, 3), load.most_grid, load.households) == (2.704, "第1网格", 550)
    assert (round(load.average, 3), load.workers, load.over) == (1.852, 2, 1)


def test_households_are_counted_by_grid_and_colour_in_one_question(cast: Cast, django_assert_num_queries: Any) -> None:
    home(cast, "101", colour="red")
    home(cast, "102")
    unassigned = home(cast, "103").dwelling
    Dwelling.objects.filter(pk=unassigned.pk).update(place=XIANGYANG_1[:12])
    with django_assert_num_queries(1):
        counted = workload.counts()
    assert counted == {XIANGYANG_1: {"red": 1, "green": 1}}
    assert workload.counts(["370783003"]) == {}


def test_look_alikes_are_found_by_number_name_and_telephone(cast: Cast) -> None:
    one, other = home(cast, "101"), home(cast, "102")
    lives(cast, one, "王秀英", born_on=date(1944, 8, 11))
    lives(cast, other, "王秀英", born_on=date(1944, 8, 11))
    lives(cast, one, "李建国", phone="12000000001")
    lives(cast, other, "李建国", phone="12000000001")
    lives(cast, other, "赵敏", phone="12000000001")
    found = {(pair.kept.name, pair.twin.household_id, pair.reasons) for pair in twins_of(one, cast.secretary)}
    assert found == {
        ("王秀英", other.pk, ("姓名和出生日期相同",)),
        ("李建国", other.pk, ("姓名和电话相同",)),
    }
    assert twins_of(one, cast.operator) == []


def test_two_numbers_are_two_people(cast: Cast) -> None:
    one, other = home(cast, "101"), home(cast, "102")
    lives(cast, one, born_on=date(1944, 8, 11), id_number=WANG)
    lives(cast, other, born_on=date(1944, 8, 11), id_number=WANG[:-1] + "6")
    assert twins_of(one, cast.secretary) == []


def test_the_same_person_twice_in_one_home_is_one_pair(cast: Cast) -> None:
    household = home(cast)
    older, younger = (lives(cast, household, born_on=date(1944, 8, 11)) for _ in range(2))
    (pair,) = twins_of(household, cast.worker)
    assert (pair.kept, pair.twin, pair.same_home) == (older, younger, True)


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (WANG, "证件号码 110101********2345"),
        ("120-0000-0001", "电话 120****0001"),
        ("王秀英", "姓名 王**"),
    ],
)
def test_a_home_is_found_by_what_is_sealed_and_never_said_back(cast: Cast, words: str, by: str) -> None:
    household = home(cast)
    lives(cast, household, id_number=WANG, phone="12000000001")
    looked = lookup.exactly(words, cast.secretary)
    assert looked
    assert (looked.homes.get(), looked.by) == (household, by)
    strangers = lookup.exactly(words, cast.leader)
    assert strangers is None or not strangers.homes.exists()


def test_words_that_name_nobody_are_searched_for_in_addresses(cast: Cast) -> None:
    household = home(cast)
    assert lookup.exactly("锦绣华庭", cast.worker) is None
    assert lookup.by_address("锦绣华庭 501", Household.objects.visible_to(cast.worker)).get() == household
    found = lookup.exactly(household.number, cast.worker)
    assert found
    assert found.homes.get() == household
