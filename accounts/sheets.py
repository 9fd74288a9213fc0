"""An Excel sheet, row by row: who took it and when stands on top of it, and a cell holds words, never a formula."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from accounts.listings import CHUNK, Cell, Found, Listing
from accounts.models import User

# A cell that starts with “=” stays the words somebody said.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST = 32_767  # characters of a cell; of more, Excel would have none
HEAD = 3  # rows before the first one of the list


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes the list, when and what for: the watermark."""

    by: User
    at: datetime
    purpose: str = ""

    def __str__(self) -> str:
        said = f"导出人：{self.by}（{self.by.username}）　导出时间：{timezone.localtime(self.at):%Y-%m-%d %H:%M}"
        return f"{said}　用途：{self.purpose}" if self.purpose else said


def name_of(title: str, at: datetime) -> str:
    return f"{title}-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"


def write(
    target: Path | IO[bytes],
    listing: Listing,
    found: Found,
    taker: Taker,
    *,
    told: Callable[[int], None] = lambda done: None,
    scratch: Path | None = None,
) -> int:
    """`told` hears every few thousand rows how many are written; `scratch` is where the unpacked half lies."""
    book = xlsxwriter.Workbook(target, OPTIONS | ({"tmpdir": str(scratch)} if scratch else {}))
    sheet = book.add_worksheet(listing.title[:31])
    try:
        _begin(sheet, listing, found, taker, book.add_format({"bold": True, "bottom": 1}))
        done = _fill(sheet, listing, found, book.add_format({"num_format": "0.0%"}), told)
    except BaseException:
        sheet.row_data_fh.close()  # the half of it is not packed: nobody wants it
        raise
    book.close()
    return done


def _begin(sheet: Any, listing: Listing, found: Found, taker: Taker, bold: Any) -> None:
    for n, column in enumerate(listing.columns):
        sheet.set_column(n, n, column.width)
    sheet.write_string(0, 0, f"{taker}　条件：{found.said}"[:LONGEST])
    sheet.write_string(1, 0, f"内部资料，不得外传。{listing.note}")
    for n, column in enumerate(listing.columns):
        sheet.write_string(HEAD - 1, n, column.label, bold)
    sheet.freeze_panes(HEAD, 1)
    _print_with(sheet, taker)


def _fill(sheet: Any, listing: Listing, found: Found, percent: Any, told: Callable[[int], None]) -> int:
    done = 0
    for done, cells in enumerate(found.rows, start=1):
        for n, (column, cell) in enumerate(zip(listing.columns, cells, strict=True)):
            _put(sheet, HEAD - 1 + done, n, cell, percent if column.percent else None)
        if done % CHUNK == 0:
            told(done)
    return done


def _put(sheet: Any, row: int, column: int, cell: Cell, dress: Any) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, cell[:LONGEST])
    elif cell is not None:
        sheet.write_number(row, column, cell, dress)


def _print_with(sheet: Any, taker: Taker) -> None:
    """On paper, too: who took it stands on every page."""
    sheet.repeat_rows(HEAD - 1)
    sheet.set_landscape()
    words = str(taker).replace("&", "＆")[:200]
    sheet.set_footer(f"&L{words}&R第 &P 页，共 &N 页")
