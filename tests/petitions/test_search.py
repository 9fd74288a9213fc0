"""One box: a number, a phone, a place, words; and always inside what she may see."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from petitions import rarity
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, call, hours


def find(client: Client, words: str) -> str:
    return str(client.get("/search/", {"q": words})["Location"])


def test_a_number_leads_to_its_petition(operator: Client, cast: Cast) -> None:
    number = call(cast).number
    page = reverse("petitions:detail", args=[number])
    for written in (number, number.lower(), number[2:], f" {number[:6]} {number[6:]} "):
        assert find(operator, written) == page


def test_a_strangers_number_is_not_found(client: Client, cast: Cast) -> None:
    number = call(cast).number
    client.force_login(cast.officer)
    page = client.get("/search/", {"q": number}).content.decode()
    assert "没有找到" in page
    assert "店外经营" not in page


def test_a_phone_finds_what_its_caller_said(operator: Client, cast: Cast) -> None:
    petition = call(cast, caller_phone="13800001111")
    call(cast, caller_phone="13800002222", title="另一个人的事")
    for written in ("13800001111", "+86 138-0000-1111", "１３８００００１１１１"):
        page = operator.get("/search/", {"q": written}).content.decode()
        assert petition.number in page
        assert "另一个人的事" not in page
        assert "138****1111" in page


def test_a_phone_does_not_betray_a_confidential_caller(client: Client, cast: Cast) -> None:
    call(cast, caller_phone="13800001111", confidential=True, title="要求保密的举报")
    call(cast, caller_phone="13800001111", title="不怕人知道")
    client.force_login(cast.worker)
    page = client.get("/search/", {"q": "13800001111"}).content.decode()
    assert "不怕人知道" in page
    assert "要求保密的举报" not in page
    client.force_login(cast.operator)
    assert "要求保密的举报" in client.get("/search/", {"q": "13800001111"}).content.decode()


def test_a_phone_shows_only_what_is_visible(client: Client, cast: Cast) -> None:
    call(cast, caller_phone="13800001111")
    client.force_login(cast.officer)
    assert "没有这个号码的诉求" in client.get("/search/", {"q": "13800001111"}).content.decode()


def test_a_place_leads_to_its_page(operator: Client) -> None:
    page = reverse("grids:place", args=[XIANGYANG_1])
    assert find(operator, XIANGYANG_1) == page
    assert find(operator, "向阳第1网格") == page
    assert find(operator, "向阳社区") == reverse("grids:place", args=["370783001901"])


def test_words_lead_to_the_list(operator: Client) -> None:
    assert find(operator, "路灯 不亮") == "/petitions/?q=%E8%B7%AF%E7%81%AF+%E4%B8%8D%E4%BA%AE"
    assert find(operator, "") == "/petitions/"


@pytest.mark.parametrize("few", [0, 1000])
def test_words_are_found_whether_few_or_many_have_them(
    operator: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(rarity, "FEW", few)
    for n in range(3):
        call(cast, title=f"第{n}盏路灯不亮", at=MONDAY_TEN + hours(n))
    call(cast, title="路灯太亮")
    page = operator.get("/petitions/", {"q": "路灯不亮"}).content.decode()
    assert [page.index(f"第{n}盏") for n in (2, 1, 0)] == sorted(page.index(f"第{n}盏") for n in range(3))
    assert "路灯太亮" not in page
    assert "共 3 件" in page
    assert "没有符合条件的诉求" in operator.get("/petitions/", {"q": "路灯失窃"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('enable_indexscan')")
        assert cursor.fetchone() == ("on", "on"), "what the search asked of the planner ends with it"


def test_of_a_word_that_thousands_have_the_first_page_is_shown_and_no_number_made_up(
    operator: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rarity, "FEW", 2)
    monkeypatch.setattr("petitions.views.list.FEW", 2)
    monkeypatch.setattr("petitions.views.list.ON_A_PAGE", 2)
    for n in range(3):
        call(cast, title=f"第{n}盏路灯不亮", at=MONDAY_TEN + hours(n))
    assert "共 2+ 件" in operator.get("/petitions/", {"q": "路灯"}).content.decode()


def test_the_begin_of_a_number_finds_its_day_month_and_year(operator: Client, cast: Cast) -> None:
    number = call(cast).number
    other = call(cast, at=MONDAY_TEN + hours(24 * 40)).number
    for begin in ("SG2026111600", "sg20261116", "SG202611", "SG20261"):
        page = operator.get("/petitions/", {"q": begin}).content.decode()
        assert number in page
        assert (other in page) == (begin == "SG20261")
    assert "没有符合条件的诉求" in operator.get("/petitions/", {"q": "SG20269999"}).content.decode()


@pytest.mark.parametrize("words", ["\x00", "a\x00b", "%", "'; DROP TABLE", "😀", "字" * 500, "SG", "SG0000000000000"])
def test_odd_words_break_nothing(operator: Client, words: str) -> None:
    assert operator.get("/search/", {"q": words}, follow=True).status_code == 200


def test_searching_needs_a_sign_in(client: Client, db: None) -> None:
    assert client.get("/search/", {"q": "13800001111"}).status_code == 302
