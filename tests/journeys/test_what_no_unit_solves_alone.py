"""A matter that is stuck between units: the joint meeting, a task not kept, the principal leader's words, the end."""

import re

from petitions import tasks
from petitions.models import Petition
from tests.journeys.conftest import Clock
from tests.journeys.doors import Desk, Resident, at_the_desk_of

BUREAU = "寿光市综合行政执法局"
WORDS = "请执法局主要领导亲自解决，一周内报结果。"


def stuck(it_is: Clock) -> Petition:
    petition = at_the_desk_of("operator").writes_down()
    at_the_desk_of("dispatcher").does("dispatch", petition, to=BUREAU)
    at_the_desk_of("officer").does("sign", petition)
    it_is("2026-11-16 15:00")
    at_the_desk_of("reviewer").does("raise_topic", petition, note="夜市占道，选址要几家定", level="joint")
    return petition


def first_of(desk: Desk, listing: str) -> str:
    """The address of the first row of a list."""
    kind = listing.strip("/").split("/")[0].split("?")[0]
    found = re.search(rf'href="(/{kind}/\d+/)"', desk.reads(listing))
    assert found, listing
    return found[1]


def decided(it_is: Clock, petition: Petition) -> tuple[str, str]:
    """The joint meeting is called, held and minuted; the addresses of the meeting and of its task."""
    reviewer, leader = at_the_desk_of("reviewer"), at_the_desk_of("leader")
    assert petition.title in leader.reads("/"), "the topic waits on the convener's desk"
    form = reviewer.reads("/meetings/new/joint/")
    convener = re.search(r'<option value="(\d+)"[^>]*>徐立新', form)
    assert convener
    page = reviewer.sends(
        "/meetings/new/joint/",
        title="占道经营联席会议",
        convener=convener[1],
        held_at="2026-11-17T09:00",
        venue="中心会议室",
    )
    assert "寿社治联〔2026〕1号" in page
    meeting = first_of(reviewer, "/meetings/")
    topic = re.search(r'name="topics" value="(\d+)"', reviewer.reads(f"{meeting}do/set_agenda/"))
    assert topic
    reviewer.sends(f"{meeting}do/set_agenda/", topics=topic[1])
    assert BUREAU in reviewer.reads(f"{meeting}do/invite/"), "whose petition it is, is proposed"
    reviewer.sends(f"{meeting}do/invite/", units=BUREAU)

    it_is("2026-11-17 08:55")
    officer = at_the_desk_of("officer")
    assert "待参加的会议" in officer.reads("/")
    unit = re.search(r'<option value="(\d+)"[^>]*>[^<]*执法局', officer.reads(f"{meeting}do/sign_in/"))
    assert unit
    officer.sends(f"{meeting}do/sign_in/", unit=unit[1], name="马俊峰")
    it_is("2026-11-17 09:00")
    reviewer, leader, officer = (at_the_desk_of(name) for name in ("reviewer", "leader", "officer"))
    leader.sends(f"{meeting}do/open/")
    reviewer.sends(
        f"{meeting}do/decide/",
        topic=topic[1],
        content="在北关街划定夜市经营区，店外桌椅一律进场",
        unit=BUREAU,
        due_at="2026-11-20T17:00",
        standard="划线、公示、无店外桌椅",
    )
    reviewer.sends(f"{meeting}do/take_down/", minutes="各单位汇报了情况。", dissent="执法局认为应由住建部门选址。")
    leader.sends(f"{meeting}do/issue/")
    return meeting, first_of(officer, "/tasks/?facet=mine")


def test_a_decision_that_is_not_kept_goes_up_and_ends_with_the_principal_leader(it_is: Clock) -> None:
    petition = stuck(it_is)
    meeting, task = decided(it_is, petition)
    assert "在北关街划定夜市经营区" in at_the_desk_of("worker").sees(petition), "its story tells the decision"
    reviewer = at_the_desk_of("reviewer")
    assert reviewer.is_refused(f"{meeting}do/report_up/") == 409, "the ladder cannot skip"

    it_is("2026-11-20 17:01")
    tasks.ring_tasks()
    reviewer = at_the_desk_of("reviewer")
    assert "交办事项已逾期" in at_the_desk_of("head").reads("/account/inbox/")
    assert "交办事项已逾期" in at_the_desk_of("leader").reads("/account/inbox/")
    topic = re.search(
        r'<option value="(\d+)">\d* ?店外|<option value="(\d+)">', reviewer.reads(f"{meeting}do/report_up/")
    )
    assert topic
    reviewer.sends(f"{meeting}do/report_up/", topic=topic[1] or topic[2], proposal="建议由执法局限期落实。")

    principal = at_the_desk_of("principal")
    briefing = first_of(principal, "/briefings/?facet=to_read")
    assert briefing in principal.reads("/"), "the first tap is on the desk"
    assert "至今未完成" in principal.reads(briefing)
    principal.sends(f"{briefing}do/instruct/", kind="act", text=WORDS)
    assert at_the_desk_of("leader").is_refused(briefing) == 404
    assert WORDS not in at_the_desk_of("worker").sees(petition)
    assert WORDS not in Resident().looks_up(petition)

    office = at_the_desk_of("organiser")
    assert "待转办的批示" in office.reads("/")
    instruction = re.search(r'<option value="(\d+)"', office.reads(f"{briefing}do/assign/"))
    assert instruction
    charge = {"content": "一周内解决", "unit": BUREAU, "due_at": "2026-11-27T17:00"}
    office.sends(f"{briefing}do/assign/", instruction=instruction[1], **charge)
    head = at_the_desk_of("head")
    assert WORDS in head.reads(briefing), "the unit reads what it has to do"
    own = next(one for one in re.findall(r'href="(/tasks/\d+/)"', head.reads("/tasks/?facet=mine")) if one != task)
    at_the_desk_of("officer").sends(f"{own}do/progress/", text="已完成划线")

    it_is("2026-11-25 10:00")
    principal, office, head = (at_the_desk_of(name) for name in ("principal", "organiser", "head"))
    head.sends(f"{own}do/finish/", text="夜市已开张，路面已清空")
    assert office.is_refused(f"{briefing}do/conclude/") == 409
    office.sends(f"{own}do/accept/", text="属实")
    principal.sends(f"{briefing}do/read_final/")
    assert at_the_desk_of("reviewer").is_refused(f"{briefing}do/conclude/") == 403, "only the leader's office"
    told = office.sends(f"{briefing}do/conclude/", note="已办结")
    assert "办结了呈阅件" in told
