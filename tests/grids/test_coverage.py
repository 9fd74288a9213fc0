"""Where somebody is missing: 1+1+N, counted and listed by the same names."""

from datetime import date

import pytest

from accounts.models import Unit, User
from grids import coverage
from grids.models import Duty, Place, Posting

ON = date(2026, 11, 16)
XIANGYANG = "370783001901"


def grid(number: int) -> Place:
    return Place.objects.get(pk=f"{XIANGYANG}{number:03d}")


def post(name: str, duty: str, *numbers: int, since: date = date(2020, 1, 1), until: date | None = None) -> User:
    user, _ = User.objects.get_or_create(username=name, defaults={"name": name})
    for number in numbers:
        place = grid(number)
        assert place.unit
        Posting.objects.create(user=user, duty=duty, unit=place.unit, place=place, since=since, until=until)
    return user


@pytest.fixture
def community(city: Place) -> Place:
    """向阳社区: 甲 has grid 1 alone, 乙 shares 2 and 3, 丙 joins 乙 in 3, 丁 left grid 4, 戊 comes to 5 next month."""
    Posting.objects.all().delete()
    post("甲", Duty.GRID_WORKER, 1)
    post("乙", Duty.GRID_WORKER, 2, 3)
    post("丙", Duty.GRID_WORKER, 3)
    post("丁", Duty.GRID_WORKER, 4, until=ON)
    post("戊", Duty.GRID_WORKER, 5, since=date(2026, 12, 1))
    post("己", Duty.GRID_SECRETARY, 1, 2)
    return Place.objects.get(pk=XIANGYANG)


def short_of(name: str, place: Place) -> list[int]:
    return [int(code[12:]) for code in coverage.grids_short_of(name, place, ON).values_list("code", flat=True)]


def test_a_grid_without_any_worker(community: Place) -> None:
    assert short_of("no_worker", community) == [4, 5, 6, 7, 8, 9, 10]


def test_a_grid_whose_only_worker_has_another_grid_is_shared(community: Place) -> None:
    assert short_of("shared_worker", community) == [2]


def test_a_grid_without_secretary(community: Place) -> None:
    assert short_of("no_secretary", community) == [3, 4, 5, 6, 7, 8, 9, 10]


def test_the_counts_are_the_lengths_of_the_lists(community: Place) -> None:
    counted = coverage.counts(community, ON)
    assert {name: counted[name] for name in ("grids", "no_worker", "shared_worker", "no_secretary")} == {
        "grids": 10,
        "no_worker": 7,
        "shared_worker": 1,
        "no_secretary": 8,
    }
    for name in coverage.SHORTAGES:
        assert counted[name] == coverage.grids_short_of(name, community, ON).count()


def test_workers_are_people_not_postings(community: Place) -> None:
    assert coverage.workers(community, ON) == 3


def test_an_unknown_shortage_lists_nothing(community: Place) -> None:
    assert not coverage.grids_short_of("nonsense", community, ON)


def test_a_person_who_was_switched_off_leaves_a_vacancy(community: Place) -> None:
    User.objects.filter(username="甲").update(is_active=False)
    assert 1 in short_of("no_worker", community)


def test_vacancies_stand_among_the_posts(community: Place) -> None:
    said = [
        (post.duty, post.posting.user.name if post.posting else "空缺", post.also)
        for post in coverage.posts(grid(2), ON)
    ]
    assert said == [("专职网格员", "乙", ("向阳第3网格",)), ("网格党支部书记", "己", ())]
    assert [(post.duty, post.posting) for post in coverage.posts(grid(6), ON)] == [
        ("专职网格员", None),
        ("网格党支部书记", None),
    ]
    assert [(post.duty, post.posting) for post in coverage.posts(community, ON)] == [("社区书记", None)]


def test_the_head_of_another_unit_does_not_answer_for_the_city(city: Place) -> None:
    Posting.objects.all().delete()
    person = User.objects.create(username="局长", name="局长")
    bureau = Unit.objects.get(name="寿光市综合行政执法局")
    Posting.objects.create(user=person, duty=Duty.HEAD, unit=bureau, place=city, since=date(2020, 1, 1))
    assert [post.posting for post in coverage.posts(city, ON)] == [None]


def test_the_holders_of_many_places_at_once(community: Place) -> None:
    held = coverage.holders_by_duty(Place.objects.children_of(community), ON)
    assert held[XIANGYANG + "003"] == [("专职网格员", "乙、丙"), ("网格党支部书记", "")]
    assert len(held) == 10
