"""The list: narrowed, sorted, turned over and taken home, all by its address."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Access
from petitions import workflow
from petitions.facets import FACETS
from petitions.models import Petition
from petitions.views.list import ON_A_PAGE
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import awaiting_callback, in_hand, satisfied


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/petitions/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(client: Client, query: str = "") -> list[str]:
    return [row.number for row in client.get(f"/petitions/{query}").context["rows"]]


def test_every_filter_narrows_the_list(dispatcher: Client, cast: Cast) -> None:
    lamp = call(cast, title="路灯不亮", content="晚上看不见路", item="A07", nature="assistance", tags=["elderly"])
    stall = in_hand(cast)
    for query, expected in (
        ("?status=in_hand", [stall]),
        (f"?unit={cast.bureau.pk}", [stall]),
        ("?place=370783001901", [stall, lamp]),
        ("?place=370783003", []),
        ("?place=向阳社区", [stall, lamp]),
        ("?item=A07", [lamp]),
        ("?nature=complaint", [stall]),
        ("?urgency=normal&item=A02", [stall]),
        ("?channel=12345", [stall, lamp]),
        ("?tag=elderly", [lamp]),
        ("?q=路灯", [lamp]),
        (f"?q={lamp.number}", [lamp]),
        ("?since=2026-11-16&until=2026-11-16", [stall, lamp]),
        ("?since=2026-11-17", []),
        ("?until=2026-11-15", []),
        ("?mine=on", []),
        ("?facet=awaiting_dispatch", [lamp]),
        ("?status=in_hand&status=awaiting_dispatch", [stall, lamp]),
    ):
        assert numbers(dispatcher, query) == [petition.number for petition in expected], query


def test_every_facet_is_a_list(client: Client, cast: Cast) -> None:
    petition = awaiting_callback(cast)
    satisfied(petition, cast)
    with time_machine.travel(AT + timedelta(days=10), tick=False):
        client.force_login(cast.dispatcher)
        shown = {name for name in FACETS if numbers(client, f"?facet={name}")}
    assert shown == {"closed", "registered_30"}


def test_a_filter_that_is_not_understood_shows_nothing_and_says_so(dispatcher: Client, cast: Cast) -> None:
    call(cast)
    for query in (
        "?status=melted",
        "?unit=zero",
        "?since=yesterday",
        "?facet=all",
        "?place=天宫",
        "?q=%00",
        f"?q={'长' * 61}",
    ):
        answer = page(dispatcher, query)
        assert "flash-error" in answer, query
        assert "店外经营" not in answer, query


def test_what_is_narrowed_stands_above_the_list_and_can_be_taken_away(dispatcher: Client, cast: Cast) -> None:
    call(cast)
    answer = page(dispatcher, "?place=370783001901&nature=complaint")
    assert "街道、社区或网格：圣城街道 向阳社区 370783001901" in answer
    assert 'href="?place=370783001901" aria-label="去掉诉求性质这个条件"' in answer


def test_the_most_pressing_promise_comes_first(dispatcher: Client, cast: Cast) -> None:
    later, sooner = in_hand(cast), call(cast, at=AT)
    closed = awaiting_callback(cast)
    satisfied(closed, cast)
    assert numbers(dispatcher, "?sort=due") == [sooner.number, later.number]
    assert numbers(dispatcher, "?sort=oldest")[0] == later.number


def test_pages_follow_each_other_without_gap_or_repetition(dispatcher: Client, cast: Cast) -> None:
    first = call(cast)
    rows = [Petition.objects.get(pk=first.pk) for _ in range(120)]
    for i, row in enumerate(rows):
        row.pk, row.number = None, f"SG20261115{i:05d}"
        row.submission = f"00000000-0000-0000-0000-{i:012d}"
        row.registered_at = AT - timedelta(minutes=i // 7)  # many share an instant
    Petition.objects.bulk_create(rows)
    forwards, query = [], ""
    while True:
        turned = dispatcher.get(f"/petitions/{query}").context
        forwards.append([row.number for row in turned["rows"]])
        if not turned["turned"].older:
            break
        query = f"?after={turned['turned'].older}"
    assert [len(numbers) for numbers in forwards] == [ON_A_PAGE, ON_A_PAGE, 21]
    assert len({number for numbers in forwards for number in numbers}) == 121
    back = dispatcher.get(f"/petitions/?before={turned['turned'].newer}").context
    assert [row.number for row in back["rows"]] == forwards[1]
    assert numbers(dispatcher, f"?before={back['turned'].newer}") == forwards[0]
    assert numbers(dispatcher, "?after=nonsense") == forwards[0]


@pytest.mark.parametrize("query", ["", "?facet=overdue&sort=due", "?q=店外&place=370783"])
def test_more_rows_ask_no_more_questions(dispatcher: Client, cast: Cast, query: str) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(dispatcher, query)
        return len(asked)

    call(cast)
    page(dispatcher, query)
    call(cast)
    few = questions()
    for _ in range(10):
        in_hand(cast)
    assert questions() == few <= 9
    assert questions() < few, "nothing has changed: the list is not asked for again"


def test_a_list_is_drawn_again_as_soon_as_a_petition_changes(dispatcher: Client, cast: Cast) -> None:
    petition = call(cast)
    assert "<td>待派单</td>" in page(dispatcher)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    assert "<td>待签收</td>" in page(dispatcher)


def test_a_drawn_list_is_shown_to_nobody_who_sees_less(client: Client, dispatcher: Client, cast: Cast) -> None:
    petition = call(cast)
    assert petition.number in page(dispatcher)
    client.force_login(cast.member)
    assert petition.number not in page(client)


def test_a_unit_sees_only_its_own(client: Client, cast: Cast) -> None:
    call(cast)
    mine = in_hand(cast)
    client.force_login(cast.officer)
    assert numbers(client) == [mine.number]
    client.force_login(cast.member)
    assert numbers(client) == []
    assert "这里还没有诉求" in page(client)


def test_the_sheet_holds_the_narrowed_list_and_no_caller(dispatcher: Client, cast: Cast) -> None:
    call(cast, title='=HYPERLINK("http://bad")')
    in_hand(cast)
    with time_machine.travel(AT + hours(2), tick=False):
        answer: Any = dispatcher.get("/exports/of/petitions/?status=awaiting_dispatch")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][0] == "导出人：刘志远（dispatcher）　导出时间：2026-11-16 12:00　条件：状态：待派单"
    assert lines[2][:3] == ("工单编号", "标题", "状态")
    assert [line[1:3] for line in lines[3:]] == [('=HYPERLINK("http://bad")', "待派单")]
    assert sheet["B4"].data_type == "s"
    assert not any("王秀英" in str(cell) or "12000000001" in str(cell) for line in lines for cell in line)
    access = Access.objects.get()
    assert (access.by, access.kind, access.reason) == (cast.dispatcher, "export", "状态：待派单")


def test_the_fields_of_the_filter_are_a_page_or_a_part_of_one(dispatcher: Client) -> None:
    whole = dispatcher.get("/petitions/fields/?nature=complaint").content.decode()
    part = dispatcher.get("/petitions/fields/?nature=complaint", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert '<option value="complaint" selected>投诉</option>' in part


def test_the_list_is_light(dispatcher: Client, cast: Cast) -> None:
    for _ in range(ON_A_PAGE):
        call(cast)
    assert len(page(dispatcher).encode()) < 60_000
