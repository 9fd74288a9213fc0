"""Two units that each say “not ours”: the centre rules, and the next such call finds its unit at once."""

from petitions.models import Petition, Status
from tests.cast import Cast
from tests.journeys.conftest import Clock
from tests.journeys.doors import Desk, Resident, at_the_desk_of

BUREAU, HOUSING = "寿光市综合行政执法局", "寿光市住房和城乡建设局"
COLLAPSED = {"item": "A08", "content": "农贸市场门口的车行道塌陷了一个坑，电动车差点翻进去。"}


def hands_back(desk: Desk, petition: Petition, to: str, basis: str) -> str:
    return desk.does("hand_back", petition, basis=basis, proposed_unit=to, material="现场照片和移交清单见说明。")


def test_two_units_say_not_ours_and_the_ruling_routes_the_next_call(it_is: Clock, cast: Cast) -> None:
    petition = at_the_desk_of("operator").writes_down(**COLLAPSED)
    it_is("2026-11-16 10:10")
    at_the_desk_of("dispatcher").does("dispatch", petition, to=HOUSING)

    it_is("2026-11-16 10:40")
    housing = at_the_desk_of("housing")
    form = housing.reads(f"/petitions/{petition.number}/do/hand_back/")
    assert "本件最迟 2026-11-16 15:40 前提出" in form
    told = hands_back(housing, petition, BUREAU, "权责清单：市场管理区内道路由执法局管理")
    assert "现在由社会治理服务中心审核督办员" in told or "审核督办员" in told
    assert "退单待审" in at_the_desk_of("reviewer").reads("/petitions/?facet=return_under_review")
    assert "正在核定由哪个单位办理" in Resident().looks_up(petition)

    it_is("2026-11-16 11:10")
    reviewer = at_the_desk_of("reviewer")
    assert "权责清单：市场管理区内道路由执法局管理" in reviewer.reads(f"/petitions/{petition.number}/do/uphold_return/")
    reviewer.does("uphold_return", petition, to=BUREAU, note="属实")
    page = at_the_desk_of("housing").sees(petition)
    assert "联系诉求人：<strong>住房和城乡建设局</strong>（首接单位" in page
    at_the_desk_of("housing").does("contact", petition, manner="phone", reached="yes", note="已告知正在确定承办单位")
    resident = Resident().looks_up(petition)
    assert "寿光市综合行政执法局" in resident
    assert "和您联系的单位" in resident
    assert "1 小时" in resident  # since the call, whoever has it

    it_is("2026-11-16 11:30")
    hands_back(at_the_desk_of("officer"), petition, HOUSING, "该路未列入移交清单")
    petition.refresh_from_db()
    assert petition.status == Status.IN_ARBITRATION
    assert "正在会商，确定由哪个单位办理" in Resident().looks_up(petition)

    it_is("2026-11-16 13:40")
    reviewer = at_the_desk_of("reviewer")
    assert petition.number in reviewer.reads("/petitions/?facet=in_arbitration")
    reviewer.does("arbitrate", petition, to=HOUSING, basis="三定规定第五条：城区道路养护", place="city", words="塌陷")
    housing = at_the_desk_of("housing")
    assert "裁定有约束力，不能再退单" in housing.sees(petition)
    housing.does("sign", petition)
    page = reviewer.sees(petition)
    assert "会商裁定由住房和城乡建设局办理，今后寿光市含“塌陷”的同类诉求照此派单" in page
    assert "退单不成立" in page
    assert "退单成立" in page

    it_is("2026-11-17 09:00")
    another = at_the_desk_of("operator").writes_down(**COLLAPSED, caller_phone="12000000002", caller_name="李桂兰")
    form = at_the_desk_of("dispatcher").reads(f"/petitions/{another.number}/do/dispatch/")
    assert f'value="{HOUSING}"' in form
    assert "会商裁定（2026-11-16 陈国栋）" in form
    assert "三定规定第五条" in at_the_desk_of("operator").reads("/rulings/")
    assert "退单成立（错派）" in at_the_desk_of("reviewer").reads("/returns/?period=2026-11")


def test_an_assisting_unit_does_its_part_before_the_lead_answers(it_is: Clock, cast: Cast) -> None:
    petition = at_the_desk_of("operator").writes_down(**COLLAPSED)
    it_is("2026-11-16 10:10")
    at_the_desk_of("dispatcher").does("dispatch", petition, to=BUREAU, assisting=[HOUSING], opinion="住建配合修补")
    officer = at_the_desk_of("officer")
    officer.does("sign", petition)
    officer.does("contact", petition, manner="phone", reached="yes", note="已约定现场查看")
    assert "住房和城乡建设局还没有提交协办结果" in officer.sees(petition)
    assert officer.is_refused(f"/petitions/{petition.number}/do/reply/") == 409

    it_is("2026-11-16 11:00")
    housing = at_the_desk_of("housing")
    assert petition.number in housing.reads("/petitions/tray/")
    housing.does("assist_sign", petition)
    housing.does("assist_reply", petition, result="已用沥青修补，恢复通行。", basis="城市道路管理条例")
    assert petition.number not in at_the_desk_of("housing").reads("/petitions/tray/")
    officer = at_the_desk_of("officer")
    officer.does("reply", petition, result="已修补并清理", basis="城市道路管理条例", assessment="solved")
    petition.refresh_from_db()
    assert petition.status == Status.AWAITING_APPROVAL
    page = at_the_desk_of("reviewer").sees(petition)
    assert "已用沥青修补，恢复通行。" in page
    assert "住房和城乡建设局已完成协助办理的部分" in Resident().looks_up(petition)
