"""When it happened: asked beside the address, kept as said, and seen again wherever the petition is."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client

from petitions import moments
from petitions.models import Petition
from tests.cast import MONDAY_TEN, SHANGHAI, Cast, call
from tests.petitions.forms import FORM, said
from tests.shouyang.asking import Asker, is_problem, the_call

SAID = [
    ("2026-11-15 21:30", "2026-11-15 21:30"),
    ("11-15 21:30", "2026-11-15 21:30"),
    ("11月15日 21点", "2026-11-15 21:00"),
    ("2025年12月31日", "2025-12-31"),
    ("11/16", "2026-11-16"),
    ("１１－１５　８：０５", "2026-11-15 08:05"),
    ("2026-11-16T01:30:59Z", "2026-11-16 09:30"),
]


@pytest.mark.parametrize(("words", "kept"), SAID)
def test_a_day_with_or_without_its_hour_is_understood(words: str, kept: str) -> None:
    assert moments.spelled(moments.read(words, MONDAY_TEN)) == kept


BAD = [
    ("11-16 10:01", "不能晚于现在"),
    ("12-31", "往年的请写上年份"),
    ("1999-12-31", "不能早于 2000 年"),
    ("0001-01-01T00:00:00+08:00", "看不懂这个时间"),
    ("1949-10-01T15:00:00+08:00", "不能早于 2000 年"),
    ("2026-02-30", "看不懂这个时间"),
    ("昨天晚上", "看不懂这个时间"),
    ("11-15 25:00", "看不懂这个时间"),
    ("1" * 41, "最多 40 个字"),
    ("11-15\x00", "看不见的控制字符"),
]


@pytest.mark.parametrize(("words", "sentence"), BAD)
def test_other_moments_are_answered_beside_the_field(operator: Client, words: str, sentence: str) -> None:
    with time_machine.travel(MONDAY_TEN, tick=False):
        answer = operator.post(FORM, said(happened_at=words))
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors["happened_at"])
    assert not Petition.objects.exists()


@time_machine.travel(MONDAY_TEN, tick=False)
def test_the_call_form_keeps_it_and_the_page_shows_it(operator: Client) -> None:
    assert '<option value="2026-11-15">昨天</option>' in operator.get(FORM).content.decode()
    page = operator.post(FORM, said(happened_at="11-15 21:30"), follow=True).content.decode()
    assert Petition.objects.get().happened_at == datetime(2026, 11, 15, 21, 30, tzinfo=SHANGHAI)
    assert "<dt>发生</dt><dd>2026-11-15 21:30</dd>" in page


@time_machine.travel(MONDAY_TEN, tick=False)
def test_it_may_be_left_out_and_put_right_later(operator: Client) -> None:
    operator.post(FORM, said())
    petition = Petition.objects.get()
    assert petition.happened_at is None
    form = operator.get(f"/petitions/{petition.number}/do/amend/").context["form"]
    words = {name: form[name].value() for name in form.fields if name != "seen"} | {"happened_at": "2026-11-14"}
    page = operator.post(f"/petitions/{petition.number}/do/amend/", words, follow=True).content.decode()
    assert "<dt>发生</dt><dd>2026-11-14</dd>" in page
    assert petition.events.get(action="amend").detail["changed"] == {"发生时间": ["未填", "2026-11-14"]}


@time_machine.travel(MONDAY_TEN, tick=False)
def test_the_api_takes_it_and_tells_it(cast: Cast) -> None:
    asker = Asker(cast.operator)
    body = asker.post("petitions/", the_call(happened_at="2026-11-15T21:30:00+08:00")).json()
    assert body["happened_at"] == "2026-11-15T21:30:00+08:00"
    problem = is_problem(asker.post("petitions/", the_call(happened_at="2027-01-01")), 400)
    assert [error["field"] for error in problem["errors"]] == ["happened_at"]


def test_the_sheet_has_a_column_for_it(client: Client, cast: Cast) -> None:
    call(cast, happened_at=datetime(2026, 11, 15, tzinfo=SHANGHAI))
    client.force_login(cast.dispatcher)
    answer: Any = client.get("/exports/of/petitions/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    lines = list(sheet.iter_rows(min_row=3, values_only=True))
    assert lines[1][lines[0].index("发生时间")] == "2026-11-15"
