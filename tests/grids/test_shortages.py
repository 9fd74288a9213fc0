"""Every warning of 1+1+N, each with a grid that has it and one that has not."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Unit, User
from grids import coverage
from grids.models import LINES, Duty, Leave, Place, Posting, PostingEvent, StaffingRule
from grids.shortages import SHORTAGES
from tests.cast import MONDAY_TEN
from tests.grids.homes import door
from tests.grids.test_coverage import ON, XIANGYANG, grid, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def community(city: Place) -> Place:
    """向阳社区, in which nobody serves yet."""
    Posting.objects.all().delete()
    return Place.objects.get(pk=XIANGYANG)


def short(name: str) -> list[int]:
    found = coverage.grids_short_of(name, Place.objects.get(pk=XIANGYANG), ON)
    listed = [int(code[12:]) for code in found.values_list("code", flat=True)]
    assert coverage.counts(Place.objects.get(pk=XIANGYANG), ON)[name] == len(listed)
    return listed


def others(*here: int) -> list[int]:
    return [n for n in range(1, 11) if n not in here]


def line(name: str, of: str, *codes: str) -> None:
    user, _ = User.objects.get_or_create(username=name, defaults={"name": name})
    unit = Unit.objects.get(line=of)
    Posting.objects.bulk_create(
        Posting(user=user, duty=Duty.LINE_ASSISTANT, unit=unit, place_id=code, since=date(2020, 1, 1)) for code in codes
    )


def code(n: int) -> str:
    return f"{XIANGYANG}{n:03d}"


def test_a_worker_with_three_grids_or_in_two_communities_has_too_much() -> None:
    post("甲", Duty.GRID_WORKER, 1, 2, 3)
    post("乙", Duty.GRID_WORKER, 4, 5)
    two = post("丙", Duty.GRID_WORKER, 6)
    next_door = Place.objects.get(pk="370783001902001")
    assert next_door.unit
    Posting.objects.create(user=two, duty=Duty.GRID_WORKER, unit=next_door.unit, place=next_door, since=ON)
    assert short("overloaded_worker") == [1, 2, 3, 6]
    StaffingRule.objects.filter(pk="worker_grids").update(value=3)
    assert short("overloaded_worker") == [6]


def test_one_person_who_is_secretary_and_worker() -> None:
    post("甲", Duty.GRID_SECRETARY, 1, 2)
    assert short("one_person_for_both") == []
    post("甲", Duty.GRID_WORKER, 2)
    assert short("one_person_for_both") == [1, 2]


def test_fewer_than_three_assistants_line_people_counted_in() -> None:
    for name in "甲乙":
        post(name, Duty.ASSISTANT, 1, 2)
    line("警官", "公安", code(1))
    line("警官", "市场监管", code(2))
    post("甲", Duty.LINE_ASSISTANT, 3)  # one person in two duties is one person
    assert short("few_assistants") == others(1, 2)
    post("乙", Duty.ASSISTANT, 3)
    post("甲", Duty.ASSISTANT, 3)
    assert 3 in short("few_assistants")


def test_fewer_than_one_assistant_per_hundred_households() -> None:
    StaffingRule.objects.filter(pk="households_per_assistant").update(value=2)
    for room in range(5):
        door(f"{room + 1}01", place=code(1))
    for room in range(2):
        door(f"{room + 1}01", place=code(2), building="4号楼")
    post("甲", Duty.ASSISTANT, 1, 2)
    post("乙", Duty.ASSISTANT, 1)
    assert short("thin_assistants") == [1]
    post("丙", Duty.ASSISTANT, 1)
    assert short("thin_assistants") == []


def test_a_line_without_a_person() -> None:
    for name in LINES:
        line(f"{name}甲", name, code(1))
        if name != "环卫":
            line(f"{name}甲", name, code(2))
    assert short("line_gap") == others(1)
    line("住建甲", "住建", code(2))  # another line fills no gap
    assert 2 in short("line_gap")


def test_a_line_person_with_more_than_eight_grids() -> None:
    line("甲", "公安", *map(code, range(1, 9)))
    assert short("overloaded_line") == []
    line("甲", "公安", "370783001902001")
    assert short("overloaded_line") == list(range(1, 9))


class TestAway:
    def away(self, user: User, deputy: User, **said: Any) -> Leave:
        values: dict[str, Any] = {"since": ON, "until": ON + timedelta(days=3)} | said
        return Leave.objects.create(user=user, deputy=deputy, by=user, at=MONDAY_TEN, **values)

    def test_with_a_deputy_who_is_there_nothing_is_missing(self) -> None:
        self.away(post("甲", Duty.GRID_WORKER, 1), post("乙", Duty.GRID_WORKER, 2))
        assert short("away_without_deputy") == []

    def test_a_deputy_who_left_the_service_is_none(self) -> None:
        self.away(post("甲", Duty.GRID_WORKER, 1), post("乙", Duty.GRID_WORKER, 2))
        User.objects.filter(username="乙").update(is_active=False)
        assert short("away_without_deputy") == [1]

    def test_a_deputy_who_is_away_as_well_is_none(self) -> None:
        first, second = post("甲", Duty.GRID_WORKER, 1), post("乙", Duty.GRID_WORKER, 2)
        self.away(first, second)
        other = self.away(second, post("丙", Duty.GRID_WORKER, 3), since=ON + timedelta(days=1))
        assert short("away_without_deputy") == []
        Leave.objects.filter(pk=other.pk).update(since=ON)
        assert short("away_without_deputy") == [1]
        Leave.objects.filter(pk=other.pk).update(returned_at=MONDAY_TEN)
        assert short("away_without_deputy") == []


class TestTerms:
    def test_a_term_that_ends_within_sixty_days_is_named(self) -> None:
        post("甲", Duty.GRID_SECRETARY, 1, until=ON + timedelta(days=60))
        post("乙", Duty.GRID_SECRETARY, 2, until=ON + timedelta(days=61))
        post("丙", Duty.GRID_SECRETARY, 3)
        assert short("term_ending") == [1]
        StaffingRule.objects.filter(pk="term_warning_days").update(value=90)
        assert short("term_ending") == [1, 2]

    def test_a_term_that_is_over_is_not_a_relief(self) -> None:
        over = post("甲", Duty.GRID_SECRETARY, 1, until=ON)
        relieved = post("乙", Duty.GRID_SECRETARY, 2, until=ON).postings.get()
        PostingEvent.objects.create(posting=relieved, action="relieved", by=over, at=MONDAY_TEN)
        followed = post("丙", Duty.GRID_SECRETARY, 3, until=ON)
        post("丁", Duty.GRID_SECRETARY, 3)
        assert followed
        assert short("term_over") == [1]


def test_every_shortage_has_a_label_and_an_empty_community_is_short_of_what_it_lacks() -> None:
    assert len({shortage.label for shortage in SHORTAGES.values()}) == len(SHORTAGES) == 12
    everywhere = {name for name in SHORTAGES if len(short(name)) == 10}
    assert everywhere == {"no_worker", "no_secretary", "few_assistants", "line_gap"}
    assert grid(1).name == "向阳第1网格"
