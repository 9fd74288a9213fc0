"""What cannot be done in time, what has to wait, what ends without a solution, and what two people call about."""

from petitions.models import Petition, Status
from tests.journeys.conftest import Clock
from tests.journeys.doors import Resident, at_the_desk_of

BUREAU = "寿光市综合行政执法局"
TOLD = {"told_manner": "phone", "told_at": "2026-11-16 11:00", "told_words": "已说明情况，诉求人表示理解"}


def in_the_units_hands(**words: str) -> Petition:
    petition = at_the_desk_of("operator").writes_down(**words)
    at_the_desk_of("dispatcher").does("dispatch", petition, to=BUREAU)
    officer = at_the_desk_of("officer")
    officer.does("sign", petition)
    officer.does("contact", petition, manner="phone", reached="yes", note="已联系")
    return petition


def status(petition: Petition) -> str:
    petition.refresh_from_db()
    return petition.status


def test_more_time_is_asked_for_granted_and_seen_by_the_resident(it_is: Clock) -> None:
    petition = in_the_units_hands()
    it_is("2026-11-16 11:05")
    officer = at_the_desk_of("officer")
    assert "本件最多延期 10 工作日" in officer.reads(f"/petitions/{petition.number}/do/ask_extension/")
    words = {"reason": "护栏要定制", "progress": "已量尺寸", **TOLD}
    assert officer.is_refused(f"/petitions/{petition.number}/do/ask_extension/", **words | {"amount": "11"}) == 422
    lacking = words | {"amount": "3", "told_words": ""}
    assert officer.is_refused(f"/petitions/{petition.number}/do/ask_extension/", **lacking) == 422
    officer.does("ask_extension", petition, **words | {"amount": "3"})
    assert "<b>1</b>延期待审" in at_the_desk_of("reviewer").reads("/")
    assert "申请延长办理时间" in Resident().looks_up(petition)

    officer.does("stage_feedback", petition, note="护栏周四到货，周五安装。")
    assert officer.is_refused(f"/petitions/{petition.number}/do/stage_feedback/", note="请打 13800001111 找我") == 422
    page = Resident().looks_up(petition)
    assert "护栏周四到货，周五安装。" in page

    it_is("2026-11-16 14:00")
    reviewer = at_the_desk_of("reviewer")
    assert "已量尺寸" in reviewer.sees(petition)
    reviewer.does("grant_extension", petition, note="同意")
    page = at_the_desk_of("officer").sees(petition)
    assert "批准延期" in page
    assert "已延期" in page
    assert "陈国栋批准延期 3 工作日" in page
    assert "同意延长办理时间，最迟" in Resident().looks_up(petition)


def test_a_matter_goes_on_the_books_and_comes_back(it_is: Clock) -> None:
    petition = in_the_units_hands()
    it_is("2026-11-16 11:05")
    at_the_desk_of("officer").does(
        "ask_suspension",
        petition,
        reason="policy",
        work_done="已完成方案",
        next_step="待财政批复",
        leader="局长杨振华",
        expected_on="2027-05-31",
        **TOLD,
    )
    for who, facet in (("head", "挂账待单位审批"), ("reviewer", "挂账待中心主任审批"), ("leader", "挂账待市领导审批")):
        desk = at_the_desk_of(who)
        assert facet in desk.reads("/")
        desk.does("approve_suspension", petition, note="同意")
    assert status(petition) == Status.SUSPENDED
    assert "暂缓办理（挂账）" in Resident().looks_up(petition)
    books = at_the_desk_of("reviewer").reads("/petitions/suspended/")
    assert petition.number in books
    assert "局长杨振华" in books
    everybody = Resident().reads("/public/suspended/")
    assert "需政策、资金或规划" in everybody
    for hidden in (petition.number, "王秀英", "烧烤店", "杨振华", "财政批复"):
        assert hidden not in everybody

    it_is("2026-12-10 09:00")
    at_the_desk_of("head").does("review_suspension", petition, note="已列入预算", expected_on="")
    at_the_desk_of("officer").does("resume", petition, note="资金到位")
    assert status(petition) == Status.IN_HAND
    assert "恢复办理" in Resident().looks_up(petition)
    assert petition.number not in at_the_desk_of("reviewer").reads("/petitions/suspended/")


def test_who_says_it_too_is_attached_with_one_tap_and_can_look_it_up(it_is: Clock) -> None:
    main = in_the_units_hands()
    it_is("2026-11-16 11:05")
    operator = at_the_desk_of("operator")
    known = operator.client.post("/petitions/new/hints/", {"place": main.place_id, "item": "A02"}).content.decode()
    assert f'name="into" value="{main.number}"' in known
    second = operator.writes_down(
        caller_phone="12000000002", caller_name="李国强", content="门口又摆摊，走不了路。", into=main.number
    )
    assert status(second) == Status.MERGED
    page = Resident().looks_up(second)
    assert "已合并办理，承办单位正在办理" in page
    assert "已签收，开始办理" in page
    assert BUREAU in page
    for hidden in ("已与您联系", "王秀英", main.number, "烧烤店"):
        assert hidden not in page
    assert second.number in at_the_desk_of("officer").sees(main)

    at_the_desk_of("reviewer").does("unmerge", second, note="不是同一家店")
    assert status(second) == Status.AWAITING_DISPATCH


def test_an_end_without_a_solution_needs_evidence_and_the_centre(it_is: Clock) -> None:
    petition = in_the_units_hands()
    it_is("2026-11-16 11:05")
    officer = at_the_desk_of("officer")
    assert "终止办理须附证明材料" in officer.sees(petition)
    assert officer.is_refused(f"/petitions/{petition.number}/do/ask_termination/") == 409
