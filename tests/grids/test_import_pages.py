"""The import as its people press it: upload, columns, dry run, report, import; and what its strangers get."""

import io
import re
import zipfile
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.masking import mask_id_number
from accounts.models import Access
from grids.importing import files, samples
from grids.models import Import, ImportProblem, Resident
from tests.cast import Cast
from tests.grids.homes import rules
from tests.grids.sheets import HEADS, XIANGYANG, checked, houses, number, row, text, uploaded, worked, xlsx


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    rules()
    return tmp_path / "imports"


def upload(client: Client, raw: bytes, name: str = "户情.xlsx", place: str = XIANGYANG) -> Any:
    file = SimpleUploadedFile(name, raw)
    return client.post("/homes/import/", {"token": uuid4(), "place": place, "file": file})


def test_from_the_upload_to_homes_on_record(client: Client, cast: Cast) -> None:
    houses()
    client.force_login(cast.secretary)
    heads = [*HEADS[:-1], "手机号", "是否吸毒"]
    answer = upload(client, xlsx([[*row(2)[:-1], "120 0000 0002", "否"], [*row(3, room="")[:-1], "", ""]], heads))
    run = Import.objects.get()
    assert answer.url == f"/homes/import/{run.pk}/"
    page = client.get(answer.url).content.decode()
    assert "按最小必要的规定，这些列不采集，也不会读取：是否吸毒" in page
    mapped = {f"column_{n}": name for name, n in run.mapping.items()}
    assert mapped["column_7"] == "phone"
    assert "column_8" not in mapped
    refused = client.post(f"{answer.url}check/", mapped | {"manner": "file", "column_4": ""})
    assert (refused.status_code, "请指出哪一列是姓名" in refused.content.decode()) == (422, True)
    client.post(f"{answer.url}check/", mapped | {"manner": "file"})
    assert "every 1500ms" in client.get(answer.url).content.decode()
    worked(run)
    assert client.get(f"{answer.url}progress/")["HX-Refresh"] == "true"
    page = client.get(answer.url).content.decode()
    assert "没有填房号" in page
    assert number(2) not in page
    assert client.post(f"{answer.url}go/").status_code == 409

    report: Any = client.get(f"{answer.url}report/")
    page_of_report: Any = openpyxl.load_workbook(io.BytesIO(b"".join(report.streaming_content))).active
    rows = list(page_of_report.iter_rows(values_only=True))
    assert rows[3][:2] == (3, "房号")
    assert "张秀兰（secretary）" in str(rows[0])
    assert Access.objects.get(subject="import_problems").by == cast.secretary

    again = upload(client, xlsx([row(2)]))
    last = Import.objects.latest("pk")
    client.post(f"{again.url}check/", {f"column_{n}": name for name, n in last.mapping.items()} | {"manner": "file"})
    worked(last)
    client.post(f"{again.url}go/")
    worked(last)
    assert "已导入" in client.get(again.url).content.decode()
    assert Resident.objects.get().id_number == number(2)


