"""Spreadsheets as the communities have them, with people who do not exist."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn import ric

from accounts.models import User
from grids.importing import running
from grids.models import Building, Compound, Import, Place
from tests.cast import MONDAY_TEN, XIANGYANG_1

HEADS = ["小区", "楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号", "联系电话"]
XIANGYANG = XIANGYANG_1[:12]


def number(n: int, born: date = date(1990, 1, 2)) -> str:
    """Of a region that was never assigned; even `n` is a woman."""
    digits = f"990101{born:%Y%m%d}{n:03d}"
    return digits + ric.calc_check_digit(f"{digits}0")


def row(n: int, *, room: str = "501", name: str = "", relation: str = "户主", **said: Any) -> list[Any]:
    cells = {
        "小区": "锦绣华庭",
        "楼栋": "3号楼",
        "单元": "2单元",
        "房号": room,
        "姓名": name or f"王秀{chr(0x4E00 + n)}",
        "与户主关系": relation,
        "身份证号": number(n),
        "联系电话": f"120{n:08d}",
    } | said
    return [cells[head] for head in HEADS]


def xlsx(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS, *, merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for one in [heads, *rows]:
        page.append(list(one))
    for cells in merged:
        page.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", heads: Sequence[str] = HEADS) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([heads, *rows])
    return file.getvalue().encode(encoding)


def houses(place: str = XIANGYANG, *names: str) -> None:
    compound, _ = Compound.objects.get_or_create(name="锦绣华庭", community_id=place)
    for name in names or ("3号楼",):
        Building.objects.get_or_create(compound=compound, name=name, defaults={"number": int(name[0])})


def uploaded(raw: bytes, by: User, *, name: str = "户情.xlsx", place: str = XIANGYANG) -> Import:
    file = SimpleUploadedFile(name, raw)
    return running.receive(file, Place.objects.get(pk=place), token=uuid4(), by=by, at=MONDAY_TEN)


def checked(raw: bytes, by: User, *, name: str = "户情.xlsx", place: str = XIANGYANG, **options: Any) -> Import:
    run = uploaded(raw, by, name=name, place=place)
    said: dict[str, Any] = {"manner": Import.Manner.FILE, "makes_buildings": False} | options
    running.check(run, mapping=run.mapping, at=MONDAY_TEN, **said)
    return worked(run)


def brought(raw: bytes, by: User, **options: Any) -> Import:
    run = checked(raw, by, **options)
    assert run.state == Import.State.CHECKED, run.problem
    running.go(run, at=MONDAY_TEN)
    return worked(run)


def worked(run: Import) -> Import:
    claimed = running.claim(MONDAY_TEN)
    assert claimed is not None
    assert claimed.pk == run.pk
    assert running.work(claimed)
    run.refresh_from_db()
    return run


def sentences(run: Import) -> list[tuple[int, str, str]]:
    return list(run.problems.values_list("number", "column", "sentence"))


def told(answer: Any) -> str:
    """All cells of a sheet that was downloaded."""
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert page is not None
    return str(list(page.iter_rows(values_only=True)))
