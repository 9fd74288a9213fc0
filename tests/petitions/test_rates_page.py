"""The page of rates: every number opens what it counted; what is left out took two; strangers see their own."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, Unit
from accounts.notnow import NotNow
from petitions import periods, ranking, reports, workflow
from petitions.models import Exclusion, Petition
from petitions.ranking import Asked
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import awaiting_callback, dissatisfied, in_hand, satisfied

THEN = AT + timedelta(days=9)
LINKS = re.compile(r'<a href="(/petitions/\?mark=[^"]+)">(\d+)</a>')
TOTAL = re.compile(r"共 (\d+) 件")


@pytest.fixture
def november(cast: Cast) -> Any:
    good, bad = awaiting_callback(cast), awaiting_callback(cast, place_id="370783001902001")
    satisfied(good, cast, solved="partly")
    dissatisfied(bad, cast)
    in_hand(cast)
    other = call(cast)
    workflow.dispatch(other, to=Unit.objects.get(name="寿光市财政局"), by=cast.dispatcher, at=AT)
    with time_machine.travel(THEN, tick=False):
        yield good, bad, other


@pytest.fixture
def reviewer(client: Client, cast: Cast, november: Any) -> Client:
    client.force_login(cast.reviewer)
    return client


@pytest.mark.parametrize("by", ["unit", "grid", "item"])
def test_every_number_opens_the_list_that_it_counted(reviewer: Client, november: Any, by: str) -> None:
    page = reviewer.get(f"/rates/?by={by}&period=2026-11").content.decode()
    links = LINKS.findall(page)
    assert len(links) > 10
    for href, number in set(links):
        shown = TOTAL.search(reviewer.get(unescape(href)).content.decode())
        assert shown, href
        assert shown[1] == number, href


def test_it_is_sorted_and_narrowed_by_its_address(reviewer: Client, cast: Cast, november: Any) -> None:
    def names(query: str) -> list[str]:
        return [line.name for line in reviewer.get(f"/rates/?{query}").context["lines"]]

    bureau, finance = str(cast.bureau), str(Unit.objects.get(name="寿光市财政局"))
    assert names("period=2026-11&sort=on_time&order=falling") == [bureau, finance]
    assert names("period=2026-11&sort=on_time&order=rising") == [finance, bureau]
    assert names("period=2026-10") == []
    assert names(f"period=2026-11&unit={cast.bureau.pk}") == [bureau]
    assert len(names("by=grid&period=2026-11")) == 2
    assert len(names("by=grid&period=2026-11&place=370783001902")) == 1
    assert names("by=item&since=2026-11-01&until=2026-11-30") != []


@pytest.mark.parametrize("query", ["period=never", "since=2026-11-01", "by=mood", "place=nowhere", "until=x", "unit=0"])
def test_what_is_not_understood_gets_a_sentence(reviewer: Client, query: str) -> None:
    answer = reviewer.get(f"/rates/?{query}")
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert reviewer.get(f"/exports/of/rates/?{query}").status_code == 409


def test_the_page_asks_no_more_when_more_is_counted(reviewer: Client, cast: Cast, november: Any) -> None:
    def questions() -> int:
        reviewer.get("/rates/?by=grid")
        with CaptureQueriesContext(connection) as asked:
            reviewer.get("/rates/?by=grid")
        return len(asked)

    few = questions()
    for n in range(1, 5):
        satisfied(awaiting_callback(cast, place_id=f"37078300190{n}001"), cast)
    assert questions() == few


def test_a_unit_sees_its_own_line_and_a_stranger_none(client: Client, cast: Cast, november: Any) -> None:
    client.force_login(cast.head)
    assert [line.name for line in client.get("/rates/").context["lines"]] == [str(cast.bureau)]
    client.force_login(cast.member)
    assert client.get("/rates/").context["lines"] == []


def test_the_sheet_has_both_parts_of_each_rate_and_leaves_a_record(reviewer: Client, cast: Cast, november: Any) -> None:
    answer = reviewer.get("/exports/of/rates/?period=2026-11")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    heads, *lines = list(sheet.iter_rows(min_row=3, values_only=True))
    bureau = dict(zip(heads, next(line for line in lines if line[0] == str(cast.bureau)), strict=True))
    assert (bureau["满意率（分子）"], bureau["满意率（分母）"], bureau["满意率"]) == (1, 2, 0.5)
    assert bureau["解决率（分子）"] == 0.5
    assert lines[-1][0] == "合计"
    assert Access.objects.get().subject == "rates"


def test_every_formula_is_explained(reviewer: Client) -> None:
    page = reviewer.get("/rates/definitions/").content.decode()
    for words in ("联系率 =", "按时办结率 =", "0.5 × 部分解决", "参评率 =", "综合得分 =", "99%", "30%", "剔除"):
        assert words in page, words


# --- Left out by two ------------------------------------------------------------------------------------


def test_leaving_out_takes_two_and_both_figures_stay(reviewer: Client, cast: Cast, november: Any) -> None:
    _, bad, _ = november
    said = {"reason": "harassment", "note": "一月内来电四十余次"}
    caller = Client()
    caller.force_login(cast.caller)
    assert caller.post(f"/petitions/{bad.number}/do/propose_exclusion/", said).status_code == 302
    assert "满意率异常" not in reviewer.get("/rates/").content.decode()
    assert "一月内来电四十余次" in reviewer.get("/rates/left-out/").content.decode()
    before = reviewer.get("/rates/?period=2026-11").context["total"]
    assert reviewer.post(f"/rates/left-out/{bad.number}/", {"agreed": "yes"}).status_code == 302

    after = reviewer.get("/rates/?period=2026-11")
    satisfied_, raw = next(pair for pair in after.context["total"].cells if pair[0].label == "满意率")
    assert before.figures[3].percent == "50.0%"
    assert (satisfied_.percent, raw.percent) == ("100.0%", "50.0%")
    assert "恶意骚扰 1 件" in after.content.decode()
    for figure in (satisfied_, raw):
        shown = TOTAL.search(reviewer.get(figure.whole.href).content.decode())
        assert shown
        assert shown[1] == str(figure.whole.count)


def test_nobody_decides_on_her_own_proposal(reviewer: Client, cast: Cast, november: Any) -> None:
    good, *_ = november
    workflow.propose_exclusion(good, by=cast.reviewer, reason="lawsuit", note="已立案", at=THEN)
    with pytest.raises(NotNow, match="须由另一个人决定"):
        workflow.decide_exclusion(good, by=cast.reviewer, agreed=True, at=THEN)
    page = reviewer.get("/rates/left-out/").content.decode()
    assert "这是您自己提出的" in page
    assert "提交复核" not in page
    assert reviewer.post(f"/rates/left-out/{good.number}/", {"agreed": "yes"}).status_code == 409
    with pytest.raises(NotNow, match="已有人提出"):
        workflow.propose_exclusion(good, by=cast.caller, reason="lawsuit", note="已立案", at=THEN)
    with pytest.raises(PermissionDenied):
        workflow.propose_exclusion(good, by=cast.officer, reason="lawsuit", note="已立案", at=THEN)
    assert not Exclusion.objects.standing().exists()


def test_a_refusal_says_why_and_leaves_it_counted(reviewer: Client, cast: Cast, november: Any) -> None:
    good, *_ = november
    workflow.propose_exclusion(good, by=cast.caller, reason="beyond_policy", note="要求翻倍补偿", at=THEN)
    assert reviewer.post(f"/rates/left-out/{good.number}/", {"agreed": "no"}).status_code == 422
    assert reviewer.post(f"/rates/left-out/{good.number}/", {"agreed": "no", "words": "有政策"}).status_code == 302
    assert reviewer.get("/rates/?period=2026-11").context["total"].figures[3].percent == "50.0%"
    assert reviewer.post(f"/rates/left-out/{good.number}/", {"agreed": "yes"}).status_code == 409
    assert good.events.filter(action="decide_exclusion").exists()


# --- Odd ------------------------------------------------------------------------------------------------


def test_all_content_and_hardly_anybody_heard_is_shown_to_reviewer_and_leader(client: Client, cast: Cast) -> None:
    heard, *silent = (awaiting_callback(cast) for _ in range(4))
    satisfied(heard, cast)
    for petition in silent:
        for day, o_clock in ((1, 9), (2, 15), (3, 19)):
            at = AT.replace(hour=o_clock) + timedelta(days=day)
            workflow.call_back(petition, by=cast.caller, reached=False, at=at)
    with time_machine.travel(THEN, tick=False):
        for user in (cast.reviewer, cast.leader):
            client.force_login(user)
            assert "本月满意率异常" in client.get("/").content.decode()
        assert "满意率异常" in client.get("/rates/?period=2026-11").content.decode()
        client.force_login(cast.operator)
        assert "本月满意率异常" not in client.get("/").content.decode()
    period = periods.read("2026-11", THEN)
    assert [line.key for line in reports.odd_units(cast.reviewer, period, THEN)] == [cast.bureau.pk]


def test_the_api_tells_the_same(reviewer: Client, cast: Cast, november: Any) -> None:
    told = reviewer.get("/api/v1/rates/?by=unit&period=2026-11").json()
    asked = Asked("unit", periods.read("2026-11", THEN))
    (line,) = [one for one in told["lines"] if one["name"] == str(cast.bureau)]
    rates = {one["measure"]: one for one in line["rates"]}
    assert rates["satisfied"]["value"] == 0.5
    assert [part["weight"] for part in rates["solved"]["parts"]] == [1, 0.5]
    assert line["score"] == ranking.standings(cast.reviewer, asked, THEN)[0].value
    assert reviewer.get("/api/v1/rates/?period=never").status_code == 400
    assert Client().get("/api/v1/rates/").status_code == 401


def test_a_petition_moves_when_it_is_left_out_or_drawn(cast: Cast, november: Any) -> None:
    good, *_ = november
    version = Petition.objects.get(pk=good.pk).version
    workflow.propose_exclusion(good, by=cast.caller, reason="lawsuit", note="已立案", at=THEN + hours(1))
    assert Petition.objects.get(pk=good.pk).version == version + 1
