"""A reviewer briefs a leader by hand: from a petition, from a notice; numbered as others, and no step is skipped."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import workflow
from petitions.models import Briefing, Meeting, Petition, Topic
from petitions.papers import briefings, meetings
from tests.cast import Cast, hours
from tests.papers.conftest import AT
from tests.petitions.stages import in_hand
from tests.petitions.test_supervision import first_notice
from tests.shouyang.asking import Asker

WORDS: dict[str, Any] = {"reason": "涉及三个部门，协调未果", "digest": "店外经营占道", "proposal": "请阅示"}


def briefed(petition: Petition, cast: Cast, **said: Any) -> Briefing:
    return workflow.brief(petition, by=cast.reviewer, at=AT + hours(2), **WORDS | said)


def test_a_briefing_by_hand_is_numbered_told_and_on_record(cast: Cast) -> None:
    first = first_notice(cast).briefing
    assert first
    briefing = briefed(in_hand(cast), cast)
    assert (first.number, briefing.number) == ("寿社治呈〔2026〕1号", "寿社治呈〔2026〕2号")
    assert (briefing.duty, briefing.raised_by, briefing.state) == ("leader", cast.reviewer, "waiting")
    assert Notice.objects.filter(person=cast.leader, title=f"呈阅件待批示：{briefing.number}").exists()
    assert briefing.petition
    assert briefing.petition.events.get(action="brief").detail["number"] == briefing.number


def test_one_waits_for_a_leader_at_a_time(cast: Cast) -> None:
    petition = in_hand(cast)
    briefing = briefed(petition, cast)
    with pytest.raises(NotNow, match=r"还在等市级分管领导批示"):
        briefed(petition, cast)
    briefings.instruct(briefing, by=cast.leader, kind="seen", at=AT + hours(3))
    assert briefed(petition, cast).number != briefing.number


def test_the_principal_leaders_are_not_briefed_before_a_meeting_has_heard_it(
    cast: Cast, opened: Meeting, topic: Topic
) -> None:
    petition = topic.petition
    assert petition
    with pytest.raises(NotNow, match="不能越级"):
        briefed(petition, cast, duty="principal_leader")
    meetings.leave_unsolved(opened, topic=topic, note="两局意见不一", by=cast.reviewer, at=AT + hours(25))
    briefing = briefed(petition, cast, duty="principal_leader", addressee=cast.principal)
    assert briefing in Briefing.objects.visible_to(cast.principal)
    assert briefing not in Briefing.objects.visible_to(cast.leader)


def test_only_the_centre_briefs_leaders(cast: Cast) -> None:
    petition = in_hand(cast)
    for person in (cast.head, cast.operator, cast.leader, cast.organiser):
        with pytest.raises(PermissionDenied):
            workflow.brief(petition, by=person, at=AT + hours(2), **WORDS)


def test_the_form_proposes_a_digest_without_the_caller_and_refuses_her_name(client: Client, cast: Cast) -> None:
    petition = in_hand(cast, title="请回电13812345678，店外经营")
    client.force_login(cast.reviewer)
    address = f"/petitions/{petition.number}/do/brief/"
    page = client.get(address).content.decode()
    assert f"工单 {petition.number}" in page
    assert "拟请市级分管领导阅示" in page
    proposed = page.split('name="digest"')[1].split("</textarea>")[0]
    assert "13812345678" not in proposed
    said = WORDS | {"duty": "leader", "addressee": "徐立新"}
    for wrong, sentence in (
        ({"digest": "王秀英反映占道"}, "请去掉其中的姓名"),
        ({"addressee": "张三"}, "没有这位市领导"),
        ({"addressee": "高明远"}, "不是市级分管领导"),
        ({"duty": "principal_leader", "addressee": ""}, "不能越级"),
    ):
        refused = client.post(address, said | wrong)
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert client.post(address, said).status_code == 302
    assert Briefing.objects.get().addressee == cast.leader
    assert "还在等市级分管领导批示" in client.get(address).content.decode(), "said before anything is typed"


def test_from_a_notice_what_has_become_of_it_is_said(client: Client, cast: Cast) -> None:
    notice = first_notice(cast)
    briefings.instruct(notice.briefing, by=cast.leader, kind="seen", at=AT + hours(60))  # type: ignore[arg-type]
    client.force_login(cast.reviewer)
    address = f"/supervision/{notice.pk}/do/brief/"
    assert f"督办通知单 {notice.number}" in client.get(address).content.decode()
    assert client.post(address, WORDS | {"duty": "leader"}).status_code == 302
    briefing = Briefing.objects.latest("pk")
    assert (briefing.petition, briefing.raised_by) == (notice.petition, cast.reviewer)
    assert notice.events.get(action="brief").note == briefing.number
    client.force_login(cast.head)
    assert client.post(address, WORDS | {"duty": "leader"}).status_code == 403


def test_a_program_briefs_through_the_same_form(cast: Cast) -> None:
    petition = in_hand(cast)
    said = WORDS | {"duty": "leader", "addressee": "张三"}
    address = f"/api/v1/petitions/{petition.number}/brief/"
    assert "没有这位市领导" in str(Asker(cast.reviewer).post(address, said).json())
    assert Asker(cast.reviewer).post(address, WORDS | {"duty": "leader"}).status_code == 200
    assert Briefing.objects.get().petition == petition
