"""Not every call becomes work for a unit: some are answered, some refused, and some are seen from the grid first."""

from petitions.models import Direction, Status
from tests.cast import XIANGYANG_1
from tests.journeys.conftest import Clock
from tests.journeys.doors import Resident, at_the_desk_of

ASKED = {"nature": "consultation", "item": "A07", "content": "向阳社区的路灯晚上几点开？"}


def test_a_question_is_answered_at_once_with_what_the_answer_rests_on(it_is: Clock) -> None:
    words = "路灯按日落时刻自动开启，依据《城市照明管理规定》；不亮的可随时再打 12345。"
    for_all = at_the_desk_of("dispatcher").keeps(title="路灯几点亮", items="A07", text="按日落时刻自动开启。")
    petition = at_the_desk_of("operator").writes_down(**ASKED, next="answer", answer=words, cites=for_all)
    assert words in at_the_desk_of("dispatcher").sees(petition)
    assert "（依据知识库《路灯几点亮》）" in at_the_desk_of("dispatcher").sees(petition)
    told = Resident().looks_up(petition)
    assert "热线中心已直接答复您，依据《路灯几点亮》" in told
    assert "按日落时刻自动开启" not in told
    assert not petition.clocks.running().exists()
    assert petition.number in at_the_desk_of("reviewer").reads("/petitions/?facet=answered")


def test_the_dispatcher_may_answer_what_the_operator_passed_on(it_is: Clock) -> None:
    petition = at_the_desk_of("operator").writes_down(**ASKED)
    rests_on = at_the_desk_of("dispatcher").keeps(title="路灯几点亮", items="A07", text="按日落时刻自动开启。")
    told = at_the_desk_of("dispatcher").does("answer", petition, note="已告知开灯时间。", cites=rests_on)
    assert "现在是“直接答复”" in told


def test_what_the_hotline_may_not_take_is_refused_with_a_way_to_go(it_is: Clock) -> None:
    petition = at_the_desk_of("operator").writes_down(
        content="与合伙人李四的合同纠纷，想让政府判谁对谁错。",
        next="refuse",
        reason="合同纠纷，已在法院立案。",
        direction=Direction.COURT,
    )
    page = at_the_desk_of("reviewer").sees(petition)
    assert "合同纠纷，已在法院立案。" in page
    assert "向人民法院诉讼" in page
    assert "不予受理，请向人民法院诉讼" in Resident().looks_up(petition)
    assert petition.number in at_the_desk_of("reviewer").reads("/petitions/?facet=refused")


def test_a_grid_worker_reports_and_the_operator_accepts(it_is: Clock) -> None:
    petition = at_the_desk_of("worker").writes_down(
        channel="GRID", caller_phone="", caller_name="", content="第1网格3号楼前井盖松动，小孩常在那里玩。", item="A07"
    )
    assert petition.status == Status.RECEIVED
    assert at_the_desk_of("worker").is_refused(f"/petitions/{petition.number}/do/accept/") == 403

    it_is("2026-11-16 10:20")
    operator = at_the_desk_of("operator")
    assert "<b>1</b>待受理" in operator.reads("/")
    operator.does("accept", petition)
    assert "<b>1</b>待派单" in at_the_desk_of("dispatcher").reads("/")

    at_the_desk_of("dispatcher").does("dispatch", petition, to="寿光市综合行政执法局")
    assert "待签收" in at_the_desk_of("worker").sees(petition)
    assert "待签收" in at_the_desk_of("gridsecretary").sees(petition)


def test_people_of_other_places_and_units_never_hear_of_it(it_is: Clock) -> None:
    petition = at_the_desk_of("operator").writes_down(place=XIANGYANG_1)
    at_the_desk_of("dispatcher").does("dispatch", petition, to="寿光市财政局")
    for username in ("officer", "head", "member", "liaison", "organiser", "admin"):
        desk = at_the_desk_of(username)
        assert desk.is_refused(f"/petitions/{petition.number}/") == 404, username
        assert petition.number not in desk.reads("/petitions/")
        assert "没有找到" in desk.reads(f"/search/?q={petition.number}")
