"""What everybody reads of how the hotline does: every figure with both parts and its definition, no small ones."""

from datetime import datetime
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from petitions import workflow
from petitions.models import Status
from petitions.statistics import guarded
from tests.cast import MONDAY_TEN as AT
from tests.cast import SHANGHAI, Cast, call, hours, known
from tests.petitions.stages import awaiting_callback, dissatisfied, satisfied

PAGE = "/public/statistics/"
LUOCHENG = "370783005"


@pytest.fixture(autouse=True)
def at_the_end_of_november(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI), tick=False)


def figures(told: Any) -> dict[str, tuple[str, str]]:
    return {number.label: (number.words, number.working) for number in (*told.counts, *told.rates)}


def a_month(cast: Cast) -> None:
    """Ten calls: six are solved to content, one is not; three are only asked, one of them in another street."""
    for _ in range(6):
        satisfied(awaiting_callback(cast), cast)
    dissatisfied(awaiting_callback(cast), cast)
    for place in ("370783001901001", "370783001901001", LUOCHENG):
        petition = call(cast, item="A07", place_id=place)
        workflow.answer(petition, by=cast.operator, note="已告知", cites=known(cast), at=AT + hours(1))


def test_the_month_is_told_with_both_parts_of_every_rate(client: Client, cast: Cast) -> None:
    a_month(cast)
    answer = client.get(PAGE)
    told = figures(answer.context["told"])
    assert told["收到"] == ("10", "")
    assert told["办结"] == ("9", "")
    assert told["满意率"] == ("85.7%", "6 ÷ 7")
    assert told["解决率"] == ("85.7%", "6 + 0.5 × 0 ÷ 7")
    assert told["参评率"] == ("100.0%", "7 ÷ 7")
    assert told["退单成立率"][0] == "—"
    page = answer.content.decode()
    for words in (
        "截至 2026-11-28 09:00",
        "作出有效评价",
        "2026 年 11 月",
        "满意率要和参评率一起看",
        "本期没有剔除任何诉求",
    ):
        assert words in page, words


def test_a_few_people_stand_behind_no_count(client: Client, cast: Cast) -> None:
    a_month(cast)
    told = client.get(PAGE).context["told"]
    streets = {row.name: [cell.words for cell in row.cells] for row in told.streets}
    assert streets["洛城街道"][0] == "少于 5"
    assert streets["圣城街道"][0] == "少于 5", "or the one above could be worked out from the total"
    assert {row.name for row in told.domains} == {"城市管理"}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([0, 7, 12], [0, 7, 12]),
        ([0, 3, 12, 9], [0, None, 12, None]),
        ([4, 3, 12], [None, None, 12]),
        ([4], [None]),
        ([0, 2], [0, None]),
        ([], []),
    ],
)
def test_what_could_be_worked_out_is_kept_back_as_well(counts: list[int], told: list[int | None]) -> None:
    assert guarded(counts) == told


def test_what_stands_on_the_books_is_no_conclusion(client: Client, cast: Cast) -> None:
    petition = call(cast)
    type(petition).objects.filter(pk=petition.pk).update(status=Status.SUSPENDED)
    told = figures(client.get(PAGE).context["told"])
    assert (told["收到"], told["办结"], told["挂账在册"]) == (("1", ""), ("0", ""), ("1", ""))


def test_a_year_shows_its_months_and_an_odd_period_is_this_month(client: Client, cast: Cast) -> None:
    a_month(cast)
    year = client.get(PAGE, {"period": "2026"}).context["told"]
    assert year.months == [("11 月", 10, 9)], "nothing was received before"
    for odd in ("1999", "\x00", "2026-11-01..2026-11-02", "30d", "x" * 500):
        assert client.get(PAGE, {"period": odd}).context["told"].period.words == "2026-11", odd


def test_it_is_worked_out_once_for_all_who_ask(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_month(cast)
    client.get(PAGE)
    with django_assert_num_queries(0):
        client.get(PAGE)
    call(cast)
    assert figures(client.get(PAGE).context["told"])["收到"] == ("10", "")
    caches["drawn"].clear()
    assert figures(client.get(PAGE).context["told"])["收到"] == ("11", "")


def test_nobody_is_named(client: Client, cast: Cast) -> None:
    a_month(cast)
    page = client.get(PAGE, {"period": "2026"}).content.decode()
    for words in ("王秀英", "12000000001", "SG2026", "店外经营", *(person.name for person in cast.people.values())):
        assert words not in page, words
