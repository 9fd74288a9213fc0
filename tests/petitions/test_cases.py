"""Published cases: written by the centre in words that tell nobody, read by everybody, taken back and never changed."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.notnow import NotNow
from grids.models import Item, Visibility
from petitions import workflow
from petitions.models import Petition, Publication, Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours, known
from tests.petitions.stages import awaiting_callback, satisfied

DESK, LIST = "/cases/", "/public/cases/"
PUBLIC: dict[str, Any] = {
    "level": "full",
    "title": "店外经营占用人行道",
    "question": "烧烤店把桌子摆到人行道上，晚上走不过去。",
    "answer": "执法人员当晚到场，店家已退店入室。",
}


def concluded(cast: Cast, **said: Any) -> Petition:
    petition = awaiting_callback(cast, **said)
    satisfied(petition, cast)
    return petition


def published(cast: Cast, **words: Any) -> Publication:
    petition = concluded(cast)
    workflow.publish_case(petition, by=cast.reviewer, at=AT + hours(48), **PUBLIC | words)
    return petition.publications.get()


@pytest.fixture
def reviewer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.reviewer)
    return client


def test_the_reviewer_sees_what_tells_who_it_is_and_starts_from_what_does_not(reviewer: Client, cast: Cast) -> None:
    petition = concluded(
        cast,
        content="我是王秀英，住3号楼2单元501，电话 138 1234 5678。烧烤店（鲁V12345）的桌子挡路。",
        title="烧烤店挡路",
    )
    page = reviewer.get(f"/cases/{petition.number}/").content.decode()
    for words in (
        "<mark>王秀英<span>（姓名）",
        "<mark>3号楼2单元501<span>（楼栋房号）",
        "<mark>鲁V12345<span>（车牌）",
    ):
        assert words in page, words
    assert "我是王某，住▇▇，电话 ▇▇。烧烤店（▇▇）的桌子挡路。" in page
    assert "已清理店外桌椅" in page
    assert "手机号码 1 处" in page


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("question", "请打 13812345678。"),
        ("answer", "已与王秀英说明。"),
        ("title", "3号楼2单元501漏水"),
        ("answer", "已查处鲁V12345。"),
        ("question", "身份证 37078319900101123X"),
    ],
)
def test_nothing_that_tells_who_it_is_can_be_published(reviewer: Client, cast: Cast, field: str, words: str) -> None:
    petition = concluded(cast)
    answer = reviewer.post(f"/cases/{petition.number}/", PUBLIC | {field: words})
    assert answer.status_code == 422
    assert "可能让人认出是谁，请删去或改写" in answer.content.decode()
    with pytest.raises(NotNow, match="可能让人认出是谁"):
        workflow.publish_case(petition, by=cast.reviewer, **PUBLIC | {field: words})
    assert not Publication.objects.exists()


def test_it_is_looked_at_before_it_is_published(reviewer: Client, cast: Cast) -> None:
    petition = concluded(cast)
    look = reviewer.post(f"/cases/{petition.number}/", PUBLIC | {"look": "1"}).content.decode()
    assert "公众将看到" in look
    assert not Publication.objects.exists()
    assert reviewer.post(f"/cases/{petition.number}/", PUBLIC)["Location"] == DESK
    case = Publication.objects.get()
    assert (case.published_by, case.unit, case.level) == (cast.reviewer, cast.bureau, "full")
    event = petition.events.get(action="publish_case")
    assert (event.by, event.note) == (cast.reviewer, PUBLIC["title"])


def test_a_digest_leaves_the_question_out(reviewer: Client, cast: Cast) -> None:
    petition = concluded(cast)
    long = reviewer.post(f"/cases/{petition.number}/", PUBLIC | {"level": "digest", "answer": "好" * 301})
    assert "摘要最多 300 个字" in long.content.decode()
    empty = reviewer.post(f"/cases/{petition.number}/", PUBLIC | {"question": ""})
    assert "全文公开须写明诉求" in empty.content.decode()
    reviewer.post(f"/cases/{petition.number}/", PUBLIC | {"level": "digest"})
    case = Publication.objects.get()
    assert (case.level, case.question) == ("digest", "")
    assert PUBLIC["question"] not in Client().get(f"{LIST}{case.pk}/").content.decode()


def test_everybody_reads_it_and_nobody_learns_the_number(client: Client, cast: Cast) -> None:
    case = published(cast)
    listed, page = (client.get(address).content.decode() for address in (LIST, f"{LIST}{case.pk}/"))
    assert case.title in listed
    for words in (case.title, case.question, case.answer, "圣城街道向阳社区", "综合行政执法局", "全文公开"):
        assert words in page, words
    petition = case.petition
    for words in (petition.number, petition.number[2:], petition.lookup_code, "王秀英", "第1网格", petition.content):
        assert words not in listed + page, words
    for person in cast.people.values():
        assert person.name not in listed + page


def test_cases_are_found_by_word_kind_and_street(client: Client, cast: Cast) -> None:
    case = published(cast)
    for found in ({"q": "桌子"}, {"domain": "城市管理"}, {"street": "370783001"}, {"q": "退店", "domain": "城市管理"}):
        assert case.title in client.get(LIST, found).content.decode(), found
    for missed in ({"q": "井盖"}, {"domain": "安全生产"}, {"street": "370783005"}, {"q": "的。"}):
        assert case.title not in client.get(LIST, missed).content.decode(), missed
    for odd in (
        {"q": "\x00"},
        {"q": "长" * 99},
        {"domain": "'--"},
        {"street": "370783"},
        {"after": "x-y", "before": "9"},
    ):
        assert client.get(LIST, odd).status_code == 200, odd


def test_the_pages_are_turned_by_key(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petitions.cases.ON_A_PAGE", 1)
    older, newer = published(cast, title="修好的井盖"), published(cast, title="亮起的路灯")
    first = client.get(LIST)
    assert newer.title in first.content.decode()
    assert older.title not in first.content.decode()
    second = client.get(LIST, {"after": first.context["page"].older}).content.decode()
    assert older.title in second
    assert newer.title not in second


def test_more_cases_are_no_more_questions(reviewer: Client, cast: Cast) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as questions:
            assert reviewer.get(address).status_code == 200
        return len(questions)

    published(cast)
    concluded(cast)
    asked(LIST)  # what a process keeps is read once
    few = [asked(address) for address in (DESK, LIST)]
    for _ in range(2):
        published(cast)
        concluded(cast)
    assert [asked(address) for address in (DESK, LIST)] == few


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"confidential": True}, "要求保密，不能公开"),
        ({"item": Visibility.INTERNAL}, "不公开的事项"),
        ({"item": Visibility.CONFIDENTIAL}, "不公开的事项"),
    ],
)
def test_what_is_not_public_is_never_published(
    reviewer: Client, cast: Cast, changes: dict[str, Any], sentence: str
) -> None:
    petition = concluded(cast)
    if "item" in changes:
        Item.objects.filter(pk=petition.item_id).update(visibility=changes["item"])
    else:
        Petition.objects.filter(pk=petition.pk).update(**changes)
    assert petition.title not in reviewer.get(DESK).content.decode()
    answer = reviewer.post(f"/cases/{petition.number}/", PUBLIC)
    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not Publication.objects.exists()


def test_what_becomes_confidential_or_open_again_is_read_no_more(client: Client, cast: Cast) -> None:
    case = published(cast)
    workflow.reopen(case.petition, by=cast.operator, note="又摆出来了", at=AT + hours(50))
    assert client.get(f"{LIST}{case.pk}/").status_code == 404
    other = published(cast)
    Petition.objects.filter(pk=other.petition_id).update(confidential=True)
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert case.title not in client.get(LIST).content.decode()


def test_what_the_centre_answered_is_a_case_and_what_it_refused_is_none(reviewer: Client, cast: Cast) -> None:
    answered = call(cast, item="A07")
    workflow.answer(answered, by=cast.operator, note="路灯按日落时刻自动开启。", cites=known(cast), at=AT + hours(1))
    assert "路灯按日落时刻自动开启。" in reviewer.get(f"/cases/{answered.number}/").content.decode()
    refused = call(cast)
    workflow.refuse(refused, by=cast.operator, reason="在法院", direction="court", at=AT + hours(1))
    workflow.archive(refused, at=AT + hours(24 * 40))
    assert refused.status == Status.ARCHIVED
    assert "没有办理结果" in reviewer.get(f"/cases/{refused.number}/").content.decode()


def test_it_is_taken_back_and_published_anew_and_never_changed(reviewer: Client, cast: Cast) -> None:
    case = published(cast)
    assert reviewer.get(f"/cases/{case.petition.number}/").status_code == 409
    for change in ({"title": "改了"}, {"answer": "改了"}, {"published_by": cast.operator}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Publication.objects.filter(pk=case.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        case.delete()
    assert reviewer.post(f"/cases/{case.petition.number}/withdraw/", {"why": " "}).status_code == 422
    reviewer.post(f"/cases/{case.petition.number}/withdraw/", {"why": "店名看得出来"})
    case.refresh_from_db()
    assert (case.withdrawn_by, case.withdrawn_why) == (cast.reviewer, "店名看得出来")
    assert Client().get(f"{LIST}{case.pk}/").status_code == 404
    assert reviewer.post(f"/cases/{case.petition.number}/withdraw/", {"why": "再撤"}).status_code == 409
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=case.pk).update(withdrawn_at=None, withdrawn_by=None)
    reviewer.post(f"/cases/{case.petition.number}/", PUBLIC | {"title": "店外经营"})
    assert Publication.objects.standing().get().title == "店外经营"
    assert "店名看得出来" in reviewer.get(DESK).content.decode()


def test_others_have_no_say_and_no_desk(client: Client, cast: Cast) -> None:
    case = published(cast)
    for name, found in (("operator", 403), ("leader", 403), ("officer", 403), ("member", 404)):
        client.force_login(getattr(cast, name))
        assert client.get(DESK).status_code == 404, name
        for address in (f"/cases/{case.petition.number}/", f"/cases/{case.petition.number}/withdraw/"):
            assert client.post(address, PUBLIC | {"why": "不好看"}).status_code == found, (name, address)
    client.force_login(cast.auditor)
    page = client.get(DESK).content.decode()
    assert case.title in page
    assert "撤下 SG" not in page
    with pytest.raises(PermissionDenied):
        workflow.withdraw_case(case.petition, why="不好看", by=cast.head)
    case.refresh_from_db()
    assert case.withdrawn_at is None
