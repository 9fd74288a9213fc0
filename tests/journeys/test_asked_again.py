"""After the work: the caller is asked, or writes by a link; some are asked twice; the figures say how it went."""

import re

from petitions import terms
from petitions.models import Setting, Status
from tests.journeys.conftest import Clock
from tests.journeys.doors import Door, at_the_desk_of

BUREAU = "寿光市综合行政执法局"
LINK = re.compile(r"/public/answer/[\w-]{22}/")
ANSWERS = {"way": "phone", "reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "very"}


def test_from_a_link_in_a_message_to_the_city_figures(it_is: Clock) -> None:
    Setting.objects.filter(key="callback_cooldown").update(value=24)
    terms.forget()
    petition = at_the_desk_of("operator").writes_down()
    at_the_desk_of("dispatcher").does("dispatch", petition, to=BUREAU)
    officer = at_the_desk_of("officer")
    officer.does("sign", petition)
    officer.does("contact", petition, manner="phone", reached="yes", note="已约好时间")
    officer.does("reply", petition, result="已清理占道桌椅。", basis="市容条例", assessment="solved")
    at_the_desk_of("head").does("approve", petition)
    at_the_desk_of("reviewer").does("pass_review", petition)

    caller = at_the_desk_of("caller")
    assert "稍后再打 1 件" in caller.reads("/callbacks/")
    assert caller.is_refused(f"/petitions/{petition.number}/do/call_back/", **ANSWERS) == 409

    it_is("2026-11-17 15:00")
    caller = at_the_desk_of("caller")
    assert "现在该打 1 件" in caller.reads("/callbacks/")
    caller.does("call_back", petition, way="phone", reached="no")
    page = caller.reads("/callbacks/")
    assert "有效 1 次，共打过 1 次；今天已经打过，请改天" in page

    it_is("2026-11-18 10:00")
    sent = at_the_desk_of("caller").client.post(f"/callbacks/{petition.number}/invite/").content.decode()
    link = LINK.search(sent)
    assert link
    resident = Door()
    assert "三、对办理是否满意" in resident.reads(link[0])
    thanked = resident.client.post(link[0], {"contacted": "yes", "solved": "yes", "satisfied": "very"})
    assert "意见已经收到" in thanked.content.decode()
    assert resident.is_refused(link[0]) == 404
    petition.refresh_from_db()
    assert petition.status == Status.CLOSED
    assert "给您发送了评价链接" not in at_the_desk_of("officer").sees(petition)

    it_is("2026-11-19 09:00")
    leader = at_the_desk_of("leader")
    desk = leader.reads("/")
    assert "满意率" in desk
    listed = leader.reads("/petitions/?mark=satisfied&period=2026-11")
    assert petition.number in listed
    assert "统计期：2026 年 11 月" in listed
    assert "100.0%" in leader.reads("/rates/?by=unit&period=2026-11")
