"""Residents brought in per second, sealed and searchable, with their homes, against a bare COPY of the same plain rows.

Ours begins with rows that the dry run has found right, and ends with everything committed: sealing by two processes,
the lines, dwellings, households, first visits, events, residents. What reading and checking the file takes is told, and
what the same import takes where somebody is on record before: the indexes are then kept while it writes.
"""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from stdnum.cn import ric

from accounts.models import User
from accounts.sealing import keyring
from grids.importing import crew, loading, staging
from grids.importing.files import Sheet, open_sheet
from grids.importing.row import Reader
from grids.models import Building, Compound, Import, Place, Resident, VisitRule
from tests.bench.result import Result

RESIDENTS = {"small": 70_000, "full": 350_000}
TURNS = {"small": "ROROOR", "full": "ROR"}
DRY_RUN = 35_000  # of them
DOORS = 60  # of a building: three units of twenty
PER_DOOR = 3.4
HEADS = [
    "社区",
    "小区",
    "楼栋",
    "单元",
    "房号",
    "姓名",
    "与户主关系",
    "性别",
    "出生日期",
    "身份证号",
    "联系电话",
    "民族",
    "户籍地",
    "人户一致",
    "文化程度",
    "婚姻状况",
    "政治面貌",
    "就业状态",
    "工作单位",
    "志愿者",
]
RELATIONS = ("户主", "配偶", "子女", "父母", "其他")
TABLES = (
    "grids_importline, grids_importproblem, grids_import, grids_homeevent, grids_visitclock, grids_resident,"
    " grids_household, grids_dwelling, grids_building, grids_compound"
)
PLAIN = """
DROP TABLE IF EXISTS bench_resident;
CREATE TABLE bench_resident (id bigserial PRIMARY KEY, community text, compound text, building text, unit text,
    room text, name text, relation text, sex text, born_on date, id_number text, phone text, ethnicity text,
    registered_at text, lives_where_registered boolean, education text, marriage text, politics text, employment text,
    workplace text, volunteer boolean);
CREATE UNIQUE INDEX ON bench_resident (id_number);
CREATE INDEX ON bench_resident (name);
CREATE INDEX ON bench_resident (phone);
"""
COLUMNS = (
    "community, compound, building, unit, room, name, relation, sex, born_on, id_number, phone, ethnicity,"
    " registered_at, lives_where_registered, education, marriage, politics, employment, workplace, volunteer"
)


def measure(size: str) -> Result:
    by, count = _by(), RESIDENTS[size]
    rows = list(_rows(count))
    blocks = ["".join("\t".join(map(_plain, row)) + "\n" for row in part).encode() for part in _parts(rows)]
    seconds: dict[str, list[float]] = {"O": [], "R": []}
    steps: dict[str, float] = {}
    for turn in TURNS[size]:
        seconds[turn].append(_copy(blocks) if turn == "R" else _bring_in(rows, by, steps))
        assert turn == "R" or Resident.objects.count() == count
    later = _bring_in_later(rows, by)
    assert Resident.objects.count() == count
    return Result(
        "import",
        "residents/s",
        count / median(seconds["O"]),
        count / median(seconds["R"]),
        "a bare COPY of the same plain rows with three indexes",
        reach=1 / 8,
        notes={
            "residents": f"{count:,}; times the reference: {median(seconds['O']) / median(seconds['R']):.1f}",
            "of which": ", ".join(f"{name} {taken:.1f} s" for name, taken in steps.items()),
            "with somebody on record": f"times the reference: {later / median(seconds['R']):.1f}",
            "before it": _dry_run(rows[:DRY_RUN], by),
        },
    )


def _bring_in(rows: list[list[Any]], by: User, steps: dict[str, float]) -> float:
    run, reader = _fresh(by)
    return _write(run, reader, rows, steps)


def _bring_in_later(rows: list[list[Any]], by: User) -> float:
    """The first person is on record before."""
    run, reader = _fresh(by)
    _write(run, reader, rows[:1], {})
    staging.forget_lines(run)
    return _write(run, reader, rows[1:], {})


def _write(run: Import, reader: Reader, rows: list[list[Any]], steps: dict[str, float]) -> float:
    lines = [_line(reader, number, row) for number, row in enumerate(rows, 2)]
    begun = time.perf_counter()
    for block in crew.sealed_by_crew(run.pk, keyring, _parts(lines), total=len(lines)):
        staging.copy(block)
    steps["sealing and staging"] = time.perf_counter() - begun
    staging.look_over()
    of = sorted(reader.communities.values())
    with transaction.atomic():
        assert not list(staging.judge(run, of, {}, staging.TO_THE_CITY))
        steps["looking for twins"] = time.perf_counter() - begun - steps["sealing and staging"]
        loading.load(run.pk, of, makes_buildings=False, by=run.by, at=timezone.now())
    total = time.perf_counter() - begun
    steps["homes"] = total - steps["sealing and staging"] - steps["looking for twins"]
    return total


