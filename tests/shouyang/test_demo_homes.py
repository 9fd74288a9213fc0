"""The homes of the demo city: people as they are, rows as the verbs would have left them, and something to do today."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import shapely
from django.db import transaction
from shapely.geometry import shape

from accounts.phones import NotAPhone, canonical
from grids import locate, visit_clocks, workflow
from grids.checks import points
from grids.models import (
    Building,
    Care,
    Dwelling,
    Hazard,
    Household,
    Need,
    Place,
    Premises,
    Resident,
    Visit,
    VisitClock,
)  # fmt: skip
from shouyang.demo import addresses, blocks, callers, city, homes, neighbours, people, plots, stage
from shouyang.demo.neighbours import Home
from tests.cast import SHANGHAI, XIANGYANG_1, Cast, call

TODAY = date(2026, 11, 20)
NOW = city.moment(TODAY)
CLOCK = ("colour", "started_on", "due_on", "escalates_on", "rung", "next_tick_on", "stopped_at")


def settle(*grids: str) -> None:
    homes.settle(7, NOW, lambda words: None, grids=grids or (XIANGYANG_1,), calls=callers.recorded())
    visit_clocks.ring_due(NOW)


# --- People ---------------------------------------------------------------------------------------


def test_the_city_has_104_000_households_and_a_few_grids_out_of_range() -> None:
    sizes = blocks.households().values()
    assert 102_000 < sum(sizes) < 106_000
    assert sum(not 200 <= size <= 400 for size in sizes) == len(blocks.OUT_OF_RANGE)


def test_numbers_are_well_formed_and_were_never_given_out() -> None:
    numbers = people.Numbers(1, set())
    ids = [numbers.id_number(date(1980, 2, 29), sex) for sex in ("male", "female") * 40]
    assert len(set(ids)) == 80
    for number in ids:
        assert number.startswith("99")  # no province, and no document of a foreigner, begins with it
        weighed = sum(int(digit) * weight for digit, weight in zip(number, people.WEIGHTS, strict=False))
        assert people.CHECKS[weighed % 11] == number[-1]
        assert number[6:14] == "19800229"
    assert [int(number[16]) % 2 for number in ids] == [1, 0] * 40
    phones = {numbers.phone() for _ in range(1000)}
    assert len(phones) == 1000
    assert all(canonical(phone, demo=True) == phone for phone in phones)
    with pytest.raises(NotAPhone):
        canonical(phones.pop())


# --- Rows -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sample_lived_again_through_the_verbs_leaves_the_same_clocks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Home] = []

    def of(*told: Any) -> list[Home | None]:
        found = of_the_city(*told)
        made.extend(home for home in found if home)
        return found

    of_the_city = neighbours.of
    monkeypatch.setattr(neighbours, "of", of)
    settle()
    by_colour = {colour: [home for home in made if home.colour == colour] for colour in ("red", "orange", "yellow")}
    sample = [home for some in by_colour.values() for home in some[:3]] + random.Random(1).sample(made, 8)
    again = [lived_again(home, room, cast) for room, home in enumerate(sample, 900)]
    visit_clocks.ring_due(NOW)
    for home, household in zip(sample, again, strict=True):
        assert clocks(home.pk) == clocks(household.pk), home
        assert not home.story.visits or Household.objects.get(pk=home.pk).visited_at == home.story.visits[-1]


def lived_again(home: Home, room: int, cast: Cast) -> Household:
    dwelling = Dwelling(building=home.door.building, unit="9单元", room=str(room), place_id=XIANGYANG_1)
    dwelling.name_address()
    dwelling.save()
    household = Household(dwelling=dwelling, colour=home.colour, since=home.since)
    assert workflow.found(household, key=uuid4(), by=cast.worker, at=home.story.founded_at)
    for at in home.story.visits:
        visit_clocks.ring_due(at)
        visit_clocks.keep(household, at)
    return household


def clocks(household: int) -> list[dict[str, Any]]:
    kept = VisitClock.objects.filter(household=household).order_by("started_on", "id").values(*CLOCK)
    return [row for row in kept if row["stopped_at"] is None or row["stopped_at"] >= NOW - timedelta(days=365)]


@pytest.mark.django_db
def test_the_worker_finds_what_to_do_today(cast: Cast) -> None:
    settle()
    due = VisitClock.objects.due(TODAY).filter(household__dwelling__place=XIANGYANG_1)
    assert Counter(clock.due_on < TODAY for clock in due) == {True: 2, False: 5}
    new = due.get(started_on=TODAY - timedelta(days=stage.NEW))
    assert new.household.visited_at is None
    assert Hazard.objects.visible_to(cast.worker).to_recheck(TODAY).count() == 2
    assert cast.worker.notices.filter(key__startswith="visits:").exists()


@pytest.mark.django_db
def test_a_door_that_nobody_opened_is_knocked_at_again_soon(cast: Cast) -> None:
    settle()
    met = Counter(Visit.objects.values_list("met", flat=True))
    assert 0.02 < met["nobody"] / met.total() < 0.065
    for shut in Visit.objects.filter(met="nobody"):
        assert (shut.manner, shut.finding) == ("door", "none")
        again = Visit.objects.filter(household=shut.household, at__gt=shut.at).earliest("at")
        assert again.met == "somebody"
        assert again.at - shut.at < timedelta(days=7)


@pytest.mark.django_db
def test_visits_are_made_on_every_working_day_alike(cast: Cast) -> None:
    settle()
    days = Counter(at.astimezone(SHANGHAI).weekday() for at in Visit.objects.values_list("at", flat=True))
    assert days[5] + days[6] <= len(stage.ACTS)  # of these the day follows from what is due today
    assert all(0.13 < days[day] / days.total() < 0.27 for day in range(5)), days


@pytest.mark.django_db
def test_care_is_on_record_with_guardian_health_and_device(cast: Cast) -> None:
    settle()
    cares = list(Care.objects.all())
    assert all(bool(care.guardian) == (care.category == "child_in_need") for care in cares)
    assert all(bool(care.health) == (care.category in ("no_self_care", "serious_illness")) for care in cares)
    assert any(care.guardian for care in cares)
    assert any(care.device for care in cares)


@pytest.mark.django_db
def test_what_is_on_record_agrees_with_itself(cast: Cast) -> None:
    settle()
    living = Household.objects.living()
    assert living.count() == blocks.households()[XIANGYANG_1] + 1  # and one that was entered twice
    assert VisitClock.objects.running().count() == living.count()
    assert not living.filter(contact=None).exists()
    assert not Resident.objects.filter(born_on__gt=TODAY).exists()
    assert {care.category for care in Care.objects.all()} <= set(Care.Category.values)
    assert {care.helper for care in Care.objects.all()} == {cast.worker, cast.gridsecretary, None}
    assert 500 < Visit.objects.count() < 900  # 676 are asked for by the rules
    assert not Visit.objects.filter(at__lt=NOW - timedelta(days=365)).exists()
    for model in (Premises, Need, Hazard):
        assert model.objects.exists()
    some = Resident.objects.exclude(id_fingerprint=None)[0]
    assert list(Resident.objects.numbered(some.id_number)) == [some]
    address = Dwelling.objects.filter(place=XIANGYANG_1)[40].address
    assert locate.by_address(address)[0].place == Place.objects.get(code=XIANGYANG_1)


@pytest.mark.django_db
def test_every_building_stands_in_its_grid_beside_those_of_its_compound(cast: Cast) -> None:
    for code, outline in Place.objects.filter(kind=Place.Kind.GRID).values_list("code", "boundary"):
        wanted = sum(len(compound.blocks) for compound in addresses.grounds()[code].compounds)
        stand = plots.of(outline, wanted)
        assert len(set(stand)) == wanted
        assert shapely.contains_xy(shape(outline), np.array(stand)).all(), code
    settle()
    built = Building.objects.order_by("pk").values_list("longitude", "latitude")
    assert list(built) == plots.of(Place.objects.get(pk=XIANGYANG_1).boundary, len(built))
    assert not list(points.find(XIANGYANG_1[:12], TODAY))


@pytest.mark.django_db
def test_what_is_odd_is_there_to_be_found(cast: Cast) -> None:
    settle()
    assert Dwelling.objects.exclude(place__kind="grid").count() == 5
    said = Counter(Dwelling.objects.values_list("said", flat=True))
    assert [count for count in said.values() if count > 1] == [2]
    behind_one_door = Counter(Household.objects.values_list("dwelling", flat=True))
    assert [count for count in behind_one_door.values() if count > 1] == [2]


@pytest.mark.django_db
def test_who_called_lives_where_she_said(cast: Cast) -> None:
    said = {"address": "圣城街道向阳花园1号楼1单元101", "caller_name": "孙丽华", "caller_phone": "12000000007"}
    call(cast, at=NOW - timedelta(days=3), **said)
    assert callers.by_grid(callers.recorded(), NOW)[XIANGYANG_1][0].door == ("向阳花园", 1, 1, "101")
    settle()
    home = Household.objects.with_phone("12000000007").get()
    assert home.dwelling.address == "向阳花园1号楼1单元101"
    assert home.colour != "green"  # somebody complained within ninety days
    assert Resident.objects.with_phone("12000000007").get().name == "孙丽华"


@pytest.mark.django_db
def test_where_nobody_works_nobody_was_asked(cast: Cast) -> None:
    settle(XIANGYANG_1, "370783001901002")
    assert {place[:15] for place in Household.objects.values_list("dwelling__place", flat=True)} == {XIANGYANG_1}


@pytest.mark.django_db
def test_the_same_seed_and_day_give_the_same_homes(cast: Cast) -> None:
    def told() -> list[Any]:
        with transaction.atomic():
            settle()
            living = Resident.objects.order_by("pk").values_list("name", "id_number", "phone", "household__colour")
            found = list(living), list(VisitClock.objects.order_by("pk").values_list("due_on", "rung"))
            transaction.set_rollback(True)
        return [[str(one) for one in each] for each in found]

    first, second = told(), told()
    assert first == second
