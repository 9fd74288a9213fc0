"""No gap, no overlap, full coverage: each check finds its fault, and nothing where there is none."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from shapely.geometry import box, mapping, shape

from grids import checks, workflow
from grids.checks import outlines as map_checks
from grids.frames import metres
from grids.models import (
    Building,
    Compound,
    CoverageAsk,
    CoverageFinding,
    CoverageRun,
    Dwelling,
    Item,
    Landmark,
    Place,
    PlaceVersion,
    Premises,
    ask_for_checks,
)
from grids.workflow import Edit, Part
from tests.cast import CITY_CODE, MONDAY_TEN, XIANGYANG_1, Cast, hours
from tests.grids.homes import door, home

COMMUNITY = XIANGYANG_1[:12]
XIANGYANG_2 = f"{COMMUNITY}002"


def found(check: str, code: str = COMMUNITY) -> list[str]:
    checks.run(code, MONDAY_TEN)
    return list(CoverageFinding.objects.filter(check_name=check).values_list("words", flat=True))


def draw(code: str, outline: Any) -> None:
    Place.objects.filter(pk=code).update(boundary=mapping(outline))


def outline_of(code: str) -> Any:
    return shape(Place.objects.get(pk=code).boundary)


def test_the_outlines_of_the_city_have_no_gap_and_no_overlap(cast: Cast) -> None:
    assert not list(map_checks.find(CITY_CODE, MONDAY_TEN.date()))


def test_a_dwelling_of_no_grid_is_found_by_its_building(cast: Cast) -> None:
    door("101", place=COMMUNITY)
    door("102", place=COMMUNITY)
    door("201")
    assert found("unassigned") == ["锦绣华庭3号楼：2 套房屋未划入网格"]


def test_an_address_that_is_said_twice_is_found(cast: Cast) -> None:
    door("501", building="3号楼")
    door("501", building="3 号楼")
    door("502", building="3号楼")
    assert found("twice") == ["锦绣华庭3号楼：1 个地址登记了不止一次"]


def test_shops_and_roads_of_no_grid_are_found(cast: Cast) -> None:
    Premises.objects.create(name="晨光超市", address="向阳路", place_id=COMMUNITY, patrol_due_on=MONDAY_TEN)
    Landmark.objects.create(road="新修的路", place_id=COMMUNITY)
    assert found("premises") == ["1 家单位或商户未划入网格"]
    assert found("landmarks") == ["新修的路没有划入网格"]


def test_a_unit_in_two_grids_is_found_and_a_building_divided_by_units_is_not(cast: Cast) -> None:
    door("101", unit="1单元")
    door("102", unit="1单元", place=XIANGYANG_2)
    door("101", unit="2单元", place=XIANGYANG_2)
    assert found("split") == ["锦绣华庭3号楼1单元分属 2 个网格，楼栋只能按单元划分"]


def test_a_building_without_dwellings_and_a_compound_without_grid_are_found(cast: Cast) -> None:
    compound = Compound.objects.create(name="空中花园", community_id=COMMUNITY)
    Building.objects.create(compound=compound, name="1号楼")
    assert found("no_dwellings") == ["空中花园1号楼在楼栋清单中，还没有登记房屋"]
    assert found("no_grid") == ["空中花园不在任何网格内"]


def test_who_is_missing_and_what_is_too_small_is_found(cast: Cast) -> None:
    home(cast)
    assert found("size")[:2] == ["向阳社区现有 1 户，应为 2000–4000 户", "向阳第1网格现有 1 户，应为 200–400 户"]
    assert len(found("no_worker")) == 9
    assert Counter(CoverageFinding.objects.values_list("check_name", flat=True))["codes"] == 0


def test_items_without_a_lead_stand_in_the_report_of_the_city_alone(cast: Cast) -> None:
    Item.objects.filter(in_grid=True).exclude(code="A02").update(active=False)
    Item.objects.filter(code="A02").update(lead=None)
    assert found("items", CITY_CODE) == [f"A02 {Item.objects.get(code='A02').name}没有主责部门"]
    assert CoverageFinding.objects.get(check_name="items").place_id == CITY_CODE


def test_a_code_that_is_not_the_path_is_found(cast: Cast) -> None:
    Place.objects.filter(pk=XIANGYANG_2).update(kind=Place.Kind.COMMUNITY)
    assert found("codes") == [f"向阳第2网格（{XIANGYANG_2}）：编码长度与级别不符"]


def test_an_overlap_is_found_with_its_area(cast: Cast) -> None:
    one, other = outline_of(XIANGYANG_1), outline_of(XIANGYANG_2)
    taken = other.centroid.buffer(0.0005)
    draw(XIANGYANG_1, one.union(taken))
    area = metres(one.union(taken)).intersection(metres(other)).area
    assert found("overlap") == [f"向阳第1网格与向阳第2网格重叠 {area:,.0f} 平方米"]


def test_a_gap_is_found_with_its_place(cast: Cast) -> None:
    inner = f"{COMMUNITY}005"
    here = outline_of(inner)
    draw(inner, here.difference(here.centroid.buffer(0.0003)))
    (words,) = found("gap")
    assert words.startswith("向阳第5网格旁有空白 2,")
    assert f"{here.centroid.x:.4f}"[:7] in words


def test_an_outline_that_crosses_itself_is_named_with_the_point(cast: Cast) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[118.70, 36.86], [118.71, 36.87], [118.71, 36.86], [118.70, 36.87], [118.70, 36.86]]],
    }
    Place.objects.filter(pk=XIANGYANG_1).update(boundary=bow)
    assert found("broken") == ["向阳第1网格的边界自相交，在 118.705000, 36.865000 处"]


def test_what_lies_outside_of_the_community_is_found(cast: Cast) -> None:
    west, south, east, north = outline_of(XIANGYANG_1).bounds
    draw(COMMUNITY, box(west, south, east, north - 0.001))
    assert any(words.startswith("向阳第1网格有 ") and "在向阳社区以外" in words for words in found("outside"))


def test_a_grid_without_outline_and_edges_that_do_not_meet_are_found(cast: Cast) -> None:
    draw(XIANGYANG_2, outline_of(XIANGYANG_2).buffer(-0.00002))
    assert any("米边线与邻格不重合" in words for words in found("edges"))
    Place.objects.filter(pk=XIANGYANG_1).update(boundary=None)
    assert found("undrawn") == ["向阳第1网格没有边界"]


def test_numbers_that_run_the_wrong_way_are_only_a_hint(cast: Cast) -> None:
    first, second = outline_of(XIANGYANG_1), outline_of(f"{COMMUNITY}010")
    draw(XIANGYANG_1, second)
    draw(f"{COMMUNITY}010", first)
    assert found("order")
    assert checks.CHECKS["order"].weight == checks.HINT


def test_a_second_run_leaves_only_what_still_is_wrong(cast: Cast) -> None:
    dwelling = door(place=COMMUNITY)
    assert found("unassigned")
    workflow.assign([Part(dwelling.building_id, "2单元")], cast.grid, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    assert not found("unassigned")
    assert CoverageRun.objects.filter(place=COMMUNITY).count() == 2


def test_what_was_changed_is_checked_once_and_the_queue_is_empty(cast: Cast) -> None:
    for _ in range(3):
        ask_for_checks([XIANGYANG_1, XIANGYANG_1[:9]], MONDAY_TEN)
    assert checks.check_what_was_asked(MONDAY_TEN) == 3
    assert CoverageRun.objects.get().place_id == COMMUNITY
    assert checks.check_what_was_asked(MONDAY_TEN) == 0
    assert not CoverageAsk.objects.exists()


def test_a_sweep_that_dies_leaves_its_asks_to_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_checks([XIANGYANG_1], MONDAY_TEN)
    with monkeypatch.context() as broken:
        broken.setattr(checks.running, "_keep", lambda *said: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            checks.check_what_was_asked(MONDAY_TEN)
    assert CoverageAsk.objects.count() == 1
    assert checks.check_what_was_asked(MONDAY_TEN) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_sweeps_at_once_one_does_the_work() -> None:
    ask_for_checks([XIANGYANG_1], MONDAY_TEN)

    def sweep(_: int) -> int:
        try:
            return checks.check_what_was_asked(MONDAY_TEN)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, range(2))) == [0, 1]
    assert CoverageRun.objects.count() == 1


def test_a_dwelling_that_is_given_to_a_grid_asks_for_a_check(cast: Cast) -> None:
    household = home(cast)
    CoverageAsk.objects.all().delete()  # what the new household asked for
    given = Edit(household.dwelling, 1, {"place": Place.objects.get(pk=XIANGYANG_2)})
    workflow.edit(household, [given], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert CoverageAsk.objects.get().community == COMMUNITY


def test_the_whole_city_is_checked_once_a_night(cast: Cast) -> None:
    assert checks.nightly(MONDAY_TEN)
    assert CoverageRun.objects.count() == 37  # 36 communities and the city
    assert checks.nightly(MONDAY_TEN + hours(12)) is None
    assert checks.nightly(MONDAY_TEN + hours(15.9)) is None
    assert checks.nightly(MONDAY_TEN + hours(16.1))


class TestReport:
    @pytest.fixture(autouse=True)
    def one_building_left_out(self, cast: Cast) -> None:
        door(place=COMMUNITY)
        checks.run(COMMUNITY, MONDAY_TEN)

    def page(self, client: Client, user: Any, query: str = "") -> Any:
        client.force_login(user)
        return client.get(f"/grids/coverage/{query}")

    def test_those_who_answer_for_the_place_read_it(self, client: Client, cast: Cast) -> None:
        for reader in (cast.secretary, cast.street, cast.reviewer, cast.leader, cast.principal, cast.admin):
            assert (
                "锦绣华庭3号楼：1 套房屋未划入网格" in self.page(client, reader, "?check=unassigned").content.decode()
            )

    def test_a_stranger_finds_nothing(self, client: Client, cast: Cast) -> None:
        for stranger in (cast.operator, cast.worker, cast.member, cast.head):
            assert self.page(client, stranger).status_code == 404
            assert client.post("/grids/coverage/check/").status_code == 404
            assert client.get("/exports/of/coverage/").status_code == 404

    def test_a_secretary_reads_of_her_own_community_alone(self, client: Client, cast: Cast) -> None:
        report = self.page(client, cast.secretary).context["report"]
        assert {finding.place_id[:12] for finding in CoverageFinding.objects.visible_to(cast.secretary)} == {COMMUNITY}
        assert report.total == CoverageFinding.objects.within(COMMUNITY).count()
        assert self.page(client, cast.secretary, "?place=370783001902").status_code == 404

    def test_every_number_is_the_length_of_its_list_and_every_row_leads_somewhere(
        self, client: Client, cast: Cast
    ) -> None:
        client.force_login(cast.admin)
        report = client.get(f"/grids/coverage/?place={COMMUNITY}").context["report"]
        assert {"unassigned", "no_grid", "size", "no_worker"} <= {line.check.name for line in report.wrong}
        for line in report.wrong:
            listed = client.get(f"/grids/coverage/{line.href}").context["report"]
            assert len(listed.findings) == line.count
            assert client.get(listed.findings[0].href.partition("#")[0]).status_code == 200

    def test_it_says_what_is_more_and_what_is_less_than_the_day_before(self, client: Client, cast: Cast) -> None:
        door("601", place=COMMUNITY, building="5号楼")
        checks.run(COMMUNITY, MONDAY_TEN + timedelta(days=1))
        lines = {line.check.name: line for line in self.page(client, cast.secretary).context["report"].lines}
        assert (lines["unassigned"].count, lines["unassigned"].trend) == (2, "比上日多 1")
        assert lines["no_worker"].trend == "与上日相同"

    def test_a_press_of_the_button_checks_one_community_at_once(self, client: Client, cast: Cast) -> None:
        door("601", place=COMMUNITY, building="5号楼")
        client.force_login(cast.secretary)
        client.post("/grids/coverage/check/")
        assert CoverageFinding.objects.filter(check_name="unassigned").count() == 2

    def test_a_press_for_the_city_asks_a_worker(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.reviewer)
        client.post("/grids/coverage/check/")
        assert CoverageAsk.objects.get().community == CITY_CODE
        client.force_login(cast.street)
        client.post("/grids/coverage/check/")
        assert CoverageAsk.objects.count() == 19
        assert "有改动正在复核" in client.get("/grids/coverage/").content.decode()

    def test_the_number_of_queries_does_not_grow(
        self, client: Client, cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
    ) -> None:
        self.page(client, cast.reviewer, "?check=unassigned")
        with django_assert_max_num_queries(14) as before:
            client.get("/grids/coverage/?check=unassigned")
        for number in range(4, 9):
            door(place=COMMUNITY, building=f"{number}号楼")
        checks.run(COMMUNITY, MONDAY_TEN)
        with django_assert_num_queries(len(before)):
            client.get("/grids/coverage/?check=unassigned")

    def test_it_is_had_as_a_sheet(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.secretary)
        answer = client.get("/exports/of/coverage/?check=unassigned")
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_building_left_out_turns_red_is_put_right_and_the_grid_has_a_second_version(
    client: Client, cast: Cast
) -> None:
    """Storyline 8 of the domain."""
    household = home(cast)
    Dwelling.objects.update(place=COMMUNITY)
    client.force_login(cast.secretary)
    client.post("/grids/coverage/check/")
    report = client.get("/grids/coverage/?check=unassigned").context["report"]
    assert report.lines[0].check.weight == checks.MUST
    (finding,) = report.findings
    page = finding.href.partition("#")[0]
    compound = client.get(page)
    unit = compound.context["houses"][0].units[0]
    ticked = {"part": unit.value, "grid": XIANGYANG_1, "key": str(uuid4())}
    assert (
        "1 套房屋已划入向阳第1网格" in client.post(finding.href.partition("#")[0], ticked, follow=True).content.decode()
    )
    checks.check_what_was_asked(MONDAY_TEN)
    assert not client.get("/grids/coverage/?check=unassigned").context["report"].findings
    household.dwelling.refresh_from_db()
    assert household.dwelling.place_id == XIANGYANG_1
    moved = household.events.get(action="moved_grid")
    assert moved.detail == {"from": COMMUNITY, "to": XIANGYANG_1}
    version = PlaceVersion.objects.get(place=XIANGYANG_1, until=None)
    assert (version.number, version.reason) == (2, "划入锦绣华庭3号楼2单元等 1 套房屋")


def test_a_new_household_is_checked_soon(cast: Cast) -> None:
    home(cast)
    assert set(CoverageAsk.objects.values_list("community", flat=True)) == {COMMUNITY}
