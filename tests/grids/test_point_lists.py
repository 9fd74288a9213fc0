"""The points of many buildings come in a file: looked at row by row, saved all together or not at all."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.notnow import NotNow
from grids import point_lists, workflow
from grids.models import Building, CoverageAsk, Place, PointMove
from grids.point_lists import Proposal
from grids.workflow.pinpointing import newest
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast
from tests.grids.homes import door
from tests.grids.test_points import COMMUNITY, JINAN, LINQU, XIANGYANG_2, XIANGYANG_5, house, middle, put, shifted

PAGE = f"/places/{COMMUNITY}/points/import/"
HEADS = "小区,楼栋,经度,纬度"


def said(text: str) -> Proposal:
    return point_lists.read(text, Place.objects.get(pk=COMMUNITY))


def rows(*lines: Any, heads: str = HEADS) -> str:
    return "\n".join([heads, *(",".join(map(str, line)) for line in lines)])


def of(building: Building, at: Any = XIANGYANG_1) -> tuple[Any, ...]:
    return (building.compound.name, building.name, *(middle(at) if isinstance(at, str) else at))


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def point(at: Any = XIANGYANG_1) -> dict[str, Any]:
    return {"type": "Point", "coordinates": middle(at) if isinstance(at, str) else at}


def rounded(code: str = XIANGYANG_1) -> tuple[float, float]:
    east, north = middle(code)
    return round(east, 6), round(north, 6)


class TestReading:
    def test_a_csv_names_buildings_as_people_write_them(self, cast: Cast) -> None:
        three, four = house(), house(name="4号楼")
        east, north = middle(XIANGYANG_1)
        proposal = said(rows(("锦绣华庭", "三号楼", east, north), ("锦绣华庭", "4#", east, north)))
        assert proposal.errors == []
        assert proposal.points == {three.pk: rounded(), four.pk: rounded()}
        assert [(move.name, move.before, move.metres) for move in proposal.moves] == [
            ("锦绣华庭3号楼", "", None),
            ("锦绣华庭4号楼", "", None),
        ]

    @pytest.mark.parametrize("heads", ["compound;building;lon;lat", "小区名称\t楼号\t经度(WGS84)\t纬度(WGS84)"])
    def test_other_headings_and_separators_are_known(self, cast: Cast, heads: str) -> None:
        building = house()
        separator = ";" if ";" in heads else "\t"
        text = f"{heads}\n" + separator.join(map(str, of(building)))
        assert said(text).points == {building.pk: rounded()}

    def test_a_geojson_names_buildings_by_name_or_by_code(self, cast: Cast) -> None:
        three, four = house(), house(name="4号楼")
        proposal = said(
            geojson(
                feature(point(), compound="锦绣华庭", building="3号楼"),
                feature(point(XIANGYANG_2), code=four.pk),
            )
        )
        assert proposal.points == {three.pk: rounded(), four.pk: rounded(XIANGYANG_2)}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("村委会", "没有找到表头（如“小区”“楼栋”“经度”“纬度”）；如果是 GeoJSON，文件不完整。"),
            ("{村委会", "内容不是 GeoJSON"),
            ('{"type":"FeatureCollection","features":[{"properties":{"小区":"\\udfff"}}]}', "内容不是 GeoJSON"),
            ("[" * 100_000, "内容不是 GeoJSON"),
            ('{"type": "FeatureCollection", "features": []}', "没有任何楼栋"),
            (HEADS, "没有一行填了经度和纬度"),
            ("x" * 1_000_001, "超过 1,000,000 个字符"),
            (HEADS + '\n锦绣华庭,"3号楼,118.7,36.8' + "x" * 200_000, "引号不成对"),
        ],
        ids=lambda value: value[:12],
    )
    def test_what_cannot_be_read_is_named(self, cast: Cast, text: str, words: str) -> None:
        (error,) = said(text).errors
        assert words in error


class TestFindings:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            (("锦绣华亭", "3号楼", 118.7, 36.8), "第 2 行：“锦绣华亭”不是向阳社区的小区，是不是“锦绣华庭”？"),
            (("锦绣华庭", "30号楼", 118.7, 36.8), "第 2 行：“30号楼”不是锦绣华庭登记的楼栋，是不是“3号楼”？"),
            (("", "", 118.7, 36.8), "第 2 行：没有写明是哪栋楼：应有小区和楼栋，或楼栋编号。"),
            (("锦绣华庭", "3号楼", 118.7, ""), "第 2 行：经度和纬度应一起填写，或都留空。"),
            (("锦绣华庭", "3号楼", "东经118度", 36.8), "第 2 行：请填写小数形式的度数，如 118.741203。"),
            (("锦绣华庭", "3号楼", "nan", 36.8), "第 2 行：请填写小数形式的度数，如 118.741203。"),
            (("锦绣华庭", "3号楼", 36.87, 118.71), "第 2 行：锦绣华庭3号楼：经度和纬度颠倒了，应先经度后纬度。"),
            (("锦绣华庭", "3号楼", 500000, 4080000), "以米为单位的投影坐标"),
            (
                ("锦绣华庭", "3号楼", *JINAN),
                "第 2 行：锦绣华庭3号楼：这个点离市区 158 公里，不在本市，请检查经度和纬度。",
            ),
        ],
    )
    def test_what_can_be_no_point_is_named_with_its_row(self, cast: Cast, line: Any, words: str) -> None:
        house()
        proposal = said(rows(line))
        (error,) = proposal.errors
        assert words in error
        assert not proposal.can_be_saved

    def test_points_of_a_gcj_map_are_named(self, cast: Cast) -> None:
        building = house(grid=XIANGYANG_5)
        (error,) = said(rows(of(building, shifted(*middle(XIANGYANG_5))))).errors
        assert "第 2 行：锦绣华庭3号楼：这个点不在向阳第5网格内，偏出的距离与 GCJ-02" in error

    def test_a_building_is_there_once(self, cast: Cast) -> None:
        building = house()
        proposal = said(rows(of(building), ("锦绣华庭", "三号楼", *middle(XIANGYANG_1))))
        assert proposal.errors == ["第 3 行：锦绣华庭3号楼在第 2 行已经出现过。"]

    def test_a_code_of_another_community_and_one_that_fits_no_name_are_named(self, cast: Cast) -> None:
        three, four, elsewhere = house(), house(name="4号楼"), house(grid="370783001902001")
        proposal = said(
            rows(
                (elsewhere.pk, "", "", 118.7, 36.8),
                (four.pk, *of(three)),
                heads=f"楼栋编号,{HEADS}",
            )
        )
        assert proposal.errors == [
            f"第 2 行：编号 {elsewhere.pk} 不是向阳社区的楼栋。",
            f"第 3 行：编号 {four.pk} 是锦绣华庭4号楼，与写的“锦绣华庭3号楼”不一致。",
        ]

    def test_a_file_of_something_else_is_not_read_to_its_end(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        house()
        monkeypatch.setattr(point_lists, "MOST_ERRORS", 3)
        errors = said(rows(*[("别处", "1号楼", 118.7, 36.8)] * 20)).errors
        assert len(errors) == 4
        assert errors[-1] == "错误太多，第 5 行起没有再检查。"

    def test_what_is_no_point_in_a_geojson_is_named(self, cast: Cast) -> None:
        house()
        named: Any = {"compound": "锦绣华庭", "building": "3号楼"}
        for geometry in (
            {"type": "LineString", "coordinates": [[118.7, 36.8], [118.8, 36.8]]},
            {"type": "Point", "coordinates": ["118.7", True]},
            7,
        ):
            assert said(geojson(feature(geometry, **named))).errors == ["第 1 个图形：图形应为点（Point）。"]
        assert said(geojson(7, feature(point()))).errors == [
            "第 2 个图形：没有写明是哪栋楼：应有小区和楼栋，或楼栋编号。"
        ]

    def test_what_stays_and_what_says_of_no_point_changes_nothing(self, cast: Cast) -> None:
        here, gone = house(XIANGYANG_1), put(house(name="4号楼"), XIANGYANG_1)
        put(here, rounded())
        here.refresh_from_db()
        proposal = said(rows(of(here, rounded()), ("锦绣华庭", "4号楼", "", ""), ("没有的", "", "", "")))
        assert (proposal.unchanged, proposal.blank, proposal.points, proposal.errors) == (1, 2, {}, [])
        assert not proposal.can_be_saved
        gone.refresh_from_db()
        assert gone.longitude

    def test_a_point_outside_of_its_grid_is_only_asked_about(self, cast: Cast) -> None:
        away, lost = house(), house(name="4号楼")
        proposal = said(rows(of(away, XIANGYANG_2), of(lost, LINQU)))
        assert proposal.errors == []
        assert proposal.warnings == [
            "第 2 行：锦绣华庭3号楼的点位在向阳第2网格，房屋划在向阳第1网格。",
            "第 3 行：锦绣华庭4号楼的点位（118.540000, 36.516300）不在任何网格内。",
        ]

    def test_how_far_it_moves_is_said(self, cast: Cast) -> None:
        building = put(house(), (118.71, 36.87))
        (move,) = said(rows(of(building, (118.711, 36.87)))).moves
        assert (move.before, move.after) == ("118.710000, 36.870000", "118.711000, 36.870000")
        assert move.metres == pytest.approx(89.2, abs=0.2)

    def test_many_rows_are_looked_at_in_a_few_queries(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        buildings = [house(name=f"{n}号楼") for n in range(1, 13)]
        off, beside = shifted(*middle(XIANGYANG_1)), middle(XIANGYANG_2)
        text = rows(*(of(one, off if n < 3 else beside) for n, one in enumerate(buildings)))
        with django_assert_max_num_queries(7):
            proposal = said(text)
        assert (len(proposal.errors), len(proposal.warnings)) == (3, 9)


class TestSaving:
    def test_all_are_moved_in_a_fixed_number_of_queries(
        self, cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
    ) -> None:
        buildings = [house(name=f"{n}号楼") for n in range(1, 13)]
        at: Any = {"by": cast.secretary, "at": MONDAY_TEN}
        workflow.pinpoint_all(COMMUNITY, {buildings[0].pk: (118.7, 36.8)}, seen=0, **at)
        with django_assert_max_num_queries(10) as before:
            workflow.pinpoint_all(COMMUNITY, {buildings[0].pk: (118.71, 36.8)}, seen=newest(COMMUNITY), **at)
        points = {one.pk: (round(118.7 + n / 1000, 6), 36.87) for n, one in enumerate(buildings)}
        with django_assert_num_queries(len(before)):
            assert workflow.pinpoint_all(COMMUNITY, points, seen=newest(COMMUNITY), **at) == 12
        stored = Building.objects.in_bulk(points)
        assert {pk: (one.longitude, one.latitude) for pk, one in stored.items()} == points

    def test_who_checked_before_another_moved_one_checks_again(self, cast: Cast) -> None:
        building, other = house(), house(name="4号楼")
        at: Any = {"by": cast.secretary, "at": MONDAY_TEN}
        workflow.pinpoint(other, 118.7, 36.8, **at)
        with pytest.raises(NotNow, match="请重新检查后再保存"):
            workflow.pinpoint_all(COMMUNITY, {building.pk: (118.7, 36.8)}, seen=0, **at)
        building.refresh_from_db()
        assert building.longitude is None

    def test_a_building_of_elsewhere_is_not_moved(self, cast: Cast) -> None:
        elsewhere = house(grid="370783001902001")
        at: Any = {"by": cast.secretary, "at": MONDAY_TEN}
        assert workflow.pinpoint_all(COMMUNITY, {elsewhere.pk: (118.7, 36.8)}, seen=0, **at) == 0
        elsewhere.refresh_from_db()
        assert elsewhere.longitude is None


class TestPage:
    @pytest.fixture
    def secretary(self, client: Client, cast: Cast) -> Client:
        client.force_login(cast.secretary)
        return client

    def test_checked_then_saved(self, secretary: Client, cast: Cast) -> None:
        three, four = house(), house(name="4号楼")
        CoverageAsk.objects.all().delete()
        text = rows(of(three), of(four, XIANGYANG_2))
        checked = secretary.post(PAGE, {"file": SimpleUploadedFile("点位.csv", text.encode("gb18030")), "seen": 0})
        page = checked.content.decode()
        assert checked.status_code == 200
        assert "可以保存" in page
        assert "保存 2 栋楼的点位" in page
        assert "锦绣华庭,3号楼," in page
        assert not PointMove.objects.exists()
        press = {"text": text, "seen": 0, "save": "1"}
        unsaid = secretary.post(PAGE, press)
        assert "请核对提示后勾选。" in unsaid.content.decode()
        assert not PointMove.objects.exists()
        saved = secretary.post(PAGE, press | {"accept": "on"}, follow=True)
        assert "2 栋楼的点位已保存" in saved.content.decode()
        three.refresh_from_db()
        assert (three.longitude, three.latitude) == rounded()
        assert PointMove.objects.filter(building__in=[three, four], by=cast.secretary).count() == 2
        assert CoverageAsk.objects.get().community == COMMUNITY

    def test_nothing_is_saved_while_one_row_is_wrong(self, secretary: Client) -> None:
        three = house()
        text = rows(of(three), ("锦绣华庭", "5号楼", 118.7, 36.8))
        answer = secretary.post(PAGE, {"text": text, "seen": 0, "save": "1", "accept": "on"})
        assert answer.status_code == 422
        assert "不能保存" in answer.content.decode()
        three.refresh_from_db()
        assert three.longitude is None

    def test_saved_by_another_meanwhile_it_is_checked_once_more(self, secretary: Client, cast: Cast) -> None:
        three, four = house(), house(name="4号楼")
        workflow.pinpoint(four, *middle(XIANGYANG_1), by=cast.admin, at=MONDAY_TEN)
        press = {"text": rows(of(three)), "seen": 0}
        assert secretary.post(PAGE, press | {"save": "1"}).status_code == 409
        again = secretary.post(PAGE, press)
        assert f'name="seen" value="{newest(COMMUNITY)}"' in again.content.decode()

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (b"", "文件是空的"),
            (b"\xff\xff\x81\x20\x00", "编码认不出来"),
            (b" " * 4_000_001, "文件太大，请分几份导入"),
            (b"PK\x03\x04\x14\x00\xff\xff", "文件"),
        ],
    )
    def test_a_bad_file_is_refused_in_words(self, secretary: Client, file: bytes, words: str) -> None:
        answer = secretary.post(PAGE, {"file": SimpleUploadedFile("点位.csv", file), "seen": 0})
        assert answer.status_code == 422
        assert words in answer.context["form"].errors["file"][0]

    def test_the_list_that_is_offered_can_be_brought_back(self, secretary: Client) -> None:
        three = put(house(), rounded())
        house(name="4号楼")
        listed = secretary.get(PAGE).context["now"]
        assert listed.splitlines()[1] == f"{three.pk},锦绣华庭,3号楼,{','.join(map(str, rounded()))}"
        proposal = said(listed)
        assert (proposal.unchanged, proposal.blank, proposal.errors) == (1, 1, [])

    def test_who_may_not_move_one_may_not_move_many(self, client: Client, cast: Cast) -> None:
        door()
        expected = {"secretary": 200, "street": 200, "reviewer": 200, "admin": 200, "leader": 403, "worker": 404}
        for who, status in {**expected, "operator": 404}.items():
            client.force_login(getattr(cast, who))
            assert client.get(PAGE).status_code == status, who
            assert client.post(PAGE, {"text": "x"}).status_code == {200: 422}.get(status, status), who
            there = client.get(f"/places/{COMMUNITY}/points/")
            assert (PAGE in there.content.decode()) == (status == 200), who
        client.force_login(cast.secretary)
        assert client.get("/places/370783001902/points/import/").status_code == 404


class TestHistory:
    def test_the_form_tells_who_moved_it_when_and_from_where(self, client: Client, cast: Cast) -> None:
        building = house()
        client.force_login(cast.secretary)
        page = f"/grids/buildings/{building.pk}/"
        assert "还没有变更过。" in client.get(page).content.decode()
        client.post(page, {"longitude": 118.71, "latitude": 36.87})
        client.post(page, {"longitude": 118.71, "latitude": 36.87})
        client.post(page, {"longitude": 118.712, "latitude": 36.87})
        client.post(page, {"longitude": "", "latitude": ""})
        moves = [(move.before, move.after, move.by) for move in PointMove.objects.all()]
        assert moves == [
            ("118.712000, 36.870000", "", cast.secretary),
            ("118.710000, 36.870000", "118.712000, 36.870000", cast.secretary),
            ("", "118.710000, 36.870000", cast.secretary),
        ]
        told = client.get(page).content.decode()
        points = re.findall('coverage-at">([^<]*)<', told)
        assert points == [word for before, after, _ in moves for word in (before or "无点位", after or "无点位")]

    def test_it_asks_as_much_for_many_moves(
        self, client: Client, cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any
    ) -> None:
        building = house()
        client.force_login(cast.secretary)
        page = f"/grids/buildings/{building.pk}/"
        workflow.pinpoint(building, 118.7, 36.8, by=cast.secretary, at=MONDAY_TEN)
        client.get(page)
        with django_assert_max_num_queries(12) as before:
            client.get(page)
        for n in range(3):
            workflow.pinpoint(building, 118.71 + n / 1000, 36.8, by=cast.admin, at=MONDAY_TEN)
        with django_assert_num_queries(len(before)):
            client.get(page)
