"""One call from the first word to the last, and the ways on which it takes longer."""

from petitions.models import Petition, Status
from tests.cast import Cast
from tests.journeys.conftest import Clock
from tests.journeys.doors import Desk, Resident, at_the_desk_of

REPLY = {"result": "已清理店外桌椅，店主签了承诺书。", "basis": "市容环境卫生管理条例", "assessment": "solved"}
SATISFIED = {"way": "phone", "reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "very"}


def in_hand(it_is: Clock, **words: str) -> Petition:
    """The operator writes it down at ten, the dispatcher sends it at ten past, the officer signs at half past."""
    it_is("2026-11-16 10:00")
    petition = at_the_desk_of("operator").writes_down(**words)
    it_is("2026-11-16 10:10")
    at_the_desk_of("dispatcher").does("dispatch", petition, to="寿光市综合行政执法局", opinion="请今天到现场")
    it_is("2026-11-16 10:30")
    at_the_desk_of("officer").does("sign", petition)
    return petition


def handled(petition: Petition, it_is: Clock, day: str) -> None:
    """Contacted and replied by the officer, approved by the head, passed by the reviewer: one working day."""
    it_is(f"{day} 11:00")
    officer = at_the_desk_of("officer")
    officer.does("contact", petition, manner="phone", reached="yes", note="下午三点到现场")
    officer.does("reply", petition, **REPLY)
    it_is(f"{day} 14:00")
    at_the_desk_of("head").does("approve", petition)
    it_is(f"{day} 15:00")
    at_the_desk_of("reviewer").does("pass_review", petition, note="照片属实")


def test_a_call_is_taken_sent_signed_answered_approved_passed_and_called_back(it_is: Clock) -> None:
    petition = in_hand(it_is)
    assert "现在由 <strong>综合行政执法局" in at_the_desk_of("dispatcher").sees(petition)
    assert "刚刚" not in Resident().looks_up(petition)

    handled(petition, it_is, "2026-11-16")
    assert "等待回访" in Resident().looks_up(petition)

    it_is("2026-11-17 09:00")
    told = at_the_desk_of("caller").does("call_back", petition, **SATISFIED)
    assert f"{petition.number} 回访了诉求人" in told
    assert "现在是“已办结”" in told

    page = Resident().looks_up(petition)
    for sentence in ("诉求已登记", "已派给综合行政执法局办理", "已签收，开始办理", "已与您联系", "已回访", "已办结"):
        assert sentence in page, sentence
    assert not petition.clocks.running().exists()
    assert not petition.events.filter(action__in=["yellow_card", "red_card"]).exists()


def test_everybody_finds_the_petition_in_their_queue_when_it_is_their_turn(it_is: Clock) -> None:
    def waits_for(username: str, queue: str) -> None:
        assert f"<b>1</b>{queue}</a>" in at_the_desk_of(username).reads("/"), (username, queue)

    petition = at_the_desk_of("operator").writes_down()
    waits_for("dispatcher", "待派单")
    at_the_desk_of("dispatcher").does("dispatch", petition, to="寿光市综合行政执法局")
    waits_for("officer", "待签收")
    assert "新工单待签收" in at_the_desk_of("officer").reads("/account/inbox/")
    at_the_desk_of("officer").sends(f"/petitions/{petition.number}/do/sign/", back="/petitions/tray/")
    waits_for("officer", "办理中")
    at_the_desk_of("officer").does("contact", petition, manner="visit", reached="yes", note="到店里看过")
    at_the_desk_of("officer").does("reply", petition, **REPLY)
    waits_for("head", "待单位审核")
    at_the_desk_of("head").does("approve", petition)
    waits_for("reviewer", "待中心审核")
    at_the_desk_of("reviewer").does("pass_review", petition)
    waits_for("caller", "待回访")


def test_a_dissatisfied_caller_sends_it_back_for_half_the_time(it_is: Clock) -> None:
    petition = in_hand(it_is, item="C02")
    handled(petition, it_is, "2026-11-16")
    whole = petition.clocks.get(promise="resolve")

    it_is("2026-11-17 09:00")
    no = SATISFIED | {"solved": "no", "satisfied": "no", "note": "晚上又摆出来了"}
    told = at_the_desk_of("caller").does("call_back", petition, **no)
    assert "现在由综合行政执法局" in told
    half = petition.clocks.running().get(promise="resolve")
    assert (half.due_at - half.started_at) < (whole.due_at - whole.started_at)

    officer = at_the_desk_of("officer")
    assert "群众不满意，重新办理" in officer.reads("/account/inbox/")
    assert "<b>1</b>退回与重办" in officer.reads("/")
    assert "晚上又摆出来了" in officer.sees(petition)

    handled(petition, it_is, "2026-11-17")
    it_is("2026-11-18 09:00")
    assert "现在是“已办结”" in at_the_desk_of("caller").does("call_back", petition, **SATISFIED)
    assert "重办 1 次" in at_the_desk_of("reviewer").sees(petition)


def test_what_the_head_and_the_reviewer_send_back_comes_again(it_is: Clock) -> None:
    petition = in_hand(it_is)
    officer = at_the_desk_of("officer")
    officer.does("contact", petition, manner="phone", reached="yes", note="约好下午去")
    officer.does("reply", petition, **REPLY)
    at_the_desk_of("head").does("send_back", petition, note="请写明清理了几张桌子")
    officer = at_the_desk_of("officer")
    assert "办理结果被退回修改" in officer.reads("/account/inbox/")
    assert "已清理店外桌椅" in officer.reads(f"/petitions/{petition.number}/do/reply/")
    officer.does("reply", petition, **REPLY | {"result": "已清理店外桌椅六张。"})
    at_the_desk_of("head").does("approve", petition)
    at_the_desk_of("reviewer").does("correct", petition, note="请补一张现场照片")
    assert "中心退回补正" in at_the_desk_of("head").reads("/account/inbox/")
    petition.refresh_from_db()
    assert petition.status == Status.IN_HAND


def test_the_resident_opens_it_again_by_code(it_is: Clock) -> None:
    petition = in_hand(it_is)
    handled(petition, it_is, "2026-11-16")
    it_is("2026-11-17 09:00")
    at_the_desk_of("caller").does("call_back", petition, **SATISFIED)

    it_is("2026-11-25 20:00")
    resident = Resident()
    assert "没有解决" in resident.looks_up(petition)
    assert "已重新打开" in resident.says("not-solved", note="又摆出来了，比以前还多")

    it_is("2026-11-26 08:30")
    dispatcher = at_the_desk_of("dispatcher")
    assert "<b>1</b>待派单" in dispatcher.reads("/")
    assert "又摆出来了，比以前还多" in dispatcher.sees(petition)
    dispatcher.does("dispatch", petition, to="寿光市综合行政执法局")
    assert "新工单待签收" in at_the_desk_of("officer").reads("/account/inbox/")


def test_a_caller_who_asks_for_confidentiality_stays_hidden_from_the_unit(it_is: Clock) -> None:
    petition = in_hand(it_is, confidential="on", caller_name="李秀兰", caller_phone="12000000077")
    for username in ("officer", "head"):
        desk: Desk = at_the_desk_of(username)
        pages = [desk.sees(petition), desk.reads("/petitions/"), desk.reads("/petitions/tray/"), desk.reads("/")]
        assert "要求保密" in pages[0]
        for page in pages:
            for word in ("李秀兰", "李**", "12000000077", "120****0077"):
                assert word not in page, (username, word)
        refused = desk.is_refused(f"/petitions/{petition.number}/unmask/", field="caller_phone", reason="想知道")
        assert refused == 403
        assert petition.number not in desk.reads("/search/?q=12000000077")
    assert "120****0077" in at_the_desk_of("caller").sees(petition)


def test_the_same_form_sent_twice_is_one_petition(it_is: Clock, cast: Cast) -> None:
    operator, form = at_the_desk_of("operator"), {"submission": "0b0c6c1e-52a1-4d0a-9d3e-6a3f3a1f2d11"}
    first = operator.writes_down(**form)
    assert operator.writes_down(**form) == first
    assert Petition.objects.count() == 1
