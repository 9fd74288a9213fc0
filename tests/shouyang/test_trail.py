"""The audit trail: everybody's deeds for those who audit, nobody's words, and every link only where it may lead."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, Unit, User
from petitions import workflow
from petitions.models import Event, Meeting, Petition
from petitions.papers import meetings
from shouyang import trail
from shouyang.trail import Asked
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import in_hand


@pytest.fixture
def petition(cast: Cast) -> Petition:
    """Worked on by the bureau, looked at by its officer, raised to a meeting; and a unit was renamed meanwhile."""
    petition = in_hand(cast)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="王秀英说下午在家", at=AT + hours(1))
    Access.objects.create(
        by=cast.officer,
        at=AT + hours(1),
        kind=Access.Kind.UNMASK,
        subject=f"petition:{petition.number}",
        field="联系电话",
        reason="给 12000000001 回电",
    )
    workflow.raise_topic(petition, by=cast.reviewer, note="各说各的", at=AT + hours(2))
    meetings.convene(
        Meeting(title="占道经营联席会议", convener=cast.leader, held_at=AT + hours(24), venue="会议室"),
        by=cast.reviewer,
        at=AT + hours(3),
    )
    LogEntry.objects.create(
        user=cast.admin,
        action_time=AT + hours(4),
        content_type=ContentType.objects.get_for_model(Unit),
        object_id=str(cast.bureau.pk),
        object_repr=str(cast.bureau),
        action_flag=CHANGE,
    )
    return petition


def page(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(f"/trail/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def deeds(**asked: Any) -> list[tuple[str, str]]:
    lines, _ = trail.page(User.objects.get(username="auditor"), Asked(**asked), size=100)
    return [(line.what.split("，")[0], line.who) for line in lines]


def test_who_did_what_stands_there_and_nobodys_words(client: Client, cast: Cast, petition: Petition) -> None:
    shown = page(client, cast.auditor)
    for words in ("派单", "签收", "查看明文，联系电话，给 （号码已隐去） 回电", "会议：发起了会议", "修改单位"):
        assert words in shown, words
    for words in ("王秀英", "12000000001", "下午在家", "各说各的", petition.title):
        assert words not in shown, words
    assert f'href="/petitions/{petition.number}/"' in shown


def test_what_she_may_not_see_has_no_link(client: Client, cast: Cast, petition: Petition) -> None:
    shown = page(client, cast.admin)
    assert petition.number in shown
    assert 'href="/petitions/SG' not in shown
    assert 'href="/meetings/' not in re.sub(r"(?s)<nav.*?</nav>", "", shown)
    assert f'href="/meetings/{Meeting.objects.get().pk}/"' in page(client, cast.reviewer)


@pytest.mark.parametrize("username", ["operator", "officer", "head", "worker", "leader", "member"])
def test_a_stranger_finds_no_trail(client: Client, cast: Cast, username: str) -> None:
    client.force_login(getattr(cast, username))
    for address in ("/trail/", "/exports/of/trail/"):
        assert client.get(address).status_code == 404
    assert client.post("/trail/check/").status_code == 404
    assert 'href="/trail/"' not in client.get("/").content.decode()


def test_it_is_narrowed_by_kind_person_day_and_subject(cast: Cast, petition: Petition) -> None:
    other = call(cast, at=AT + hours(30))
    assert deeds(kind="looks") == deeds(kind="unmask") == [("查看明文", cast.officer.name)]
    assert deeds(kind="export") == []
    erased = {"kind": Access.Kind.ERASE, "subject": "erasure:1", "reason": "保存到期"}
    Access.objects.create(by=cast.secretary, at=AT + hours(1), **erased)
    assert deeds(kind="erase") == [("到期删除", cast.secretary.name)]
    assert deeds(kind="papers") == [("会议：发起了会议", cast.reviewer.name)]
    assert deeds(kind="admin") == [("修改单位", cast.admin.name)]
    assert {who for _, who in deeds(people=(cast.officer.pk,))} == {cast.officer.name}
    assert len(deeds(people=(cast.officer.pk,))) == 3
    assert all(who == cast.operator.name for _, who in deeds(since=AT + hours(30)))
    assert len(deeds(until=AT + hours(0.1))) == 1
    of_this = deeds(subject=petition.number, petition=petition.pk)
    assert ("查看明文", cast.officer.name) in of_this
    assert len(of_this) == petition.events.count() + 1
    assert deeds(subject=other.number, petition=other.pk, kind="looks") == []
    assert deeds(subject=Meeting.objects.get().number) == [("会议：发起了会议", cast.reviewer.name)]
    assert deeds(subject=str(cast.bureau)) == [("修改单位", cast.admin.name)]


@pytest.mark.parametrize("query", ["person=nobody", "kind=mood", "since=x", "since=2026-11-02&until=2026-11-01"])
def test_what_is_not_understood_gets_a_sentence(client: Client, cast: Cast, query: str) -> None:
    client.force_login(cast.auditor)
    answer = client.get(f"/trail/?{query}")
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert client.get(f"/exports/of/trail/?{query}").status_code == 409


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, petition: Petition) -> None:
    """Many records share an instant, and those of several tables do."""
    for n in range(30):
        at = AT + timedelta(minutes=n // 7)
        Event.objects.create(petition=petition, action="contact", at=at, by=cast.officer)
        Access.objects.create(by=cast.officer, at=at, kind="download", subject="petition:SG1", reason=str(n))
    everything, _ = trail.page(cast.auditor, Asked(), size=1000)
    assert len(everything) > 60
    assert [line.at for line in everything] == sorted((line.at for line in everything), reverse=True)
    turned = list(trail.every(cast.auditor, Asked(), chunk=7))
    assert turned == everything
    assert trail.count(Asked(), most=1000) == len(everything)
    for nonsense in ("x", "1-2", "9-9-9-9", "-1-1-1", "1" * 60):
        assert trail.page(cast.auditor, Asked(), size=5, after=nonsense)[0] == everything[:5]


def test_more_rows_ask_no_more_questions(client: Client, cast: Cast, petition: Petition) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, cast.auditor)
        return len(asked)

    questions()
    few = questions()
    for _ in range(5):
        in_hand(cast)
    assert questions() == few


def test_the_sheet_has_the_same_lines(client: Client, cast: Cast, petition: Petition) -> None:
    client.force_login(cast.auditor)
    answer: Any = client.get("/exports/of/trail/?kind=looks&person=officer")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    top, _, _, *lines = list(sheet.iter_rows(values_only=True))
    assert "哪一类：查阅（明文、导出、附件）；谁（姓名或账号）：officer" in str(top[0])
    assert [line[1:4] for line in lines] == [(cast.officer.name, "officer", "查看明文")]


def test_a_petition_tells_its_auditor_how_often_it_was_looked_at(
    client: Client, cast: Cast, petition: Petition
) -> None:
    address = f"/petitions/{petition.number}/"
    for who, told in ((cast.auditor, True), (cast.reviewer, True), (cast.operator, False), (cast.officer, False)):
        client.force_login(who)
        assert ("看过明文、附件 1 次" in client.get(address).content.decode()) == told
    client.force_login(cast.auditor)
    client.get(f"/exports/of/petitions/?q={petition.number}")
    shown = client.get(f"/trail/?subject={petition.number.lower()}&kind=looks").content.decode()
    assert shown.count("查看明文") > 0
    assert "诉求列表" not in re.sub(r"(?s)<nav.*?</nav>", "", shown)
