"""Boundaries are looked at before they are saved; what is wrong is named, and nothing is saved while it stands."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from shapely import transform
from shapely.affinity import translate
from shapely.geometry import Polygon, mapping, shape

from grids import boundaries, versions, workflow
from grids.boundaries import Proposal
from grids.frames import DEGREE, gcj_shift, metres
from grids.models import CoverageAsk, Place, PlaceVersion
from grids.workflow.redrawing import newest
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast

COMMUNITY = XIANGYANG_1[:12]
XIANGYANG_5 = f"{COMMUNITY}005"  # with others all around
PAGE = f"/places/{COMMUNITY}/boundaries/"


def outline_of(code: str) -> Any:
    return shape(Place.objects.get(pk=code).boundary)


def geojson(**drawn: Any) -> str:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": mapping(one) if hasattr(one, "is_valid") else one}
        for code, one in drawn.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def said(text: str) -> Proposal:
    return boundaries.read(text, Place.objects.get(pk=COMMUNITY))


def smaller(code: str) -> Any:
    """Its edges drawn in by some metres: gaps all around, no overlap."""
    return outline_of(code).buffer(-0.0001)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("村委会", "内容不是 GeoJSON"),
        ("[" * 100_000, "内容不是 GeoJSON"),
        ('{"type": "Feature"}', "应为 GeoJSON 的 FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "没有任何网格"),
        ('{"type": "FeatureCollection", "features": [{"properties": null}, 7]}', "第 2 个图形没有网格编码"),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"\\ud800"},"geometry":null}]}',
            "内容不是 GeoJSON",
        ),
        ("x" * 1_000_001, "超过 1,000,000 个字符"),
    ],
)
def test_what_is_no_geojson_is_named(cast: Cast, text: str, words: str) -> None:
    assert any(words in error for error in said(text).errors)


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (None, "应为 GeoJSON 的 Polygon"),
        ({"type": "Point", "coordinates": [118.7, 36.8]}, "应为 GeoJSON 的 Polygon"),
        ({"type": "Polygon", "coordinates": [[[118.7, 36.8], [118.8, 36.9]]]}, "边界坐标无法读取"),
        ({"type": "Polygon", "coordinates": "绕村一圈"}, "边界坐标无法读取"),
        (
            Polygon([(118.70, 36.86), (118.71, 36.87), (118.71, 36.86), (118.70, 36.87)]),
            "自相交，在 118.705000, 36.865000 处",
        ),
        (Polygon([(500_000, 4_080_000), (501_000, 4_080_000), (501_000, 4_081_000)]), "以米为单位的投影坐标"),
        (Polygon([(13_214_000, 4_410_000), (13_215_000, 4_410_000), (13_215_000, 4_411_000)]), "以米为单位的投影坐标"),
        (Polygon([(36.86, 118.70), (36.87, 118.70), (36.87, 118.71)]), "经度和纬度颠倒了"),
        (Polygon([(116.3, 39.9), (116.4, 39.9), (116.4, 40.0)]), "不在本市"),
    ],
)
def test_what_cannot_be_drawn_is_named(cast: Cast, geometry: Any, words: str) -> None:
    proposal = said(geojson(**{XIANGYANG_1: geometry}))
    assert any(words in error for error in proposal.errors), proposal.errors
    assert not proposal.can_be_saved


def test_a_grid_of_another_community_and_one_that_is_not_there_are_named(cast: Cast) -> None:
    proposal = said(
        geojson(**{"370783001902001": outline_of("370783001902001"), f"{COMMUNITY}999": outline_of(XIANGYANG_1)})
    )
    assert proposal.errors == [
        "编码 370783001902001 不在向阳社区。",
        f"编码 {COMMUNITY}999 不是现有的网格。",
    ]


def test_outlines_of_gcj_02_are_named_with_their_shift(cast: Cast) -> None:
    def shifted(points: Any) -> Any:
        return [(x + gcj_shift(x, y)[0] / DEGREE[0], y + gcj_shift(x, y)[1] / DEGREE[1]) for x, y in points]

    drawn = {code: transform(outline_of(code), shifted) for code in (XIANGYANG_1, XIANGYANG_5)}
    errors = said(geojson(**drawn)).errors
    assert any("东偏 506 米、北偏 44 米，与 GCJ-02（火星坐标）的偏移一致" in error for error in errors), errors


def test_one_outline_of_gcj_02_among_good_ones_is_named(cast: Cast) -> None:
    codes = [f"{COMMUNITY}{n:03d}" for n in range(1, 6)]
    drawn = {code: outline_of(code) for code in codes}
    drawn[XIANGYANG_5] = translate(drawn[XIANGYANG_5], 506 / DEGREE[0], 44 / DEGREE[1])
    errors = said(geojson(**drawn)).errors
    assert len(errors) == 1
    assert errors[0].startswith("向阳第5网格比现有边界偏 508 米，与 GCJ-02（火星坐标）的偏移一致"), errors


def test_another_shift_is_named_as_well(cast: Cast) -> None:
    errors = said(geojson(**{XIANGYANG_1: translate(outline_of(XIANGYANG_1), -0.01, 0)})).errors
    assert any("西偏 892 米，请检查坐标系" in error for error in errors), errors


def test_an_overlap_is_named_with_the_neighbour_and_the_area(cast: Cast) -> None:
    larger = outline_of(XIANGYANG_5).union(outline_of(f"{COMMUNITY}006").centroid.buffer(0.0003))
    area = metres(larger).intersection(metres(outline_of(f"{COMMUNITY}006"))).area
    (error,) = said(geojson(**{XIANGYANG_5: larger})).errors
    assert error.startswith("向阳第5网格与向阳第6网格重叠 2,79")
    assert 2790 <= area < 2800


def test_what_leaves_the_community_is_an_error_where_the_community_is_drawn(cast: Cast) -> None:
    Place.objects.filter(pk=COMMUNITY).update(boundary=mapping(smaller(XIANGYANG_5)))
    outline = outline_of(XIANGYANG_5).buffer(-0.00005)
    assert any("在向阳社区以外" in error for error in said(geojson(**{XIANGYANG_5: outline})).errors)


def test_a_community_is_not_drawn_smaller_than_its_grids(cast: Cast) -> None:
    proposal = said(geojson(**{COMMUNITY: outline_of(f"{COMMUNITY}003")}))
    outside = [error[: error.index("有 ")] for error in proposal.errors if "在向阳社区以外" in error]
    others = Place.objects.standing().children_of(Place.objects.get(pk=COMMUNITY)).exclude(pk=f"{COMMUNITY}003")
    assert outside == list(others.order_by("pk").values_list("name", flat=True))
    assert not proposal.can_be_saved


def test_gaps_holes_and_great_changes_are_only_asked_about(cast: Cast) -> None:
    here = outline_of(XIANGYANG_5)
    proposal = said(geojson(**{XIANGYANG_5: here.buffer(-0.0008).difference(here.centroid.buffer(0.0002))}))
    assert not proposal.errors
    assert {words.partition(" ")[0] for words in proposal.warnings} >= {
        "向阳第5网格的面积变化超过一半。",
        "向阳第5网格中间有洞。",
    }
    assert any("出现空白" in words for words in proposal.warnings)
    (change,) = proposal.changes
    assert change.before
    assert change.after < change.before


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    proposal = said(geojson(**{XIANGYANG_1: outline_of(XIANGYANG_1)}))
    assert (proposal.drawn, proposal.errors, proposal.warnings) == ({}, [], [])


class TestPage:
    @pytest.mark.parametrize(
        ("who", "status"), [("reviewer", 200), ("admin", 200), ("secretary", 403), ("worker", 403)]
    )
    def test_only_the_centre_redraws(self, client: Client, cast: Cast, who: str, status: int) -> None:
        client.force_login(getattr(cast, who))
        assert client.get(PAGE).status_code == status
        assert client.post(PAGE, {"text": geojson(**{XIANGYANG_5: smaller(XIANGYANG_5)})}).status_code in (403, 422)
        assert client.get("/places/370783001999/boundaries/").status_code == 404

    def test_checked_then_saved_as_the_second_version(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.reviewer)
        seen, text = newest(), geojson(**{XIANGYANG_5: smaller(XIANGYANG_5)})
        file = SimpleUploadedFile("边界.geojson", text.encode())
        checked = client.post(PAGE, {"file": file, "seen": seen})
        assert "可以保存" in checked.content.decode()
        assert text[:60].replace('"', "&quot;") in checked.content.decode()
        press = {"text": text, "seen": seen, "save": "1"}
        unsaid = client.post(PAGE, press).content.decode()
        assert "请填写变更事由。" in unsaid
        assert "请核对提示后勾选。" in unsaid
        assert newest() == seen
        saved = client.post(PAGE, press | {"reason": "按实测重画", "accept": "on"}, follow=True)
        assert "已保存向阳第5网格" in saved.content.decode()
        second = PlaceVersion.objects.get(place=XIANGYANG_5, until=None)
        assert (second.number, second.reason, second.by) == (2, "按实测重画（已核对提示）", cast.reviewer)
        assert shape(second.boundary).equals(outline_of(XIANGYANG_5))
        assert {ask.community for ask in CoverageAsk.objects.all()} >= {COMMUNITY}

    def test_nothing_is_saved_while_an_error_stands(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.reviewer)
        text = geojson(**{XIANGYANG_5: outline_of(XIANGYANG_5).buffer(0.0005)})
        press = {"text": text, "seen": newest(), "save": "1", "reason": "试试", "accept": "on"}
        answer = client.post(PAGE, press)
        assert answer.status_code == 422
        assert "不能保存" in answer.content.decode()
        assert PlaceVersion.objects.filter(place=XIANGYANG_5).count() == 1

    def test_who_checked_before_another_saved_checks_again(self, client: Client, cast: Cast) -> None:
        seen, drawn = newest(), {XIANGYANG_1: mapping(smaller(XIANGYANG_1))}
        workflow.redraw(drawn, seen=seen, reason="先保存的", by=cast.admin, at=MONDAY_TEN)
        client.force_login(cast.reviewer)
        text = geojson(**{XIANGYANG_5: smaller(XIANGYANG_5)})
        press = {"text": text, "seen": seen, "save": "1", "reason": "后保存的", "accept": "on"}
        assert client.post(PAGE, press).status_code == 409
        assert versions.on(XIANGYANG_5, MONDAY_TEN.date()) == PlaceVersion.objects.get(place=XIANGYANG_5)

    def test_a_file_of_an_old_program_is_read(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.reviewer)
        text = geojson(**{XIANGYANG_5: smaller(XIANGYANG_5)}).replace(
            '"properties": {', '"properties": {"name": "边界", '
        )
        answer = client.post(PAGE, {"file": SimpleUploadedFile("a.geojson", text.encode("gbk")), "seen": newest()})
        assert "可以保存" in answer.content.decode()

    @pytest.mark.parametrize("file", [b"", b"\xff\xfe\x00", b"\xff\xff\x81\x20\x00"])
    def test_a_bad_file_is_refused_in_words(self, client: Client, cast: Cast, file: bytes) -> None:
        client.force_login(cast.reviewer)
        answer = client.post(PAGE, {"file": SimpleUploadedFile("a.geojson", file), "seen": newest()})
        assert answer.status_code == 422
        assert "文件" in answer.context["form"].errors["file"][0]
