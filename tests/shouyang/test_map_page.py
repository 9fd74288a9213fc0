"""The map of the grids: the same figures as colours and as a table."""

import gzip
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from shapely.geometry import shape

from grids import workflow
from grids.models import Dwelling, Hazard, Household, Item
from shouyang import map_page
from shouyang.settings import origins
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, call
from tests.grids.homes import home, lives

COMMUNITY = XIANGYANG_1[:12]


def rows(client: Client, user: Any, query: str) -> dict[str, Any]:
    client.force_login(user)
    return {row.code: row for row in client.get(f"/map/?{query}").context["rows"]}


@pytest.mark.parametrize(
    ("who", "count"), [("leader", 36), ("principal", 36), ("reviewer", 36), ("street", 18), ("secretary", 10)]
)
def test_everybody_sees_the_area_she_answers_for(client: Client, cast: Cast, who: str, count: int) -> None:
    assert len(rows(client, getattr(cast, who), "")) == count


@pytest.mark.parametrize("who", ["operator", "worker", "member", "head"])
def test_a_stranger_finds_no_map(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/map/").status_code == 404


def test_every_measure_counts_its_rows(client: Client, cast: Cast) -> None:
    home(cast, "101")
    home(cast, "102", colour="red")
    call(cast, at=timezone.now())
    found = {"item": Item.objects.get(code="A02"), "address": "向阳路", "words": "堵了", "found_by": cast.worker}
    Hazard.objects.create(place_id=XIANGYANG_1, found_at=MONDAY_TEN, **found)
    counted = {by: rows(client, cast.secretary, f"by={by}&level=grid")[XIANGYANG_1].count for by in map_page.MEASURES}
    assert counted == {"households": 2, "due": counted["due"], "first": 1, "petitions": 1, "hazards": 1, "coverage": 0}
    assert rows(client, cast.leader, "by=households")[COMMUNITY].count == 2


def test_due_are_those_whose_day_has_come(cast: Cast) -> None:
    home(cast, "101", colour="red")
    for days, due in ((0, 0), (60, 1)):
        page = map_page.context(cast.secretary, by="due", level="grid", at=MONDAY_TEN + timedelta(days=days))
        assert sum(row.count for row in page["rows"]) == due


def test_few_homes_of_a_colour_are_not_told_to_the_desks_of_the_city(client: Client, cast: Cast) -> None:
    for room in range(101, 105):
        home(cast, str(room), colour="red")
    assert rows(client, cast.leader, "by=first&level=grid")[XIANGYANG_1].words == "少于 5"
    assert rows(client, cast.secretary, "by=first&level=grid")[XIANGYANG_1].words == "4"
    home(cast, "105", colour="orange")
    assert rows(client, cast.leader, "by=first&level=grid")[XIANGYANG_1].words == "5"


def test_a_home_that_has_ended_is_counted_no_more(client: Client, cast: Cast) -> None:
    one, two = home(cast, "101"), home(cast, "102")
    Household.objects.filter(pk=two.pk).update(dwelling=one.dwelling)
    kept, twin = lives(cast, one), lives(cast, Household.objects.get(pk=two.pk))
    workflow.merge_households(twin, kept, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert rows(client, cast.secretary, "level=grid")[XIANGYANG_1].count == 1


def test_equal_counts_have_one_colour_and_each_colour_about_as_many_places() -> None:
    few, many = map_page.bands([0, 0, 1, 1, 1, 3, 7]), map_page.bands(range(1, 101))
    assert [few(count) for count in (0, 1, 3, 7)] == [0, 1, 2, 3]
    assert [many(count) for count in (1, 20, 21, 50, 81, 100)] == [1, 1, 2, 3, 5, 5]
    assert map_page.bands([])(0) == 0


def test_the_highest_stand_first(client: Client, cast: Cast) -> None:
    home(cast, "101")
    Dwelling.objects.update(place=f"{COMMUNITY}007")
    first, *others = rows(client, cast.secretary, "level=grid").values()
    assert (first.code, first.count) == (f"{COMMUNITY}007", 1)
    assert [row.code for row in others] == sorted(row.code for row in others)


def test_a_figure_leads_to_its_list(client: Client, cast: Cast) -> None:
    call(cast, at=timezone.now())
    row = rows(client, cast.secretary, "by=petitions&level=grid")[XIANGYANG_1]
    assert len(client.get(row.list).context["rows"]) == row.count == 1
    assert client.get(row.href).status_code == 200


@pytest.mark.parametrize(("level", "count"), [("grid", 338), ("community", 36)])
def test_the_outlines_are_light_and_valid(client: Client, cast: Cast, level: str, count: int) -> None:
    client.force_login(cast.leader)
    answer = client.get(f"/map/outlines.json?level={level}")
    features = json.loads(answer.content)["features"]
    assert len(features) == count
    assert len(gzip.compress(answer.content)) < 150_000
    assert all(shape(feature["geometry"]).is_valid for feature in features)


def test_the_number_of_queries_is_fixed(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    client.force_login(cast.leader)
    client.get("/map/?by=petitions&level=grid")
    with django_assert_max_num_queries(8):
        answer = client.get("/map/?by=petitions&level=grid")
    assert len(answer.content) < 100_000


def test_pictures_come_from_elsewhere_only_where_tiles_are_configured(
    client: Client, cast: Cast, settings: Any
) -> None:
    client.force_login(cast.leader)
    page = client.get("/map/")
    assert 'data-tiles=""' in page.content.decode()
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"] + ";"
    settings.TILE_ADDRESS = "https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=key"
    assert "tianditu" in client.get("/map/").content.decode()
    assert origins(settings.TILE_ADDRESS) == ["https://t0.tianditu.gov.cn"]
    assert origins("https://{s}.tiles.example/{z}/{x}/{y}.png") == ["https://*.tiles.example"]
    assert origins("") == []
