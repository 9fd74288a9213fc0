"""Homes out of a spreadsheet: checked row by row, brought in whole or not at all, and never twice."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import Settings

from accounts.notnow import NotNow
from grids import workflow
from grids.importing import cells, running
from grids.models import (
    Building,
    Dwelling,
    HomeEvent,
    Household,
    Import,
    ImportLine,
    ImportProblem,
    Resident,
    VisitClock,
)
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast
from tests.grids.homes import door, home, lives, rules, values
from tests.grids.sheets import (
    HEADS,
    XIANGYANG,
    brought,
    checked,
    houses,
    number,
    row,
    sentences,
    text,
    uploaded,
    worked,
    xlsx,
)

State = Import.State
COMMUNITY = Import.Manner.COMMUNITY
FAMILY = [row(2), row(3, name="李建国", relation="配偶"), row(4, room="502", name="赵丽")]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    rules()
    return tmp_path / "imports"


def test_a_family_comes_in_as_the_verbs_would_have_brought_it(cast: Cast, folder: Path) -> None:
    door("999")  # a neighbour, by whom the grid is known
    run = brought(xlsx(FAMILY), cast.secretary)
    assert (run.state, run.counts["people"], run.counts["households"]) == (State.DONE, 3, 2)
    assert not list(folder.iterdir()), "the file is gone"
    assert not ImportLine.objects.exists()

    imported = Household.objects.get(dwelling__room="501")
    by_hand = Household(dwelling=door("601"), since=date(2026, 11, 16), phone="12000000002")
    workflow.found(by_hand, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    wang = Resident(name="王秀丂", relation="head", sex="female", born_on=date(1990, 1, 2), id_number=number(8),
                    phone="12000000002", since=date(2026, 11, 16))  # fmt: skip
    workflow.move_in(by_hand, wang, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    by_hand.refresh_from_db()
    same = {"id", "dwelling", "household", "id_number", "id_fingerprint", "resident"}
    assert values(imported, same) == values(by_hand, same)
    assert values(imported.dwelling, {"id", "room", "address", "said", "walk"}) == values(
        by_hand.dwelling, {"id", "room", "address", "said", "walk"}
    )
    assert imported.dwelling.walk.endswith("0002000501")
    assert imported.dwelling.place_id == XIANGYANG_1
    assert values(imported.members().get(relation="head"), {*same, "name", "name_fingerprint"}) == values(
        wang, {*same, "name", "name_fingerprint"}
    )
    assert values(VisitClock.objects.get(household=imported), same) == values(
        VisitClock.objects.get(household=by_hand), same
    )
    found = [HomeEvent.objects.get(household=one, action="found") for one in (imported, by_hand)]
    assert values(found[0], same) == values(found[1], same)


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    houses()
    brought(xlsx(FAMILY), cast.secretary)
    before = (Household.objects.count(), Resident.objects.count(), HomeEvent.objects.count())
    run = brought(xlsx(FAMILY), cast.secretary)
    assert (run.state, run.counts["people"], run.counts["known"]) == (State.DONE, 0, 3)
    assert (Household.objects.count(), Resident.objects.count(), HomeEvent.objects.count()) == before


def test_somebody_new_joins_the_household_that_is_on_record(cast: Cast) -> None:
    household = home(cast, "501")
    lives(cast, household, "王秀英", id_number=number(2))
    brought(xlsx([row(2), row(3, name="李建国", relation="配偶")]), cast.secretary)
    assert {one.name for one in household.members()} == {"王秀英", "李建国"}
    li = household.members().get(relation="spouse")
    assert [event.action for event in household.events.filter(resident=li)] == ["moved_in"]


def test_each_cell_that_is_wrong_is_told_beside_it(cast: Cast) -> None:
    houses()
    wrong = number(2)[:-1] + ("1" if number(2)[-1] != "1" else "2")
    rows = [
        row(2, 身份证号=wrong),
        row(3, room="502", 联系电话="1381234"),
        row(4, room="503", 小区="锦绣花庭"),
        row(5, room="504", 楼栋="9"),
        row(6, room="505", 与户主关系="房东"),
        row(7, room="", name="张三"),
        row(8, room="507", 身份证号=370783199001011234),
    ]
    run = checked(xlsx(rows), cast.secretary)
    told = {n: (column, sentence) for n, column, sentence in sentences(run)}
    assert (run.state, run.bad, running.ready(run)) == (State.CHECKED, 7, [])
    assert told[2][0] == "身份证号"
    assert "校验码不对" in told[2][1]
    assert "手机号码应为 11 位" in told[3][1]
    assert "是不是“锦绣华庭”" in told[4][1]
    assert "没有登记9号楼" in told[5][1]
    assert "可填：户主、配偶" in told[6][1]
    assert told[7] == ("房号", "没有填房号。")
    assert "被存成了数字" in told[8][1]
    assert wrong not in str(list(ImportProblem.objects.values())), "masked"
    with pytest.raises(NotNow):
        running.go(run, at=MONDAY_TEN)
    assert not Resident.objects.exists()


def test_a_number_in_a_column_that_slipped_is_not_repeated(cast: Cast) -> None:
    houses()
    lost, phone = number(2), "12000000002"
    heads = [*HEADS, "社区", "网格", "地址", "出生日期", "性别", "户类型", "入户日期"]
    nothing = dict.fromkeys(heads[len(HEADS) :], "")

    def slipped(head: str, said: str) -> list[Any]:
        cells = dict(zip(heads, [*row(3), *nothing.values()], strict=True)) | {head: said}
        return list(cells.values())

    columns = ["小区", "楼栋", "与户主关系", *nothing]
    rows = [slipped(head, said) for head in columns for said in (lost, phone)]
    rows += [
        slipped("出生日期", "1980-02-30"),
        [*row(4, 小区="", 楼栋="", 房号=""), "", "", f"{phone} {lost}", *[""] * 4],
    ]
    run = checked(xlsx(rows, heads), cast.secretary)
    assert {column for _, column, _ in sentences(run)} >= set(columns)
    kept = str(list(ImportProblem.objects.values_list("cell", "sentence", "column")))
    assert (lost in kept, phone in kept, lost[:17] in kept) == (False, False, False)
    told = {n: (cell, sentence) for n, cell, sentence in run.problems.values_list("number", "cell", "sentence")}
    assert told[2 * len(columns) + 2] == ("1980-**-**", "没有“1980-**-**”这一天，请核对。")


def test_a_household_gets_no_second_head(cast: Cast) -> None:
    household = home(cast, "501")
    lives(cast, household, "王秀英", id_number=number(2))
    known = "一户只能有一位户主；如已换户主，请先在户页面上更改。"
    alone = checked(xlsx([row(4, name="赵陌生")]), cast.secretary)
    assert sentences(alone) == [(2, "与户主关系", f"这一户（{household.number}）已登记了户主，{known}")]
    running.let_go(alone, at=MONDAY_TEN)

    both = checked(
        xlsx([row(4, name="赵陌生"), row(2, name="王秀英"), row(3, name="李建国", relation="配偶")]), cast.secretary
    )
    assert {n for n, _, _ in sentences(both)} == {2}, "the stranger's row, not that of the head on record"
    assert "与第 3 行在同一户" in str(sentences(both))
    running.let_go(both, at=MONDAY_TEN)

    lives(cast, household, "李建国", relation="spouse")
    workflow.move_out(household.members().get(relation="head"), key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    brought(xlsx([row(4, name="赵陌生")]), cast.secretary)
    assert household.members().get(relation="head").name == "赵陌生"


def test_a_head_who_comes_between_dry_run_and_import_stops_it(cast: Cast) -> None:
    household = home(cast, "501")
    run = checked(xlsx([row(4, name="赵陌生")]), cast.secretary)
    lives(cast, household, "王秀英", id_number=number(2))
    running.go(run, at=MONDAY_TEN)
    worked(run)
    assert (run.state, "已登记了户主" in run.problem) == (State.FAILED, True)


def test_twins_are_found_in_the_file_and_in_the_city(cast: Cast) -> None:
    lives(cast, home(cast, "401"), "王秀英", id_number=number(2))
    rows = [row(2), row(3, room="502"), row(3, room="503", name="又一个"), row(4, room="504"), row(5, room="504")]
    run = checked(xlsx(rows), cast.secretary)
    told = {n: sentence for n, _, sentence in sentences(run)}
    assert "已登记在另一户（H" in told[2]
    assert told[4] == "与第 3 行的证件号码相同，请核对是不是同一个人。"
    assert told[6] == "与第 5 行在同一户，一户只能有一位户主。"
    assert set(told) == {2, 4, 6}


def test_a_community_with_a_mistake_waits_while_the_others_come_in(cast: Cast) -> None:
    houses()
    houses("370783001902")
    heads = ["社区", *HEADS]
    rows = [["向阳社区", *row(2)], ["学院社区", *row(3)], ["学院社区", *row(4, room="502", 姓名="")]]
    street = "370783001"
    run = brought(xlsx(rows, heads), cast.street, place=street, manner=COMMUNITY)
    assert (run.state, run.settled) == (State.DONE, [XIANGYANG])
    assert Resident.objects.get().id_number == number(2)
    whole = checked(xlsx(rows, heads), cast.street, place=street)
    assert running.ready(whole) == []


def test_csv_of_any_old_program(cast: Cast) -> None:
    houses()
    for n, encoding in enumerate(("gbk", "utf-8", "utf-8-sig", "utf-16"), 1):
        run = checked(text([row(n, room=f"50{n}")], encoding), cast.secretary, name="户情.csv")
        assert (run.state, run.bad, run.counts["people"]) == (State.CHECKED, 0, 1), encoding
        running.let_go(run, at=MONDAY_TEN)


def test_merged_cells_titles_formulas_and_one_cell_addresses(cast: Cast) -> None:
    houses()
    heads = ["地址", "姓名", "身份证号", "民族"]
    rows: list[list[Any]] = [
        ["圣城街道向阳社区锦绣华庭3号楼2单元501室", "王秀英", number(2).lower(), "汉族"],
        [None, "李建国", number(3), None],
        ["锦绣华庭3-2-502", "赵丽", "", "=1+1"],
    ]
    title: Any = ["向阳社区居民信息表", None, None, None]
    run = checked(xlsx([heads, *rows], title, merged=["A1:D1", "A3:A4"]), cast.secretary)
    assert [(n, sentence[:7]) for n, _, sentence in sentences(run)] == [(5, "这一格是公式，")]
    rows[2][3] = "满族"
    brought(xlsx([heads, *rows], title, merged=["A1:D1", "A3:A4"]), cast.secretary)
    assert sorted(Dwelling.objects.values_list("address", flat=True)) == [
        "锦绣华庭3号楼2单元501",
        "锦绣华庭3号楼2单元502",
    ]
    assert Household.objects.get(dwelling__room="501").members().count() == 2


def test_missing_buildings_are_made_when_asked(cast: Cast) -> None:
    run = brought(xlsx([row(2, 小区="新小区", 楼栋="12栋")]), cast.secretary, makes_buildings=True)
    assert run.state == State.DONE
    built = Building.objects.get(name="12号楼")
    assert (built.number, built.compound.community_id, built.compound.name) == (12, XIANGYANG, "新小区")
    assert Dwelling.objects.get().place_id == XIANGYANG, "nobody knows the grid yet: the coverage report tells"


def test_what_changes_between_dry_run_and_import_stops_it(cast: Cast) -> None:
    houses()
    run = checked(xlsx(FAMILY), cast.secretary)
    lives(cast, home(cast, "777"), "王秀英", id_number=number(2))
    running.go(run, at=MONDAY_TEN)
    claimed = running.claim(MONDAY_TEN)
    assert claimed is not None
    running.work(claimed)
    run.refresh_from_db()
    assert (run.state, "检查以后情况有变" in run.problem) == (State.FAILED, True)
    assert Resident.objects.count() == 1


def test_only_who_answers_for_the_place_brings_homes_in(cast: Cast) -> None:
    for stranger in (cast.worker, cast.operator, cast.admin, cast.auditor, cast.leader):
        with pytest.raises(PermissionDenied):
            checked(xlsx(FAMILY), stranger)
        assert not Import.objects.visible_to(stranger).exists()


def test_a_flood_of_bad_rows_is_counted_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grids.importing.staging.MOST_PROBLEMS", 100)
    run = checked(text([row(2, 姓名="", 房号="")] * 3000), cast.secretary, name="坏.csv")
    assert (run.bad, run.problems_found, ImportProblem.objects.count()) == (3000, 6000, 100)


def test_a_crew_of_two_finds_what_one_finds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grids.importing.crew.WORTH_A_CREW", 1)
    houses()
    run = brought(xlsx(FAMILY), cast.secretary)
    assert (run.state, Resident.objects.count()) == (State.DONE, 3)


def test_without_the_key_nothing_is_brought_in_and_nothing_is_lost(
    cast: Cast, settings: Settings, folder: Path
) -> None:
    houses()
    run = uploaded(xlsx(FAMILY), cast.secretary)
    running.check(run, mapping=run.mapping, manner=Import.Manner.FILE, makes_buildings=False, at=MONDAY_TEN)
    settings.DEMO, settings.SEALING_KEY_FILE = False, folder.parent / "lost.json"
    worked(run)
    assert (run.state, "密钥文件" in run.problem) == (State.FAILED, True)
    assert run.file.is_file(), "to be checked again when the key is back"
    assert not ImportLine.objects.exists()


@pytest.mark.parametrize(
    "said",
    ["1990-01-02", "1990/1/2", "1990.1.2", "19900102", "1990年1月2日", "1990-01-02 00:00:00", "32875", "32875.0",
     "１９９０－０１－０２", "13/1/1990", date(1990, 1, 2), 32875.0],
)  # fmt: skip
def test_a_day_in_many_shapes(said: Any) -> None:
    on = cells.day(said)
    assert on == (date(1990, 1, 13) if said == "13/1/1990" else date(1990, 1, 2))


@pytest.mark.parametrize("said", ["2/1/1990", "1990-02-30", "明天", "90", "3000-01-01"])
def test_what_is_no_day_is_told(said: str) -> None:
    with pytest.raises(cells.NotADay):
        cells.day(said)


def test_old_numbers_grow_and_months_are_enough(cast: Cast) -> None:
    houses()
    heads = [*HEADS, "出生年月"]
    rows = [[*row(2, 身份证号="990101900102002"), "1990年1月"], [*row(4, room="502", 身份证号=""), "1990.5"]]
    run = brought(xlsx(rows, heads), cast.secretary)
    assert [sentence for _, _, sentence in sentences(run)] == ["15 位旧号码，已按规则换成 18 位。"]
    assert Resident.objects.numbered(number(2)).get().sex == "female"
    assert Resident.objects.get(id_fingerprint=None).born_on == date(1990, 5, 1)
