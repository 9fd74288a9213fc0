"""Every figure of a dry run opens the lines that it counts, hidden as everywhere, for whom the import is."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from grids import workflow
from grids.importing import lines, running, staging
from grids.models import Care, Household, Import
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import home, lives, rules
from tests.grids.sheets import HEADS, checked, houses, number, row, worked, xlsx

STREET = "370783001"
FIGURE = re.compile(r'<a href="([^"]+/lines/\?[^"]+)">(\d+)(?: [户处项][^<]*)?</a>')


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    rules()
    return tmp_path / "imports"


@pytest.fixture
def known(cast: Cast) -> Household:
    """王秀英, disabled, and her husband, of whom nothing is on record but his name."""
    household = home(cast, "501")
    wang = lives(cast, household, "王秀英", id_number=number(2))
    care = Care(category="disability", degree="一级", since=date(2026, 1, 1))
    workflow.add_care(wang, care, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    lives(cast, household, "李建国", relation="spouse")
    return household


@pytest.fixture
def run(cast: Cast, known: Household) -> Import:
    houses("370783001902")
    heads = ["社区", *HEADS, "重点关爱"]
    rows = [
        ["向阳社区", *row(2, name="王秀英"), "独居、残疾"],
        ["向阳社区", *row(3, name="李建国", relation="配偶"), ""],
        ["向阳社区", *row(5, name="李小明", relation="子女"), "残疾"],
        ["向阳社区", *row(6, room="502"), ""],
        ["向阳社区", *row(7, room="502", relation="配偶"), ""],
        ["向阳社区", *row(9, room="502", relation="户主"), ""],
        ["学院社区", *row(4, room="601"), ""],
        ["学院社区", *row(8, room="", 姓名=""), ""],
        ["没有社区", *row(10, room="601"), ""],
    ]
    return checked(xlsx(rows, heads), cast.street, place=STREET)


@pytest.fixture
def street(client: Client, cast: Cast) -> Client:
    client.force_login(cast.street)
    return client


def listed(client: Client, address: str) -> tuple[list[int], str]:
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    return [int(found) for found in re.findall(r"<strong>第 (\d+) 行</strong>", page)], page


def test_every_figure_opens_as_many_lines_as_it_says(street: Client, run: Import) -> None:
    page = street.get(f"/homes/import/{run.pk}/").content.decode()
    figures = {href.partition("/lines/?")[2].replace("&amp;", "&"): int(said) for href, said in FIGURE.findall(page)}
    assert figures == {
        "which=all": 9,
        "which=new": 4,
        "which=homes": 2,
        "which=doors": 2,
        "which=known": 2,
        "which=care": 1,
        "which=bad": 4,  # 处; three rows of them
        "which=good&community=370783001901": 5,
        "which=bad&community=370783001901": 1,
        "which=good&community=370783001902": 1,
        "which=bad&community=370783001902": 1,
        "which=good&community=none": 0,
        "which=bad&community=none": 1,
    }
    for query, said in figures.items():
        numbers, page = listed(street, f"/homes/import/{run.pk}/lines/?{query}")
        assert len(numbers) == (3 if query == "which=bad" else said), query
        assert f"：{len(numbers)} 行</span>" in page
    assert (run.total, run.bad, run.counts["people"], run.counts["known"]) == (9, 3, 4, 2)


def test_a_line_says_what_becomes_of_it_and_nobody_is_known_by_it(
    street: Client, run: Import, known: Household
) -> None:
    numbers, page = listed(street, f"/homes/import/{run.pk}/lines/")
    assert numbers == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    for words in (
        "王**（户主） · 锦绣华庭3号楼2单元501",
        f'<a href="/homes/{known.pk}/">{known.number}</a>',
        "此人已在册，补登重点关爱 1 项；另有 1 项已登记过，不改动。",
        "新登记到已有的户",
        "新登记，新的户和房屋",
        "与第 5 行在同一户，一户只能有一位户主。",
        "没有填姓名。",
        "不是您管辖范围内的社区",
    ):
        assert words in page, words
    for words in ("王秀英", "李建国", number(2), "1200000000", "独居", "残疾", "alone", "disability"):
        assert words not in page, words


def test_pages_follow_each_other_by_number(street: Client, run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ON_A_PAGE", 4)
    found, address = [], f"/homes/import/{run.pk}/lines/"
    while address:
        numbers, page = listed(street, address)
        assert "全部：9 行" in page
        found.append(numbers)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/homes/import/{run.pk}/lines/{more[1].replace('&amp;', '&')}" if more else ""
    assert found == [[2, 3, 4, 5], [6, 7, 8, 9], [10]]


@pytest.mark.parametrize("query", ["which=nothing&after=x&community=1", "after=-1", "which=bad&after=99999999999"])
def test_an_address_that_means_nothing_lists_what_it_can(street: Client, run: Import, query: str) -> None:
    assert street.get(f"/homes/import/{run.pk}/lines/?{query}").status_code == 200


def test_after_the_import_only_what_was_wrong_is_listed(street: Client, cast: Cast, run: Import) -> None:
    running.let_go(run, at=MONDAY_TEN)
    for query, rows in {"": [7, 9, 10], "which=new": [7, 9, 10], "which=bad&community=none": [10]}.items():
        numbers, page = listed(street, f"/homes/import/{run.pk}/lines/?{query}")
        assert numbers == rows
        assert "逐行内容已删除" in page
    good = checked(xlsx([row(20, room="701")]), cast.secretary)
    running.go(good, at=MONDAY_TEN)
    worked(good)
    page = street.get(f"/homes/import/{good.pk}/").content.decode()
    assert [href.partition("?")[2] for href, _ in FIGURE.findall(page)] == ["which=bad", "which=bad"]


def test_what_was_left_out_is_said(street: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MOST_PROBLEMS", 2)
    monkeypatch.setattr("grids.importing.reporting.MOST_PROBLEMS", 2)
    houses()
    run = checked(xlsx([row(n, 姓名="") for n in range(2, 6)]), cast.secretary)
    numbers, page = listed(street, f"/homes/import/{run.pk}/lines/?which=bad")
    assert (run.bad, numbers, "只记下了前 2 处" in page) == (4, [2, 3], True)


@pytest.mark.parametrize(("which", "asked"), [("all", 10), ("new", 8), ("homes", 8), ("known", 9), ("care", 10)])
def test_more_lines_ask_no_more_questions(
    street: Client, cast: Cast, known: Household, which: str, asked: int, django_assert_num_queries: Any
) -> None:
    def some(count: int) -> Import:
        people = [(row(2, name="王秀英"), "独居"), (row(3, name="李建国", relation="配偶"), "残疾")][:count]
        others = [(row(n, room=f"7{n:02d}"), "") for n in range(20, 20 + count)]
        return checked(xlsx([[*one, care] for one, care in people + others], [*HEADS, "重点关爱"]), cast.secretary)

    few, many = some(1), some(20)
    street.get(f"/homes/import/{few.pk}/lines/?which={which}")
    for run in (few, many):
        with django_assert_num_queries(asked):
            street.get(f"/homes/import/{run.pk}/lines/?which={which}")


def test_a_stranger_finds_no_lines(client: Client, cast: Cast, run: Import) -> None:
    for name in ("worker", "gridsecretary", "operator", "leader", "auditor", "admin", "member", "secretary"):
        client.force_login(getattr(cast, name))
        assert client.get(f"/homes/import/{run.pk}/lines/").status_code == 404, name
