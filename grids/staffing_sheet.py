"""The matrix as an Excel sheet: one row per grid, as the page shows it."""

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from accounts.listings import Cell, Column, Found, Listing, listed
from accounts.models import User
from grids import matrix
from grids.models import CITY_CODE, Place

NOTE = "姓名后的括号为此人现任同一职责的网格数；“空缺”为没有人。"


def find(user: User, asked: QueryDict, at: datetime) -> Found:
    on, gaps = timezone.localdate(at), matrix.asked_gaps(asked.get("gaps", ""))
    code = asked.get("place", "")
    place = Place.objects.only("code", "name").filter(pk=code).exclude(kind=Place.Kind.GRID).first()
    rows = matrix.rows(matrix.grids_in(place.code if place else CITY_CODE, on, gaps), on)
    line = "条线" if gaps == matrix.ANY else gaps
    said = f"{place or '寿光市'}{f'；只列{line}有空缺的网格' if gaps else ''}"
    return listed(rows, _line, said)


def _line(row: matrix.Row) -> tuple[Cell, ...]:
    held = ("、".join(map(str, people)) or "空缺" for _, people in row.cells)
    return (row.grid.code, row.grid.name, str(row.grid.parent), *held, row.assistants)


LISTS = (
    Listing(
        "grid_matrix",
        "网格责任人矩阵",
        (
            *(Column("网格编码", 18), Column("网格", 18), Column("社区", 14)),
            *(Column(name, 18) for _, name in matrix.COLUMNS),
            Column("网格协管员（人）", 12),
        ),
        find,
        note=NOTE,
    ),
)
