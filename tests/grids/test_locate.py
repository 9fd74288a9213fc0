"""From what a caller says to a grid: proposals with reasons, never a guess without one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids import locate
from grids.models import Landmark, Place
from grids.said import GRID_NUMBER, normalise, number_of

XIANGYANG, WANHUA, TUNTIAN = "370783001901", "370783005902", "370783005901"


@pytest.fixture
def known(city: Place) -> None:
    """A handful of compounds; 阳光花园 stands twice, 凯马花园 lies across two grids."""
    Landmark.objects.all().delete()

    def stands(name: str, place: str, road: str = "", first: int | None = None, last: int | None = None) -> None:
        Landmark.objects.create(
            name=name, place_id=place, road=road, first_number=first, last_number=last if last else first
        )

    stands("凯马花园", WANHUA + "002", "圣城东街", 188)
    stands("凯马花园", WANHUA + "003", "圣城东街", 196)
    stands("百合园小区", WANHUA + "004", "圣城东街", 260)
    stands("阳光花园", XIANGYANG + "001", "正阳路", 10, 40)
    stands("阳光花园", TUNTIAN + "005", "东环路", 7)
    stands("阳光花园二期", XIANGYANG + "002", "正阳路", 42)
    stands("", XIANGYANG + "003", "向阳路", 1, 99)


def first(address: str) -> tuple[str, float]:
    proposal = locate.by_address(address)[0]
    return proposal.place.code, proposal.score


def codes(address: str) -> list[str]:
    return [proposal.place.code for proposal in locate.by_address(address)]


@pytest.mark.usefixtures("known")
class TestByAddress:
    @pytest.mark.parametrize(
        "address",
        [
            "向阳社区第3网格",
            "向阳第3网格",
            "向阳3网格",
            "圣城街道向阳社区3号网格 2号楼",
            "寿光市向阳社区，第三网格",
            "向阳社区第３网格",
        ],
    )
    def test_a_grid_that_is_named_is_the_grid(self, address: str) -> None:
        assert first(address) == (XIANGYANG + "003", 0.98)

    def test_ten_is_not_one(self) -> None:
        assert first("向阳社区第10网格")[0] == XIANGYANG + "010"
        assert first("向阳第十网格")[0] == XIANGYANG + "010"

    def test_a_grid_that_does_not_exist_leaves_its_community(self) -> None:
        assert codes("向阳社区第77网格") == [XIANGYANG]

    def test_a_compound_gives_its_grid_and_says_why(self) -> None:
        (proposal,) = locate.by_address("洛城街道 百合园小区 ３号楼2单元")
        assert proposal.place.code == WANHUA + "004"
        assert proposal.reason == "地址中含小区名“百合园小区”"
        assert proposal.score >= locate.SURE

    def test_the_ending_of_a_compound_may_be_left_out(self) -> None:
        assert codes("百合园3号楼") == [WANHUA + "004"]

    def test_the_longest_name_wins(self) -> None:
        assert codes("阳光花园二期5号楼") == [XIANGYANG + "002"]

    def test_a_name_that_stands_twice_proposes_both_and_is_sure_of_none(self) -> None:
        proposals = locate.by_address("阳光花园门口")
        assert [p.place.code for p in proposals] == [XIANGYANG + "001", TUNTIAN + "005"]
        assert all(p.score < locate.SURE and "同名 2 处" in p.reason for p in proposals)

    @pytest.mark.parametrize("address", ["向阳社区阳光花园", "阳光花园（向阳社区）", "圣城街道阳光花园"])
    def test_the_community_or_street_beside_it_decides(self, address: str) -> None:
        code, score = first(address)
        assert code == XIANGYANG + "001"
        assert score >= locate.SURE

    def test_a_compound_across_two_grids_is_narrowed_by_its_house_number(self) -> None:
        assert codes("凯马花园") == [WANHUA + "002", WANHUA + "003"]
        assert "跨 2 个网格" in locate.by_address("凯马花园")[0].reason
        code, score = first("圣城东街196号凯马花园")
        assert code == WANHUA + "003"
        assert score >= locate.SURE

    def test_a_compound_in_another_community_is_proposed_with_its_doubt(self) -> None:
        proposals = {p.place.code: p for p in locate.by_address("屯田社区百合园小区")}
        assert set(proposals) == {TUNTIAN, WANHUA + "004"}
        assert "不符" in proposals[WANHUA + "004"].reason
        assert all(p.score < locate.SURE for p in proposals.values())

    def test_a_house_number_lies_in_a_stretch_of_its_road(self) -> None:
        assert first("正阳路25号") == (XIANGYANG + "001", 0.9)
        assert first("正阳路25-3号") == (XIANGYANG + "001", 0.9)
        assert "临近" in locate.by_address("圣城东街270号对面")[0].reason
        assert codes("圣城东街900号") == [WANHUA]

    def test_a_building_is_not_a_house_number(self) -> None:
        assert first("正阳路25号楼")[0] == XIANGYANG
        assert first("圣城东街 3 栋")[0] == WANHUA

    def test_a_road_named_like_a_community_is_the_road(self) -> None:
        assert first("向阳路15号") == (XIANGYANG + "003", 0.9)
        assert codes("文华路东首") == []

    def test_a_crossing_is_where_both_roads_pass(self) -> None:
        Landmark.objects.create(place_id=XIANGYANG + "001", road="向阳路", first_number=101, last_number=199)
        locate.forget()
        (proposal,) = locate.by_address("正阳路与向阳路路口往东50米")
        assert proposal.place.code == XIANGYANG + "001"
        assert proposal.reason == "“正阳路”与“向阳路”都经过此网格"
        assert not proposal.sure

    def test_only_the_community_is_known(self) -> None:
        (proposal,) = locate.by_address("圣城街道向阳社区卫生服务站旁")
        assert (proposal.place.code, proposal.reason) == (XIANGYANG, "地址中含社区名“向阳社区”")

    def test_a_bare_name_is_a_weak_hint(self) -> None:
        code, score = first("学院南门")
        assert code == "370783001902"
        assert score < 0.5

    @pytest.mark.parametrize(
        "address", ["", "  ", "。", "不知道", "青岛市市南区香港中路", "1", "向", "\x00", "😀" * 50]
    )
    def test_what_is_not_known_proposes_nothing(self, address: str) -> None:
        assert locate.by_address(address) == []

    def test_an_edited_name_is_found_after_the_edit(self) -> None:
        assert codes("新世纪家园") == []
        Landmark.objects.create(name="新世纪家园", place_id=XIANGYANG + "009")
        locate.forget()
        assert codes("新世纪家园") == [XIANGYANG + "009"]

    def test_reading_is_quick(self) -> None:
        said = [
            "圣城街道向阳社区阳光花园3号楼2单元501",
            "圣城东街196号凯马花园北门",
            "青岛市市南区香港中路12号",
            "正阳路25号",
        ]
        locate.by_address("")
        started = time.perf_counter()
        for i in range(4_000):
            locate.by_address(said[i % 4])
        assert 4_000 / (time.perf_counter() - started) > 5_000  # shared machine; measured alone it is above 20,000


@pytest.mark.django_db
def test_any_text_at_all_is_answered(known: None) -> None:
    parts = st.sampled_from(
        ["向阳", "社区", "第3网格", "凯马花园", "圣城东街", "号", "路", "阳光花园", "十", "网格", "88"]
    )
    texts = st.one_of(st.text(max_size=60), st.lists(st.one_of(parts, st.text(max_size=3)), max_size=9).map("".join))

    @given(texts)
    def answered(text: str) -> None:
        proposals = locate.by_address(text)
        assert all(0 < p.score <= 1 and p.reason for p in proposals)
        assert [p.score for p in proposals] == sorted((p.score for p in proposals), reverse=True)
        assert proposals == locate.by_address(normalise(text))

    answered()


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_numbers_apart_stay_apart() -> None:
    assert normalise("８８－３号 Ａ座") == "88之3号a座"
    assert normalise("88 3号楼") == "88之3号楼"


@pytest.mark.parametrize(
    ("said", "number"), [("3", 3), ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("三十六", 36)]
)
def test_a_numeral_is_a_number(said: str, number: int) -> None:
    assert number_of(said) == number
    assert GRID_NUMBER.fullmatch(f"第{said}网格")


class TestByPoint:
    def test_a_point_inside_is_in_its_grid(self, city: Place) -> None:
        proposal = locate.by_point(118.7115, 36.8665)
        assert proposal is not None
        assert (proposal.place.code, proposal.reason) == (XIANGYANG + "001", "坐标在“向阳第1网格”边界内")

    @pytest.mark.parametrize("point", [(0.0, 0.0), (36.86, 118.71), (float("nan"), 1.0), (float("inf"), 36.8)])
    def test_a_point_outside_is_nowhere(self, city: Place, point: tuple[float, float]) -> None:
        assert locate.by_point(*point) is None

    def test_a_corner_that_many_share_has_one_answer(self, city: Place) -> None:
        corner = locate.by_point(118.71372, 36.864673)
        assert corner is not None
        assert corner.place.code == XIANGYANG + "001"

    def test_every_grid_holds_its_own_middle(self, city: Place) -> None:
        from shapely.geometry import shape

        for code, boundary in Place.objects.exclude(boundary=None).values_list("code", "boundary"):
            middle = shape(boundary).representative_point()
            found = locate.by_point(middle.x, middle.y)
            assert found is not None
            assert found.place.code == code
