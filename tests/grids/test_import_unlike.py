"""What a clerk's file may hide: other sheets, a stray quote, stretched names, slips that would become houses."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings

from grids.importing import cells, files, reporting, running
from grids.models import Building, Compound, Import, Resident
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import home, lives, rules
from tests.grids.sheets import HEADS, brought, checked, houses, number, row, sentences, text, uploaded, xlsx


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    rules()


def book(**sheets: list[list[Any]]) -> bytes:
    made, file = openpyxl.Workbook(), io.BytesIO()
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for one in rows:
            page.append(one)
    made.remove(made.worksheets[0])
    made.save(file)
    return file.getvalue()


def test_the_first_sheet_with_a_heading_is_read_and_the_others_are_named(client: Client, cast: Cast) -> None:
    houses()
    notes = [["户情登记表填写说明"], ["姓名", "必填"], ["小区", "必填"]]
    raw = book(说明=notes, 一网格=[HEADS, row(2)], 二网格=[HEADS, row(3), row(4)], 空=[])
    run = uploaded(raw, cast.secretary)
    assert run.problem == "只读取工作表“一网格”，另有 1 张没有读取：“二网格”；请分别另存后上传。"
    client.force_login(cast.secretary)
    assert run.problem in client.get(f"/homes/import/{run.pk}/").content.decode()
    run = checked(raw, cast.secretary)
    assert (run.total, run.counts["people"], "二网格" in run.problem) == (1, 1, True)


def test_a_quote_that_is_never_closed_swallows_nobody(tmp_path: Path) -> None:
    lines = [",".join([*HEADS, "备注"]), *(",".join([*map(str, row(n)), "无"]) for n in range(2, 9))]
    lines[3] = lines[3].removesuffix("无") + '"低保户'
    path = tmp_path / "stray.csv"
    path.write_text("\n".join(lines), encoding="gbk")
    with pytest.raises(files.Unreadable, match="引号不成对"):
        files.open_sheet(path)


def test_a_title_may_have_commas_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "title.csv"
    path.write_bytes("向阳社区，户情登记表，2026年11月\n".encode() + text([row(2)], "utf-8"))
    assert files.open_sheet(path).heads == HEADS


def test_a_name_stretched_to_stand_in_line_is_the_same_name(cast: Cast) -> None:
    assert [cells.name(said) for said in ("李 静", "李　　静", " 张 晓 彤 ", "Anna Li")] == [
        "李静", "李静", "张晓彤", "Anna Li"
    ]  # fmt: skip
    household = home(cast, "501")
    lives(cast, household, "李静", born_on=date(1988, 1, 25))
    run = checked(xlsx([row(2, name="李 静", relation="其他", 身份证号="")]), cast.secretary)
    assert (run.counts["people"], run.counts["known"]) == (0, 1)


@pytest.mark.parametrize("said", ["-", "无", "/", "12345", "？？"])
def test_a_mark_is_nobody(cast: Cast, said: str) -> None:
    houses()
    run = checked(xlsx([row(2, 姓名=said)]), cast.secretary)
    assert run.bad == 1
    assert [column for _, column, _ in sentences(run)] == ["姓名"]


def test_an_october_that_lost_its_zero_and_a_lunar_day_are_asked_about() -> None:
    with pytest.raises(cells.NotADay, match="10 月"):
        cells.day(1990.1)
    assert (cells.day(1990.2), cells.day("1990.1")) == (date(1990, 2, 1), date(1990, 1, 1))
    with pytest.raises(cells.NotADay):
        cells.day("1966-03-04 (农历)")
    assert cells.day("1966-03-04 00:00:00") == date(1966, 3, 4)


def test_a_birthday_is_told_no_plainer_than_the_number_that_holds_it(cast: Cast) -> None:
    houses()
    heads = [*HEADS, "出生日期"]
    rows = [[*row(2), "1985-08-20"], [*row(3, room="502"), "3/4/1966"], [*row(4, room="503"), "1990-01-20"]]
    run = checked(xlsx(rows, heads), cast.secretary)
    told = [(n, stops, cell, words) for n, cell, words, stops in run.problems.values_list(
        "number", "cell", "sentence", "stops")]  # fmt: skip
    assert told == [
        (2, True, "1985-**-**", "与证件号码里的出生年月不同，请核对是哪一个抄错了。"),
        (3, True, "*/*/****", "“*/*/****”分不清哪个是月、哪个是日，请写成“1990-01-02”。"),
        (4, False, "1990-**-**", "与证件号码里的出生日不同，已按证件号码登记。"),
    ]


def test_whoever_may_be_on_record_elsewhere_is_pointed_out(cast: Cast) -> None:
    household = home(cast, "501")
    lives(cast, household, "李文静", born_on=date(1990, 1, 2))
    rows = [row(2, room="601", name="李文静"), row(4, room="602", name="李文静", 身份证号="")]
    run = checked(xlsx([[*rows[0], ""], [*rows[1], "1991-03-04"]], [*HEADS, "出生日期"]), cast.secretary)
    assert run.bad == 0
    (told,) = sentences(run)
    assert told[:2] == (2, "姓名")
    assert told[2].startswith(f"另一户（{household.number}）有同名、同一天出生的人")


def test_whoever_has_another_number_is_somebody_else(cast: Cast) -> None:
    lives(cast, home(cast, "501"), "李文静", id_number=number(8))
    run = checked(xlsx([row(2, room="601", name="李文静")]), cast.secretary)
    assert sentences(run) == []


def test_houses_that_a_typing_error_would_build_are_named_before(client: Client, cast: Cast) -> None:
    houses()
    rows = [row(2), row(3, 小区="锦绣花庭"), row(4, 楼栋="8号楼")]
    run = checked(xlsx(rows), cast.secretary, makes_buildings=True)
    assert run.counts["houses"] == [
        {"compound": "锦绣花庭", "buildings": 1, "new": True},
        {"compound": "锦绣华庭", "buildings": 1, "new": False},
    ]
    client.force_login(cast.secretary)
    page = client.get(f"/homes/import/{run.pk}/").content.decode()
    assert "会新建：小区“锦绣花庭”和 1 栋楼，“锦绣华庭”的 1 栋楼" in page
    running.go(run, at=MONDAY_TEN)
    assert (Compound.objects.count(), Building.objects.count()) == (1, 1), "not before"


def test_who_did_not_bring_it_sees_no_button(client: Client, cast: Cast) -> None:
    houses()
    run = checked(xlsx([row(2)]), cast.secretary)
    client.force_login(cast.street)
    page = client.get(f"/homes/import/{run.pk}/").content.decode()
    assert f"/homes/import/{run.pk}/go/" not in page
    assert f"由上传的 {cast.secretary} 核对后导入" in page
    client.force_login(cast.secretary)
    assert f"/homes/import/{run.pk}/go/" in client.get(f"/homes/import/{run.pk}/").content.decode()


def test_rows_that_name_no_community_hold_up_all_and_it_is_said_so(client: Client, cast: Cast) -> None:
    houses()
    rows = [["向阳社区", *row(2)], ["不知道", *row(3, room="502")]]
    run = checked(
        xlsx(rows, ["社区", *HEADS]), cast.street, place="370783001", manner=Import.Manner.COMMUNITY
    )  # fmt: skip
    client.force_login(cast.street)
    page = client.get(f"/homes/import/{run.pk}/").content.decode()
    assert "有 1 行看不出是哪个社区的，这些行改好以前，哪个社区都不导入" in page
    assert "可以导入" not in page
    assert "无误，但要等其他行改好" in page


def test_a_choice_that_somebody_made_before_is_shown_as_one(client: Client, cast: Cast) -> None:
    houses()
    raw = xlsx([row(2)])
    run = uploaded(raw, cast.secretary)
    mapping = {name: n for name, n in run.mapping.items() if name != "phone"}
    running.check(run, mapping=mapping, manner=Import.Manner.FILE, makes_buildings=False, at=MONDAY_TEN)
    client.force_login(cast.street)
    other = uploaded(raw, cast.street)
    assert "“联系电话” → 不导入" in client.get(f"/homes/import/{other.pk}/").content.decode()
    fresh = uploaded(xlsx([[*row(2), ""]], [*HEADS, "性别"]), cast.street)
    assert "以前有人核对过" not in client.get(f"/homes/import/{fresh.pk}/").content.decode()


def test_imports_of_long_ago_are_still_found(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grids.views.importing.SHOWN", 2)
    runs = [uploaded(xlsx([row(2)]), cast.secretary, name=f"第{n}份.xlsx") for n in range(3)]
    client.force_login(cast.secretary)
    page = client.get("/homes/import/").content.decode()
    assert [f"第{n}份" in page for n in range(3)] == [False, True, True]
    assert f"?before={runs[1].pk}" in page
    page = client.get(f"/homes/import/?before={runs[1].pk}").content.decode()
    assert [f"第{n}份" in page for n in range(3)] == [True, False, False]
    assert "更早的" not in page


def test_the_second_of_two_with_the_name_stays_known(cast: Cast) -> None:
    houses()
    brought(xlsx([row(2, name="李 静")]), cast.secretary)
    assert Resident.objects.get().name == "李静"


def test_a_report_that_is_cut_says_so(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grids.importing.staging.MOST_PROBLEMS", 2)
    monkeypatch.setattr("grids.importing.reporting.MOST_PROBLEMS", 2)
    houses()
    run = checked(xlsx([row(n, 姓名="") for n in range(2, 6)]), cast.secretary)
    assert reporting.lines(run).said.endswith("本表只列前 2 处，改好后再检查，会列出其余的")
    client.force_login(cast.secretary)
    assert "清单里没有另外的 2 处" in client.get(f"/homes/import/{run.pk}/").content.decode()
