"""Every address lies in exactly one grid on the map: checked by its building's point, which somebody gives."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from shapely.geometry import Point

from accounts.models import User
from grids import checks
from grids.checks import points as point_checks
from grids.frames import DEGREE, gcj_shift
from grids.models import Building, Compound, CoverageAsk, CoverageFinding, Place
from tests.cast import CITY_CODE, MONDAY_TEN, XIANGYANG_1, Cast
from tests.grids.homes import door
from tests.grids.test_checks import draw, found, outline_of

COMMUNITY = XIANGYANG_1[:12]
XIANGYANG_2, XIANGYANG_5, XIANGYANG_8 = (f"{COMMUNITY}00{n}" for n in (2, 5, 8))
JINAN, LINQU = (117.0009, 36.6758), (118.5400, 36.5163)  # 158 and 45 kilometres away
NAMES = {check.name for check in point_checks.CHECKS}


def put(building: Building, at: Any) -> Building:
    """There, or into the middle of this grid."""
    longitude, latitude = middle(at) if isinstance(at, str) else at
    Building.objects.filter(pk=building.pk).update(longitude=longitude, latitude=latitude)
    return building


def middle(code: str) -> tuple[float, float]:
    point = outline_of(code).representative_point()
    return point.x, point.y


def house(at: Any = None, *, grid: str = XIANGYANG_1, name: str = "3号楼") -> Building:
    building = door(place=grid, building=name).building
    return put(building, at) if at else building


def complaints(code: str = COMMUNITY) -> dict[str, list[str]]:
    checks.run(code, MONDAY_TEN)
    said: dict[str, list[str]] = {}
    for name, words in CoverageFinding.objects.filter(check_name__in=NAMES).values_list("check_name", "words"):
        said.setdefault(name, []).append(words)
    return said


class TestChecks:
    def test_a_building_in_the_middle_of_its_grid_is_right(self, cast: Cast) -> None:
        house(XIANGYANG_1)
        assert complaints() == {}

    def test_a_point_in_no_grid_is_found(self, cast: Cast) -> None:
        building = house(LINQU)
        assert complaints() == {"nowhere": ["锦绣华庭3号楼的点位（118.540000, 36.516300）不在任何网格内"]}
        finding = CoverageFinding.objects.get(check_name="nowhere")
        assert finding.place_id == COMMUNITY
        assert finding.href == f"/grids/compounds/{building.compound_id}/#b{building.pk}"

    def test_a_point_in_two_grids_is_found_where_boundaries_overlap(self, cast: Cast) -> None:
        house(middle(XIANGYANG_2))
        draw(XIANGYANG_1, outline_of(XIANGYANG_1).union(Point(middle(XIANGYANG_2)).buffer(0.0005)))
        assert complaints() == {"in_two": ["锦绣华庭3号楼的点位同时在向阳第1网格、向阳第2网格内"]}
        assert CoverageFinding.objects.get(check_name="in_two").href == f"/places/{COMMUNITY}/boundaries/"

    def test_on_the_edge_of_two_grids_it_lies_in_its_own(self, cast: Cast) -> None:
        corners = (set(outline_of(code).exterior.coords) for code in (XIANGYANG_5, XIANGYANG_8))
        house(min(set.intersection(*corners)), grid=XIANGYANG_8)
        assert complaints() == {}

    def test_a_point_in_another_grid_than_its_dwellings_is_found(self, cast: Cast) -> None:
        building = house(XIANGYANG_2)
        assert complaints() == {"elsewhere": ["锦绣华庭3号楼的点位在向阳第2网格，房屋划在向阳第1网格"]}
        assert CoverageFinding.objects.get(check_name="elsewhere").href.endswith(f"#b{building.pk}")

    def test_a_building_divided_by_units_lies_in_one_of_its_grids(self, cast: Cast) -> None:
        building = house(XIANGYANG_2)
        door("101", unit="1单元", place=XIANGYANG_2)
        assert complaints() == {}
        put(building, XIANGYANG_5)
        assert found("elsewhere") == ["锦绣华庭3号楼的点位在向阳第5网格，房屋划在向阳第1网格、向阳第2网格"]

    def test_a_building_of_no_grid_yet_is_only_asked_to_lie_in_some(self, cast: Cast) -> None:
        building = house(XIANGYANG_2, grid=COMMUNITY)
        assert complaints() == {}
        put(building, LINQU)
        assert list(complaints()) == ["nowhere"]

    def test_a_grid_that_was_closed_is_nobodys_any_more(self, cast: Cast) -> None:
        house(XIANGYANG_2)
        Place.objects.filter(pk=XIANGYANG_1).update(closed_on=MONDAY_TEN.date(), boundary=None)
        assert complaints() == {}

    @pytest.mark.parametrize("grid", [XIANGYANG_1, COMMUNITY])
    def test_where_its_grid_is_not_drawn_nothing_is_said(self, cast: Cast, grid: str) -> None:
        house(XIANGYANG_1, grid=grid)
        Place.objects.filter(pk=XIANGYANG_1).update(boundary=None)
        assert complaints() == {}

    def test_where_nothing_is_drawn_nothing_is_said(self, cast: Cast) -> None:
        house(XIANGYANG_1)
        Place.objects.update(boundary=None)
        assert complaints(CITY_CODE) == {}

    def test_buildings_without_a_point_are_one_hint_for_their_community(self, cast: Cast) -> None:
        house(XIANGYANG_1)
        for name in ("4号楼", "5号楼"):
            house(name=name)
        assert complaints() == {"no_point": ["2 栋楼还没有点位"]}
        assert checks.CHECKS["no_point"].weight == checks.HINT
        assert CoverageFinding.objects.get(check_name="no_point").href == f"/places/{COMMUNITY}/points/"

    def test_the_whole_city_is_asked_for_in_three_queries(self, cast: Cast, django_assert_num_queries: Any) -> None:
        for n in range(3, 9):
            house(LINQU, name=f"{n}号楼")
            house(name=f"1{n}号楼")
        with django_assert_num_queries(3):
            assert len(list(point_checks.find(CITY_CODE, MONDAY_TEN.date()))) == 7


def shifted(longitude: float, latitude: float) -> tuple[float, float]:
    east, north = gcj_shift(longitude, latitude)
    return longitude + east / float(DEGREE[0]), latitude + north / float(DEGREE[1])


class TestPage:
    @pytest.fixture
    def secretary(self, client: Client, cast: Cast) -> Client:
        client.force_login(cast.secretary)
        return client

    def send(self, client: Client, building: Building, longitude: Any, latitude: Any) -> Any:
        where = reverse("coverage:building", args=[building.pk])
        return client.post(where, {"longitude": longitude, "latitude": latitude}, follow=True)

    def test_the_secretary_says_where_it_stands_and_the_community_is_checked(self, secretary: Client) -> None:
        building = house()
        CoverageAsk.objects.all().delete()
        answer = self.send(secretary, building, 118.71012345678, 36.87)
        assert "锦绣华庭3号楼的点位已保存" in answer.content.decode()
        assert "点位 118.710123, 36.870000" in answer.content.decode()
        building.refresh_from_db()
        assert (building.longitude, building.latitude) == (118.710123, 36.87)
        assert CoverageAsk.objects.get().community == COMMUNITY

    def test_it_is_taken_away_again(self, secretary: Client) -> None:
        building = house(XIANGYANG_1)
        assert "点位已清除" in self.send(secretary, building, "", "").content.decode()
        building.refresh_from_db()
        assert building.longitude is None

    @pytest.mark.parametrize(
        ("longitude", "latitude", "words"),
        [
            ("118.71", "", "经度和纬度应一起填写，或都留空"),
            ("东经118度", "36.87", "请填写小数形式的度数"),
            ("NaN", "36.87", "请填写小数形式的度数"),
            ("36.87", "118.71", "经度和纬度颠倒了"),
            ("500000", "4080000", "以米为单位的投影坐标"),
            (*JINAN, "离市区 158 公里，不在本市，请检查经度和纬度"),
        ],
    )
    def test_what_can_be_no_point_of_it_is_refused_in_words(
        self, secretary: Client, longitude: Any, latitude: Any, words: str
    ) -> None:
        building = house()
        answer = self.send(secretary, building, longitude, latitude)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        building.refresh_from_db()
        assert building.longitude is None

    @pytest.mark.parametrize(("grid", "names"), [(XIANGYANG_5, "向阳第5网格"), (COMMUNITY, "向阳社区")])
    def test_a_point_of_a_gcj_map_is_refused(self, secretary: Client, grid: str, names: str) -> None:
        """Of one that is off by just that shift; without a grid of its own, off its community."""
        building = house(grid=grid)
        east_end = max((code for code in grids_of(COMMUNITY)), key=lambda code: outline_of(code).bounds[2])
        answer = self.send(secretary, building, *shifted(*middle(XIANGYANG_5 if grid == XIANGYANG_5 else east_end)))
        words = answer.content.decode()
        assert answer.status_code == 422
        assert f"这个点不在{names}内，偏出的距离与 GCJ-02（火星坐标）的偏移一致" in words

    def test_a_point_that_is_off_by_something_else_is_for_the_report(self, secretary: Client) -> None:
        building = house()
        assert self.send(secretary, building, *middle(f"{COMMUNITY}010")).status_code == 200
        assert found("elsewhere")

    def test_who_may_not_assign_buildings_may_not_move_them(self, client: Client, cast: Cast) -> None:
        building = house()
        expected = {"secretary": 200, "street": 200, "reviewer": 200, "admin": 200, "leader": 403, "worker": 404}
        for who, status in {**expected, "operator": 404}.items():
            client.force_login(getattr(cast, who))
            assert client.get(f"/grids/buildings/{building.pk}/").status_code == status, who
            sent = client.post(f"/grids/buildings/{building.pk}/", {"longitude": 118.71, "latitude": 36.87})
            assert sent.status_code == {200: 302}.get(status, status), who

    def test_a_secretary_of_elsewhere_finds_nothing(self, client: Client, cast: Cast) -> None:
        building = house(grid="370783001902001")
        client.force_login(cast.secretary)
        assert client.get(f"/grids/buildings/{building.pk}/").status_code == 404
        assert client.get("/places/370783001902/points/").status_code == 404

    def test_the_community_lists_its_compounds_in_a_fixed_number_of_queries(
        self, secretary: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
    ) -> None:
        house(XIANGYANG_1)
        house(name="4号楼")
        page = f"/places/{COMMUNITY}/points/"
        secretary.get(page)
        with django_assert_max_num_queries(9) as before:
            assert "2 栋中 1 栋无点位" in secretary.get(page).content.decode()
        for n in range(3):
            compound = Compound.objects.create(name=f"空中花园{n}", community_id=COMMUNITY)
            Building.objects.create(compound=compound, name="1号楼")
        with django_assert_num_queries(len(before)):
            assert "1 栋中 1 栋无点位" in secretary.get(page).content.decode()


def grids_of(community: str) -> list[str]:
    return list(Place.objects.filter(parent=community).values_list("code", flat=True))


def test_a_point_is_whole(cast: Cast) -> None:
    building = house()
    with pytest.raises(IntegrityError, match="building_point_whole"), transaction.atomic():
        Building.objects.filter(pk=building.pk).update(longitude=118.7)


class TestAdmin:
    def test_the_administrator_keeps_points_under_the_same_rules(self, client: Client, cast: Cast) -> None:
        User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
        client.force_login(cast.admin)
        building = house()
        listed = reverse("admin:grids_building_changelist")
        assert "3号楼" in client.get(f"{listed}?q=锦绣&longitude__isempty=1").content.decode()
        page = reverse("admin:grids_building_change", args=[building.pk])
        far = client.post(page, dict(zip(("longitude", "latitude"), JINAN, strict=True)))
        assert "不在本市" in far.content.decode()
        client.post(page, {"longitude": 118.71, "latitude": 36.87})
        building.refresh_from_db()
        assert building.point == "118.710000, 36.870000"
        assert CoverageAsk.objects.filter(community=COMMUNITY).exists()
