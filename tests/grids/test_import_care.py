"""Care out of a spreadsheet: with people who are new, and where people on record lack it; never over what is there."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from accounts.sealing import fingerprints
from grids import workflow
from grids.importing import running
from grids.models import Care, Change, Household, Import, ImportCare, ImportLine, ImportProblem, Resident
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import home, lives, rules, values
from tests.grids.sheets import HEADS, brought, checked, houses, number, row, sentences, worked, xlsx

State = Import.State


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    rules()
    return tmp_path / "imports"


NEEDS = [*HEADS, "致困原因", "低保/特困", "重点关爱类别", "残疾等级", "照料需求", "监护人"]


def test_care_and_hardship_come_in_sealed_as_the_verbs_would_have_written_them(cast: Cast) -> None:
    houses()
    rows = [
        [*row(2), "", "低保", "独居老人、 残疾", "-、二级", "陪同就医", "李建国"],
        [*row(3, relation="配偶"), "因病", "特困", "无", "", "", "-"],
        [*row(4, room="502", 身份证号=""), "否", "无", "80 岁以上", "一级", "", ""],
        [*row(5, room="503"), "", "", "", "", "", ""],
    ]
    run = brought(xlsx(rows, NEEDS), cast.secretary)
    assert (run.state, sentences(run)) == (State.DONE, [])
    assert not ImportCare.objects.exists()
    homes = {home.dwelling.room: (home.hardship, home.welfare) for home in Household.objects.all()}
    assert homes == {"501": ("因病", "低保"), "502": ("", ""), "503": ("", "")}
    cares = Care.objects.order_by("resident__household__dwelling__room", "id")
    assert [(one.category, one.degree, one.need, one.guardian) for one in cares] == [
        ("alone", "", "陪同就医", "李建国"),
        ("disability", "二级", "陪同就医", "李建国"),
        ("over_80", "一级", "", ""),
    ]

    by_hand = home(cast, "601")
    lives(cast, by_hand)
    care = Care(resident=by_hand.members().get(), category="over_80", degree="一级", since=date(2026, 11, 16))
    workflow.add_care(care.resident, care, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    imported = Care.objects.get(resident__household__dwelling__room="502")
    assert values(imported, {"id", "resident"}) == values(care, {"id", "resident"})
    changes = [Change.objects.get(subject="care", row=one.pk) for one in (imported, care)]
    assert values(changes[0], {"id", "household", "row"}) == values(changes[1], {"id", "household", "row"})
    assert changes[0].household == imported.resident.household


LOOKED_AFTER = [*HEADS, "重点关爱类别", "健康状况", "安装的器材", "评估时间"]


def test_health_device_and_assessment_come_with_each_care(cast: Cast) -> None:
    houses()
    rows = [
        [*row(2), "独居、残疾", "高血压、耳背", "跌倒报警器", "2026年3月"],
        [*row(3, relation="配偶"), "空巢", "健康或良好", "-", ""],
        [*row(4, room="502"), "", "良好", "", None],
    ]
    run = brought(xlsx(rows, LOOKED_AFTER), cast.secretary)
    assert (run.state, sentences(run)) == (State.DONE, [])
    cares = Care.objects.order_by("resident__id", "id").values_list("health", "device", "assessed_on")
    assert list(cares) == [
        ("高血压、耳背", "跌倒报警器", date(2026, 3, 1)),
        ("高血压、耳背", "跌倒报警器", date(2026, 3, 1)),
        ("", "", None),
    ]


def test_what_is_wrong_with_health_device_and_assessment_is_told(cast: Cast) -> None:
    houses()
    rows = [
        [*row(2), "独居", "病" * 201, "器" * 61, "去年"],
        [*row(3, room="502"), "独居", "", "", "2098-01-01"],
        [*row(4, room="503"), "", "高血压", "定位手环", "2026-03-01"],
        [*row(5, room="504"), "独居", "精神分裂，耳背", "", ""],
    ]
    run = checked(xlsx(rows, LOOKED_AFTER), cast.secretary)
    told = {(n, column): sentence for n, column, sentence in sentences(run)}
    assert told == {
        (2, "健康状况"): "最多 200 个字，现在有 201 个。",
        (2, "安装的器材"): "最多 60 个字，现在有 61 个。",
        (2, "评估时间"): "“去年”不是日期，请写成“1990-01-02”。",
        (3, "评估时间"): "评估日期在今天以后，请核对。",
        **dict.fromkeys([(4, "健康状况"), (4, "安装的器材"), (4, "评估时间")], "没有填重点关爱类别，这一格不导入。"),
        (5, "健康状况"): "按最小必要的规定，这类健康情况不采集，这一格不导入。",
    }
    assert (run.bad, ImportCare.objects.get().health) == (2, "")
    kept = str(list(ImportProblem.objects.values("cell", "sentence")))
    assert not [words for words in ("病病", "高血压", "精神", "耳背") if words in kept]


def test_care_that_her_age_rules_out_is_remarked_on_and_comes_in(cast: Cast) -> None:
    houses()
    rows = [
        [*row(2, 身份证号=number(2, date(1990, 1, 2))), "独居、80岁以上", "", "", ""],
        [*row(3, room="502", 身份证号=number(3, date(1936, 1, 2))), "80岁以上", "", "", ""],
    ]
    run = checked(xlsx(rows, LOOKED_AFTER), cast.secretary)
    assert sentences(run) == [(2, "重点关爱类别", "按出生日期，此人不到其中一类的年龄；仍照表里写的导入，请核对。")]
    assert (run.bad, ImportCare.objects.count()) == (0, 3)


def test_who_joins_a_home_brings_her_care_and_who_is_on_record_gets_what_she_lacks(cast: Cast) -> None:
    household = home(cast, "501")
    wang = lives(cast, household, "王秀英", id_number=number(2))
    rows = [
        [*row(2), "因病", "低保", "独居", "一级", "", ""],
        [*row(3, name="王秀英", relation="父母"), "因病", "", "空巢", "", "", ""],
    ]
    run = brought(xlsx(rows, NEEDS), cast.secretary)
    mother = household.members().get(relation="parent")
    assert {(one.resident, one.category, one.degree) for one in Care.objects.all()} == {
        (mother, "empty_nest", ""),
        (wang, "alone", "一级"),
    }
    assert sentences(run) == [(2, "重点关爱类别", "此人已在册，补登重点关爱 1 项，其他资料不改动。")]
    assert (run.bad, run.problems_found, run.counts["cares"]) == (0, 0, 1)
    household.refresh_from_db()
    assert household.hardship == ""

    by_hand = Care(category="alone", degree="一级", since=date(2026, 11, 16))
    workflow.add_care(lives(cast, home(cast, "601")), by_hand, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
    imported = wang.cares.get()
    assert values(imported, {"id", "resident"}) == values(by_hand, {"id", "resident"})
    changes = [Change.objects.get(subject="care", row=one.pk) for one in (imported, by_hand)]
    assert values(changes[0], {"id", "household", "row"}) == values(changes[1], {"id", "household", "row"})
    assert changes[0].household == household


def on_record(cast: Cast, *categories: str, **said: Any) -> Resident:
    wang = lives(cast, home(cast, "501"), **said)
    for category in categories:
        care = Care(category=category, degree="一级", since=date(2026, 1, 1))
        workflow.add_care(wang, care, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    return wang


def test_a_care_that_runs_is_left_as_it_is_and_one_that_has_ended_begins_anew(cast: Cast) -> None:
    wang = on_record(cast, "alone", "disability", id_number=number(2))
    over = wang.cares.get(category_fingerprint__in=fingerprints("disability"))
    workflow.end_care(over, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    sheet = xlsx([[*row(2, name="王秀英"), "", "", "独居、残疾", "三级、二级", "陪同就医", ""]], NEEDS)
    run = brought(sheet, cast.secretary)
    assert sentences(run) == [(2, "重点关爱类别", "此人已在册，补登重点关爱 1 项；另有 1 项已登记过，不改动。")]
    running = wang.cares.filter(ended_at=None).order_by("id")
    assert [(one.category, one.degree, one.need) for one in running] == [
        ("alone", "一级", ""),
        ("disability", "二级", "陪同就医"),
    ]
    assert wang.cares.count() == 3

    again = brought(sheet, cast.secretary)
    assert [sentence for _, _, sentence in sentences(again)] == ["此人已在册，表里的重点关爱都已登记过，不改动。"]
    assert (again.state, again.counts["cares"], wang.cares.count()) == (State.DONE, 0, 3)


def test_a_care_that_comes_between_dry_run_and_import_is_not_doubled(cast: Cast) -> None:
    wang = on_record(cast, id_number=number(2))
    run = checked(xlsx([[*row(2, name="王秀英"), "", "", "独居", "二级", "", ""]], NEEDS), cast.secretary)
    assert run.counts["cares"] == 1
    care = Care(category="alone", degree="一级", since=date(2026, 1, 1))
    workflow.add_care(wang, care, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    running.go(run, at=MONDAY_TEN)
    assert worked(run).state == State.DONE
    assert [one.degree for one in wang.cares.all()] == ["一级"]


def test_who_is_known_by_name_alone_gets_care_only_when_nobody_else_can_be_meant(cast: Cast) -> None:
    wang = on_record(cast)
    both = [[*row(n, name="王秀英", relation="其他"), "", "", "独居", "", "", ""] for n in (2, 4)]
    run = brought(xlsx(both, NEEDS), cast.secretary)
    told = "此人已在册，但只按姓名对上，分不清是哪一位；重点关爱没有导入，请在户页面上登记。"
    assert [sentence for _, _, sentence in sentences(run)] == [told, told]
    assert (run.state, run.counts["cares"], wang.cares.count()) == (State.DONE, 0, 0)
    brought(xlsx(both[:1], NEEDS), cast.secretary)
    assert wang.cares.count() == 1

    namesake = lives(cast, wang.household, "王秀英", relation="other")
    run = brought(xlsx([[*both[0][: len(HEADS)], "", "", "空巢", "", "", ""]], NEEDS), cast.secretary)
    assert [sentence for _, _, sentence in sentences(run)] == [told]
    assert (wang.cares.count(), namesake.cares.count()) == (1, 0)


def test_a_line_with_something_wrong_adds_no_care(cast: Cast) -> None:
    """She is on record behind another door: the line waits for somebody to move her, and so does its care."""
    wang = on_record(cast, id_number=number(2))
    run = checked(xlsx([[*row(2, room="502"), "", "", "独居", "", "", ""]], NEEDS), cast.secretary)
    assert [sentence[:12] for _, _, sentence in sentences(run)] == ["此证件号码已登记在另一户"]
    assert (run.bad, run.counts["cares"], run.counts["known"], wang.cares.count()) == (1, 0, 0, 0)


def test_what_is_wrong_with_a_care_is_told_without_repeating_it(cast: Cast) -> None:
    houses()
    rows = [
        [*row(2), "", "", "独居、怪病", "二级", "", ""],
        [*row(3, room="502"), "病" * 201, "", "独居、残疾", "二级", "", ""],
        [*row(4, room="503"), "", "", "", "一级", "", "赵丽"],
        [*row(5, room="504"), "", "", "独居、独居", "级" * 41 + "、", "", "李" * 61],
    ]
    run = checked(xlsx(rows, NEEDS), cast.secretary)
    assert [(n, column, stops) for n, column, stops in run.problems.values_list("number", "column", "stops")] == [
        (2, "残疾等级", True),
        (2, "重点关爱类别", True),
        (3, "致困原因", True),
        (3, "残疾等级", True),
        (4, "残疾等级", False),
        (4, "监护人", False),
        (5, "监护人", True),
        (5, "残疾等级", True),
    ]
    told = {(n, column): sentence for n, column, sentence in sentences(run)}
    assert told[2, "重点关爱类别"].startswith("第 2 类不在可填的内容里，可填：80岁以上、独居、空巢、失能失智、残疾")
    assert told[3, "残疾等级"] == "写了 2 类，等级也请按同样的次序写 2 项，用“、”隔开，没有的写“-”。"
    assert told[4, "监护人"] == "没有填重点关爱类别，这一格不导入。"
    kept = str(list(ImportProblem.objects.values("cell", "sentence")))
    assert not [words for words in ("怪病", "病病", "二级", "一级", "赵丽", "李李") if words in kept]
    assert (run.bad, ImportCare.objects.count()) == (3, 0)


def test_a_cancelled_import_leaves_no_care_behind(cast: Cast) -> None:
    houses()
    run = checked(xlsx([[*row(2), "因病", "", "独居、残疾", "", "", ""]], NEEDS), cast.secretary)
    staged = ImportCare.objects.get(category_fingerprint__in=fingerprints("disability"))
    assert (staged.category, ImportLine.objects.get().hardship) == ("disability", "因病")
    with connection.cursor() as cursor:
        cursor.execute("SELECT category FROM grids_importcare WHERE id = %s", [staged.pk])
        assert b"disability" not in bytes(cursor.fetchone()[0])
    running.let_go(run, at=MONDAY_TEN)
    assert not ImportCare.objects.exists()
