"""What stands on paper: the minutes and the briefing, to print and as DOCX, for who may read them."""

import io

from django.test import Client
from docx import Document

from petitions.models import Meeting, Topic
from petitions.papers import meetings
from petitions.papers.assignments import Charge
from tests.cast import Cast, hours
from tests.papers.conftest import AT

HOSTILE = "{{ 7*7 }}{% include 'settings.py' %}\x0b=cmd|'/c calc'!A1<w:p/>"


def words_of(answer: object) -> str:
    document = Document(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def minuted(cast: Cast, opened: Meeting, topic: Topic) -> Meeting:
    charge = Charge(cast.bureau, AT + hours(72), "划定夜市", standard="划线、公示")
    content = f"划定夜市经营区{HOSTILE}"
    meetings.decide(opened, content=content, topic=topic, charge=charge, by=cast.reviewer, at=AT + hours(25))
    meetings.take_down(opened, minutes="各单位汇报。", dissent="执法局保留意见。", by=cast.reviewer, at=AT + hours(25))
    meetings.issue(opened, by=cast.leader, at=AT + hours(26))
    return opened


def test_the_minutes_say_who_does_what_by_when_and_who_did_not_agree(
    client: Client, cast: Cast, opened: Meeting, topic: Topic
) -> None:
    meeting = minuted(cast, opened, topic)
    client.force_login(cast.officer)
    words = words_of(client.get(f"/meetings/{meeting.pk}/docx/"))
    for said in (meeting.number, "牵头单位：寿光市综合行政执法局", "11月19日10:00前", "划线、公示", "执法局保留意见。"):
        assert said in words, said
    assert "出席：综合行政执法局马俊峰" in words
    assert "（印章）" not in words, "minutes bear no seal"
    page = client.get(f"/meetings/{meeting.pk}/print/").content.decode()
    assert "联席会议纪要" in page
    assert meeting.number in page


def test_what_people_typed_is_words_and_no_instruction(
    client: Client, cast: Cast, opened: Meeting, topic: Topic
) -> None:
    meeting = minuted(cast, opened, topic)
    client.force_login(cast.leader)
    words = words_of(client.get(f"/meetings/{meeting.pk}/docx/"))
    assert "{{ 7*7 }}{% include 'settings.py' %}=cmd" in words
    assert "<w:p/>" in words
    assert "&lt;w:p/&gt;" in client.get(f"/meetings/{meeting.pk}/print/").content.decode()


def test_minutes_are_not_for_a_stranger(client: Client, cast: Cast, opened: Meeting) -> None:
    client.force_login(cast.liaison)
    for form in ("", "print/", "docx/"):
        assert client.get(f"/meetings/{opened.pk}/{form}").status_code == 404