def test_the_template_is_known_by_its_headings(client: Client, cast: Cast) -> None:
    client.force_login(cast.street)
    answer = client.get("/homes/import/template.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    heads = [str(cell.value) for cell in page[1]]
    run = uploaded(xlsx([["王"] * len(heads)], heads), cast.secretary)
    assert len(run.mapping) == len(heads)
    client.force_login(cast.secretary)
    columns = client.get(f"/homes/import/{run.pk}/").content
    assert len(columns) < 90_000, "of the 100 kB that a page may weigh, also with longer cells"
    assert "<option value=since selected>入户日期" in columns.decode()


@pytest.mark.parametrize("name", ["worker", "gridsecretary", "operator", "leader", "auditor", "admin", "member"])
def test_a_stranger_finds_no_import(client: Client, cast: Cast, name: str) -> None:
    houses()
    run = checked(xlsx([row(2)]), cast.secretary)
    client.force_login(getattr(cast, name))
    for address in ("", f"{run.pk}/", f"{run.pk}/progress/", f"{run.pk}/report/", f"{run.pk}/check/", "template.xlsx"):
        assert client.get(f"/homes/import/{address}").status_code == 404, address
    for press in ("go", "let-go", "check"):
        assert client.post(f"/homes/import/{run.pk}/{press}/").status_code == 404


def test_the_street_sees_the_import_of_its_secretary_and_does_not_press(client: Client, cast: Cast) -> None:
    houses()
    run = checked(xlsx([row(2)]), cast.secretary)
    client.force_login(cast.street)
    assert client.get(f"/homes/import/{run.pk}/").status_code == 200
    assert client.post(f"/homes/import/{run.pk}/go/").status_code == 403
    assert upload(client, xlsx([row(2)]), place="370783003901").status_code == 422


def test_files_that_are_none(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    client.force_login(cast.secretary)
    far = openpyxl.Workbook()
    assert far.active is not None
    far.active["A1"], far.active["XFD1048576"] = "姓名", "x"
    wide = io.BytesIO()
    far.save(wide)
    for name, raw, sentence in (
        ("户情.xlsx", b"PK not a zip", "不是完好的 xlsx"),
        ("户情.xlsx", _bomb(), "压缩比异常"),
        ("户情.xlsx", wide.getvalue(), "铺得太宽或太长"),
        ("户情.xls", b"\xd0\xcf", "另存为“.xlsx”"),
        ("户情.csv", b"", "文件是空的"),
        ("户情.csv", "甲,乙\n1,2\n".encode(), "没有找到表头"),
        ("户情.csv", text([]), "没有数据"),
        ("户情.csv", b"\xff\xff\x81\x20\x00", "编码认不出来"),
    ):
        answer = upload(client, raw, name)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), sentence
    monkeypatch.setattr(files, "LARGEST", 100)
    assert "请按社区分成几份" in upload(client, xlsx([row(2)])).content.decode()
    monkeypatch.undo()
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    assert "最多 1 行" in upload(client, xlsx([row(2), row(3)])).content.decode()
    assert not Import.objects.exists()
    assert not list(folder.iterdir())


def _bomb() -> bytes:
    file = io.BytesIO(xlsx([row(2)]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.png", b"\0" * (30 * files.MEGABYTE))
    return file.getvalue()


def test_the_pages_ask_a_fixed_number_of_questions(client: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    houses()
    client.force_login(cast.secretary)
    run = checked(text([row(n, 姓名="") for n in range(2, 4)]), cast.secretary, name="少.csv")
    many = checked(text([row(n, 姓名="") for n in range(2, 40)]), cast.secretary, name="多.csv")
    client.get("/homes/import/")
    with django_assert_num_queries(7) as asked:
        client.get(f"/homes/import/{run.pk}/")
    with django_assert_num_queries(len(asked)):
        client.get(f"/homes/import/{many.pk}/")


def hint(page: str, head: str) -> str:
    """What stands under the choice for this column."""
    found = re.search(rf'{re.escape(head)}\s*</label>.*?<div class="form-hint"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert found, head
    return found[1]


def test_each_column_shows_what_stands_in_it_and_nobody_is_known_by_it(client: Client, cast: Cast) -> None:
    houses()
    client.force_login(cast.secretary)
    heads = [*HEADS, "出生日期", "子女姓名", "备注", "户口本号", "空列", "算式", "致困原因", "是否吸毒"]
    spare = ["王小丫", "<b>回电</b>13812345678", "37078312345", None, "=1+1", "因病", "是"]
    rows = [
        [*row(2, name="欧阳小明"), date(1990, 1, 2), *spare],
        [None, None, None, None, "李建国", "配偶", number(3), "0536-5221234", "1991年3月", "", "好", *[None] * 5],
        [*row(4, name="王秀英", room="502"), None, *spare],
        [*row(5, name="第四人", room="503"), None, *spare],
    ]
    upload(client, xlsx(rows, heads, merged=["A2:A3", "B2:B3", "C2:C3", "D2:D3"]))
    run = Import.objects.get()
    page = client.get(f"/homes/import/{run.pk}/").content.decode()
    assert {head: hint(page, head) for head in heads if head != "是否吸毒"} == {
        "小区": "如 锦绣华庭",
        "楼栋": "如 3号楼",
        "单元": "如 2单元",
        "房号": "如 501 · 502 · 503",
        "姓名": "如 欧阳** · 李** · 王**",
        "与户主关系": "如 户主 · 配偶",
        "身份证号": f"如 {' · '.join(mask_id_number(number(n)) for n in (2, 3, 4))}",
        "联系电话": "如 120****0002 · *******1234 · 120****0004",
        "出生日期": "如 1990-**-** · 1991年*月",
        "子女姓名": "如 王**",
        "备注": "如 &lt;b&gt;回电&lt;/b&gt;（号码已隐去） · 好",
        "户口本号": "如 （号码已隐去）",
        "空列": "前 200 行没有内容",
        "算式": "前 200 行没有内容",
        "致困原因": "如 ***",
    }
    for words in (number(2), number(3), "12000000002", "5221234", "建国", "秀英", "小丫", "13812345678", "因病"):
        assert words not in page, words
    with connection.cursor() as cursor:
        cursor.execute("SELECT samples FROM grids_import")
        kept = bytes(cursor.fetchone()[0])
    assert len(kept) > 100
    assert "王秀英".encode() not in kept
    assert samples.read(run.samples)[heads.index("是否吸毒")] == []


def test_a_column_is_hidden_as_what_it_is_also_when_it_is_not_brought_in(client: Client, cast: Cast) -> None:
    client.force_login(cast.secretary)
    upload(client, xlsx([[*row(2, name="欧阳小明"), "王小丫"]], [*HEADS, "称呼"]))
    run = Import.objects.get()
    mapped = {f"column_{n}": name for name, n in run.mapping.items()}
    answer = client.post(f"/homes/import/{run.pk}/check/", mapped | {"column_4": "", "column_8": "emergency_contact"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert (hint(page, "姓名"), hint(page, "称呼")) == ("如 欧阳**", "如 王**")


def test_the_samples_go_with_the_file(client: Client, cast: Cast) -> None:
    houses()
    run = checked(xlsx([row(2)]), cast.secretary)
    assert samples.read(run.samples)[0] == ["锦绣华庭"]
    client.force_login(cast.secretary)
    client.post(f"/homes/import/{run.pk}/let-go/")
    run.refresh_from_db()
    assert run.samples == ""


def test_what_was_told_before_sentences_were_masked_is_masked_too(cast: Cast) -> None:
    run = uploaded(xlsx([row(2)]), cast.secretary)
    slipped = ImportProblem.objects.create(run=run, number=2, column="出生日期", sentence=f"“{number(2)}”不是日期。")
    other = ImportProblem.objects.create(run=run, number=3, column="入户", cell="2019-01-02", sentence="第 2 行也是。")
    import_module("grids.migrations.0022_problems_masked").hide(apps, None)
    slipped.refresh_from_db()
    assert slipped.sentence == "“（号码已隐去）”不是日期。"
    other.refresh_from_db()
    assert (other.cell, other.sentence) == ("2019-01-02", "第 2 行也是。")
