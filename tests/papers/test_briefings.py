"""A leader reads, instructs, and reads the end; the words go to whom they concern, and never outside."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import workflow
from petitions.models import Briefing, Instruction, Petition, Series, Task
from petitions.papers import briefings
from petitions.papers.assignments import Charge, accept, finish
from tests.cast import Cast, hours
from tests.house.test_doors import PUBLIC
from tests.papers.conftest import AT

WORDS = "请综合执法局主要领导亲自过问，三日内解决夜市占道。"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def briefing(cast: Cast, stuck: Petition) -> Briefing:
    """As the ladder raises one, to the deputy leader in charge."""
    return Briefing.objects.create(
        number=Series.take(Briefing.PREFIX, AT.date()),
        petition=stuck,
        reason="超期未办结",
        digest="向阳社区店外经营占道，超期 1 个工作日。",
        proposal="请分管领导调度。",
        duty=Briefing.Addressed.LEADER,
        raised_at=AT + hours(1),
        state=Briefing.State.WAITING,
        version=1,
    )


def instructed(briefing: Briefing, cast: Cast, **said: Any) -> Instruction:
    words: dict[str, Any] = {"kind": "act", "text": WORDS} | said
    return briefings.instruct(briefing, by=cast.leader, at=AT + hours(2), **words)


def assigned(briefing: Briefing, cast: Cast) -> Task:
    instruction = instructed(briefing, cast)
    charge = Charge(cast.bureau, AT + hours(72), "解决夜市占道")
    briefings.assign(briefing, instruction=instruction, charge=charge, by=cast.organiser, at=AT + hours(3))
    return Task.objects.get()


def test_the_receipt_is_the_leaders_first_look_and_nobody_elses(cast: Cast, briefing: Briefing) -> None:
    briefings.read(briefing, by=cast.reviewer, at=AT + hours(1.5))
    assert briefing.state == Briefing.State.WAITING
    briefings.read(briefing, by=cast.leader, at=AT + hours(2))
    briefings.read(briefing, by=cast.leader, at=AT + hours(3))
    briefing.refresh_from_db()
    assert (briefing.state, briefing.read_by, briefing.read_at) == (Briefing.State.READ, cast.leader, AT + hours(2))


def test_a_leader_answers_on_a_phone_in_two_taps(client: Client, cast: Cast, briefing: Briefing) -> None:
    client.force_login(cast.leader)
    assert f"/briefings/{briefing.pk}/" in client.get("/").content.decode(), "the desk shows it"
    page = client.get(f"/briefings/{briefing.pk}/").content.decode()  # tap one
    assert "请按拟办意见办理。" in page
    briefing.refresh_from_db()
    said = {"kind": "act", "text": "请按拟办意见办理。", "seen": briefing.version}
    client.post(f"/briefings/{briefing.pk}/do/instruct/", said)  # tap two
    instruction = Instruction.objects.get()
    assert (instruction.leader, instruction.text, instruction.kind) == (cast.leader, "请按拟办意见办理。", "act")
    assert Notice.objects.filter(person=cast.organiser, title__contains="请转办").exists()


def test_the_way_of_an_instruction_to_its_end(cast: Cast, briefing: Briefing) -> None:
    task = assigned(briefing, cast)
    with pytest.raises(NotNow, match="没有办完"):
        briefings.conclude(briefing, by=cast.organiser, at=AT + hours(4))
    finish(task, text="已划定夜市", by=cast.head, at=AT + hours(5))
    accept(task, by=cast.organiser, at=AT + hours(6))
    with pytest.raises(NotNow, match="还没有阅"):
        briefings.conclude(briefing, by=cast.organiser, at=AT + hours(6))
    briefings.read_final(briefing, by=cast.leader, at=AT + hours(7))
    with pytest.raises(PermissionDenied):
        briefings.conclude(briefing, by=cast.reviewer, at=AT + hours(8))
    briefings.conclude(briefing, by=cast.organiser, at=AT + hours(8))
    briefing.refresh_from_db()
    assert (briefing.state, briefing.concluded_by) == (Briefing.State.CONCLUDED, cast.organiser)
    done = [event.action for event in briefing.petition.events.order_by("id")]  # type: ignore[union-attr]
    assert done[-3:] == ["instruct", "assign", "conclude_briefing"]


def test_what_is_circled_alone_may_be_concluded(cast: Cast, briefing: Briefing) -> None:
    instructed(briefing, cast, kind="seen", text="")
    briefings.conclude(briefing, by=cast.organiser, at=AT + hours(3))


def test_the_office_writes_down_what_stands_on_paper_with_its_scan(
    client: Client, cast: Cast, briefing: Briefing
) -> None:
    client.force_login(cast.organiser)
    address = f"/briefings/{briefing.pk}/do/instruct/"
    said = {"kind": "act", "leader": cast.leader.pk, "seen": 1}
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert "请写下批示的话，或上传扫描件。" in refused.content.decode()
    assert client.post(address, said | {"scan": SimpleUploadedFile("批示.png", PNG)}).status_code == 302
    instruction = Instruction.objects.get()
    assert (instruction.leader, instruction.recorded_by) == (cast.leader, cast.organiser)
    answer = client.get(f"/briefings/scans/{instruction.pk}/")
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    client.force_login(cast.member)
    assert client.get(f"/briefings/scans/{instruction.pk}/").status_code == 404


def test_a_unit_reads_the_words_only_when_they_are_sent_to_it(cast: Cast, briefing: Briefing) -> None:
    instructed(briefing, cast)
    assert briefing not in Briefing.objects.visible_to(cast.head)
    charge = Charge(cast.bureau, AT + hours(72), "解决夜市占道")
    briefings.assign(
        briefing, instruction=Instruction.objects.get(), charge=charge, by=cast.organiser, at=AT + hours(3)
    )
    briefings.instruct(briefing, kind="study", text="另请财政局研究补助。", by=cast.leader, at=AT + hours(4))
    assert briefing in Briefing.objects.visible_to(cast.head)
    assert [one.text for one in Instruction.objects.visible_to(cast.head)] == [WORDS]


def test_a_briefing_is_its_own_leaders_business(cast: Cast, briefing: Briefing) -> None:
    seen = [cast.leader, cast.principal, cast.organiser, cast.reviewer]
    unseen = [cast.head, cast.officer, cast.operator, cast.street, cast.worker, cast.member, cast.auditor, cast.admin]
    assert all(briefing in Briefing.objects.visible_to(person) for person in seen)
    assert not any(briefing in Briefing.objects.visible_to(person) for person in unseen)
    Briefing.objects.update(duty=Briefing.Addressed.PRINCIPAL_LEADER)
    assert briefing not in Briefing.objects.visible_to(cast.leader)


@pytest.mark.parametrize("username", ["head", "operator", "street", "worker", "member", "liaison", "auditor"])
def test_the_words_of_a_leader_are_on_no_page_of_anybody_else(
    client: Client, cast: Cast, briefing: Briefing, username: str
) -> None:
    instructed(briefing, cast)
    client.force_login(getattr(cast, username))
    assert client.get(f"/briefings/{briefing.pk}/").status_code == 404
    number = briefing.petition.number  # type: ignore[union-attr]
    for address in ("/", "/briefings/", "/tasks/", "/meetings/", "/petitions/", f"/petitions/{number}/"):
        assert WORDS not in client.get(address, follow=True).content.decode(), address


def test_the_words_of_a_leader_are_on_no_public_page(client: Client, cast: Cast, briefing: Briefing) -> None:
    """Every page that opens without a sign-in, also with the petition's number and code in hand."""
    petition = briefing.petition
    assert petition
    assigned(briefing, cast)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已联系", at=AT + hours(4))
    client.post("/public/look-up/", {"number": petition.number, "code": petition.lookup_code})
    assert petition.number in client.get(reverse("petitions:public_petition")).content.decode()
    for address in PUBLIC:
        if "<" not in address:
            answer = client.get(f"/{address}", follow=True)
            words = b"".join(answer) if answer.streaming else answer.content
            assert WORDS not in words.decode(errors="replace"), address
            assert briefing.number not in words.decode(errors="replace"), address


def test_two_answers_to_the_same_page_and_the_second_is_told(client: Client, cast: Cast, briefing: Briefing) -> None:
    seen = briefing.version
    instructed(briefing, cast, seen=seen)
    client.force_login(cast.leader)
    answer = client.post(f"/briefings/{briefing.pk}/do/instruct/", {"kind": "act", "text": "再说一次", "seen": seen})
    assert answer.status_code == 409
    assert "刚刚被别人改过" in answer.content.decode()
    assert "再说一次" in answer.content.decode(), "what was typed stays"
    assert Instruction.objects.count() == 1


def test_a_stranger_to_a_task_gets_404(client: Client, cast: Cast, briefing: Briefing) -> None:
    task = assigned(briefing, cast)
    client.force_login(cast.officer)
    assert client.get(f"/tasks/{task.pk}/").status_code == 200
    client.force_login(cast.liaison)
    assert client.get(f"/tasks/{task.pk}/").status_code == 404
    assert client.post(f"/tasks/{task.pk}/do/progress/", {"text": "x"}).status_code == 404
