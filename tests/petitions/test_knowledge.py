"""The knowledge base: who reads, writes and checks it, until when it holds, and that answers rest on it."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.notnow import NotNow
from grids.models import Item
from petitions import knowledge, timeline, workflow
from petitions.models import Entry, Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, known
from tests.petitions.forms import said

SAID: dict[str, Any] = {
    "title": "路灯几点亮",
    "text": "按日落时刻自动开启。",
    "items": "A07",
    "source": "养护办法（示例）",
    "valid_from": "2026-01-01",
    "valid_until": "",
}


@pytest.mark.parametrize("username", ["officer", "worker", "member", "leader", "organiser"])
def test_a_stranger_gets_nothing(cast: Cast, client: Client, username: str) -> None:
    entry = known(cast)
    client.force_login(getattr(cast, username))
    for address in ("", "new/", f"{entry.pk}/", f"{entry.pk}/edit/"):
        assert client.get(f"/knowledge/{address}").status_code == 404, address
    for verb in ("check", "end"):
        assert client.post(f"/knowledge/{entry.pk}/{verb}/", {"why": "不要了"}).status_code == 404
    assert Entry.objects.standing().exists()


def test_the_desk_reads_and_only_its_keepers_write(cast: Cast, client: Client) -> None:
    entry = known(cast)
    for username in ("operator", "caller", "auditor"):
        client.force_login(getattr(cast, username))
        assert "路灯什么时候亮" in client.get("/knowledge/").content.decode()
        assert "改写" not in client.get(f"/knowledge/{entry.pk}/").content.decode()
        assert client.get("/knowledge/new/").status_code == 403
        assert client.get(f"/knowledge/{entry.pk}/edit/").status_code == 403
        assert client.post(f"/knowledge/{entry.pk}/end/", {"why": "不要了"}).status_code == 403
        assert client.post(f"/knowledge/{entry.pk}/check/").status_code == 403


def test_another_than_the_writer_checks_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.reviewer)
    assert client.post("/knowledge/new/", SAID).status_code == 302
    entry = Entry.objects.get()
    assert not entry.in_force(date(2026, 11, 20))
    page = client.get(f"/knowledge/{entry.pk}/").content.decode()
    assert "须由另一个人核对" in page
    assert "核对无误" not in page
    assert client.post(f"/knowledge/{entry.pk}/check/").status_code == 409
    with pytest.raises(PermissionDenied):
        workflow.check_entry(entry, by=cast.dispatcher, at=AT)


def test_what_is_wrong_stands_beside_its_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.dispatcher)
    answer = client.post("/knowledge/new/", SAID | {"title": "", "items": "没有的事项", "valid_until": "2025-01-01"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("请填写标题。", "没有找到这个事项", "有效期至不能早于生效日期。"):
        assert sentence in page
    assert "请写成日期" in client.post("/knowledge/new/", SAID | {"valid_from": "明天"}).content.decode()


def test_another_wording_takes_its_place_when_it_is_checked(cast: Cast, client: Client) -> None:
    old = known(cast)
    client.force_login(cast.dispatcher)
    client.post(f"/knowledge/{old.pk}/edit/", SAID)
    new = Entry.objects.get(replaces=old)
    assert list(Entry.objects.in_force(date(2026, 11, 20))) == [old]
    client.force_login(cast.reviewer)
    assert client.post(f"/knowledge/{new.pk}/check/").status_code == 302
    assert list(Entry.objects.in_force(date(2026, 11, 20))) == [new]
    old.refresh_from_db()
    assert (old.ended_by, old.ended_why) == (cast.reviewer, "改写")
    late = client.post(f"/knowledge/{old.pk}/edit/", SAID)
    assert late.status_code == 409
    assert "刚刚被别人" in late.content.decode()


def test_only_the_last_draft_of_a_wording_waits(cast: Cast, client: Client) -> None:
    old = known(cast)
    client.force_login(cast.dispatcher)
    for title in ("第一稿", "第二稿"):
        client.post(f"/knowledge/{old.pk}/edit/", SAID | {"title": title})
    assert [entry.title for entry in Entry.objects.unchecked()] == ["第二稿"]


def test_an_answer_rests_on_what_holds_that_day(cast: Cast) -> None:
    over = known(cast, valid_until=date(2026, 11, 15))
    petition = call(cast)
    with pytest.raises(NotNow, match="不在有效期内"):
        workflow.answer(petition, by=cast.operator, note="已说明", cites=over, at=AT)
    last_day = known(cast, title="当天仍有效", valid_until=date(2026, 11, 16))
    workflow.answer(petition, by=cast.operator, note="已说明", cites=last_day, at=AT)
    assert petition.status == Status.ANSWERED
    assert timeline.story(petition)[0].sentence == "直接答复了来电人（依据知识库《当天仍有效》）"


def test_an_ended_entry_is_cited_no_more(cast: Cast, client: Client) -> None:
    entry, petition = known(cast), call(cast)
    client.force_login(cast.reviewer)
    assert client.post(f"/knowledge/{entry.pk}/end/", {"why": ""}).status_code == 422
    assert client.post(f"/knowledge/{entry.pk}/end/", {"why": "办法已废止"}).status_code == 302
    client.force_login(cast.operator)
    answer = client.post(f"/petitions/{petition.number}/do/answer/", {"note": "已说明", "cites": str(entry)})
    assert answer.status_code == 422
    assert "没有这条在用的知识" in answer.content.decode()
    assert "办法已废止" in client.get("/knowledge/?tab=over").content.decode()


def test_the_entry_of_the_item_is_proposed_first(cast: Cast, client: Client) -> None:
    of_words = known(cast, title="烧烤店占道经营怎么管", items=())
    of_item = known(cast, title="门前摆摊", items=("A02",))
    known(cast, title="公积金怎么提取", items=("F16",))
    item = Item.objects.get(code="A02")
    found = knowledge.suggested(item, "烧烤店占道经营，走不过去", date(2026, 11, 20))
    assert [(one.entry, one.reason) for one in found] == [(of_words, "都有“烧烤店占道经营”"), (of_item, "事项相同")]
    assert knowledge.suggested(None, "", date(2026, 11, 20)) == []
    petition = call(cast)
    client.force_login(cast.operator)
    page = client.get(f"/petitions/{petition.number}/do/answer/").content.decode()
    assert "建议依据《" in page
    assert f'value="{of_item}"' in page


def test_words_and_items_find_entries(cast: Cast, client: Client) -> None:
    known(cast)
    known(cast, title="公积金怎么提取", items=("F16",), text="到窗口办理")
    client.force_login(cast.operator)
    for query, there, away in (
        ("q=日落+自动", "路灯什么", "公积金怎么"),
        ("item=F16", "公积金怎么", "路灯什么"),
        ("q=公积金&item=F16", "公积金怎么", "路灯什么"),
    ):
        page = client.get(f"/knowledge/?{query}").content.decode()
        assert (there in page, away in page) == (True, False), query
    assert "没有符合的条目" in client.get("/knowledge/?q=养犬").content.decode()
    assert "尚未生效" in client.get("/knowledge/?tab=to_come&q=%00").content.decode()


def test_the_list_asks_as_often_for_many_as_for_one(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(9):
        known(cast, title=f"第{n}条")
    client.force_login(cast.operator)
    client.get("/knowledge/")
    with django_assert_max_num_queries(9):
        client.get("/knowledge/")


def test_the_call_form_proposes_entries_once_one_answers(cast: Cast, client: Client) -> None:
    entry = known(cast)
    client.force_login(cast.operator)
    assert "知识条目建议" not in client.post("/petitions/new/hints/", said()).content.decode()
    page = client.post("/petitions/new/hints/", said(next="answer")).content.decode()
    assert f'data-value="{entry}"' in page
    picked = client.post("/petitions/new/", said(next="answer", pick=f"cites:{entry.pk}")).content.decode()
    assert f'name="cites" value="{entry.pk}"' in picked


def test_over_the_api_an_answer_cites_as_well(cast: Cast, client: Client) -> None:
    entry, petition = known(cast), call(cast)
    client.force_login(cast.operator)
    address = f"/api/v1/petitions/{petition.number}/answer/"
    without = client.post(address, {"note": "已说明"}, content_type="application/json")
    assert without.status_code == 400
    assert without.json()["errors"][0]["field"] == "cites"
    done = client.post(address, {"note": "已说明", "cites": str(entry.pk)}, content_type="application/json")
    assert done.status_code == 200, done.content
    assert petition.events.get(action="answer").detail["cites"]["title"] == entry.title


def test_an_empty_shelf_says_who_does_what_next(cast: Cast, client: Client) -> None:
    """A real portal starts without an entry: what the city answers, the city writes."""
    client.force_login(cast.operator)
    petition = call(cast)
    for address in ("/knowledge/", f"/petitions/{petition.number}/do/answer/"):
        assert "请分派员或审核督办员写一条" in client.get(address).content.decode()
    client.force_login(cast.dispatcher)
    for address in ("/", "/knowledge/"):
        page = client.get(address).content.decode()
        assert "写第一条" in page
        assert 'href="/knowledge/new/"' in page
    client.post("/knowledge/new/", SAID)
    assert "看待核对的条目" in client.get("/knowledge/").content.decode()
    client.force_login(cast.reviewer)
    assert "有 1 条知识等您核对" in client.get("/").content.decode()
    client.post(f"/knowledge/{Entry.objects.get().pk}/check/")
    desk = client.get("/").content.decode()
    assert "等您核对" not in desk
    assert "写第一条" not in desk
    client.force_login(cast.operator)
    assert "写一条" not in client.get(f"/petitions/{petition.number}/do/answer/").content.decode()


def test_who_neither_writes_nor_checks_is_not_told_of_the_shelf(cast: Cast, client: Client) -> None:
    for person in (cast.operator, cast.officer, cast.leader):
        client.force_login(person)
        assert "知识库里没有在用的条目" not in client.get("/").content.decode()