def _copy(blocks: list[bytes]) -> float:
    with connection.cursor() as cursor:
        for statement in PLAIN.strip().split(";\n"):
            cursor.execute(statement)
        cursor.execute("CHECKPOINT")
        begun = time.perf_counter()
        with cursor.copy(f"COPY bench_resident ({COLUMNS}) FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)
        return time.perf_counter() - begun


def _dry_run(rows: list[list[Any]], by: User) -> str:
    """Of a real file: xlsx written beforehand, read, checked, sealed, staged, looked up."""
    import xlsxwriter

    path = Path(settings.MEDIA_ROOT) / "bench.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for n, row in enumerate([HEADS, *rows]):
        sheet.write_row(n, 0, row)
    book.close()
    run, _ = _fresh(by)
    begun = time.perf_counter()
    opened: Sheet = open_sheet(path)
    read = time.perf_counter() - begun
    run.mapping = _mapping()
    bad = staging.fill(run, opened, staging.reader_for(run, opened), told=lambda done: None)
    assert not bad, list(run.problems.values_list("sentence", flat=True)[:3])
    path.unlink()
    sealed = time.perf_counter() - begun - read
    return f"of {len(rows):,}: reading the file {read:.1f} s, checking and sealing {sealed:.1f} s"


def _fresh(by: User) -> tuple[Import, Reader]:
    """No homes, the compounds of the city, and an import of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
    communities = Place.objects.of_kind(Place.Kind.COMMUNITY)
    compounds = Compound.objects.bulk_create(Compound(name="锦绣华庭", community=one) for one in communities)
    Building.objects.bulk_create(
        Building(compound=compound, name=f"{n}号楼", number=n) for compound in compounds for n in range(1, 60)
    )
    run = Import.objects.create(
        by=by, place_id="370783", name="全市.xlsx", ending=".xlsx", asked_at=timezone.now(), mapping=_mapping()
    )
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    return run, staging.reader_for(run, Sheet(HEADS, iter(()), 1))


def _line(reader: Reader, number: int, row: list[Any]) -> crew.Line:
    values, problems = crew.check(reader, number, row)
    assert values is not None, problems
    return number, values


def _rows(count: int) -> Iterator[list[Any]]:
    names = [place.name for place in Place.objects.of_kind(Place.Kind.COMMUNITY)]
    for n in range(count):
        door, of_door = int(n / PER_DOOR), n - int(int(n / PER_DOOR) * PER_DOOR)
        building, in_building = divmod(door, DOORS)
        born = date(1940 + n % 80, 1 + n % 12, 1 + n % 28)
        yield [
            names[building % len(names)],
            "锦绣华庭",
            f"{1 + building // len(names)}号楼",
            f"{1 + in_building // 20}单元",
            f"{1 + in_building % 20 // 2}0{1 + in_building % 2}",
            f"{'王李张刘陈杨赵黄'[n % 8]}{chr(0x4E00 + n % 4000)}{chr(0x4E00 + n // 4000)}",
            RELATIONS[min(of_door, 4) if of_door > 0 else 0],
            "男" if n % 2 else "女",
            born.isoformat(),
            _number(n, born),
            f"120{n:08d}",
            "汉族",
            "山东寿光",
            "是",
            "高中或中专",
            "已婚",
            "群众",
            "在职",
            "蔬菜批发市场",
            "否",
        ]


def _number(n: int, born: date) -> str:
    digits = f"99{n // 80 // 999 % 10000:04d}{born:%Y%m%d}{n // 80 % 499 * 2 + n % 2:03d}"
    return digits + ric.calc_check_digit(f"{digits}0")


def _by() -> User:
    for colour, unit in (("red", "week"), ("orange", "month"), ("yellow", "quarter"), ("green", "year")):
        VisitRule.objects.get_or_create(colour=colour, defaults={"unit": unit, "manner": "上门", "who": "户"})
    return User.objects.get_or_create(username="bench-import", defaults={"name": "导入", "password": "!"})[0]


def _mapping() -> dict[str, int]:
    from grids.importing.columns import guesses

    return {name: n for n, name in guesses(HEADS).items()}


def _parts(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[n : n + crew.AT_A_TIME] for n in range(0, len(rows), crew.AT_A_TIME))


def _plain(cell: str) -> str:
    return {"是": "t", "否": "f"}.get(cell, cell)
