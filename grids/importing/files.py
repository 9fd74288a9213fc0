"""A spreadsheet that somebody uploads: refused with a sentence, or read row by row. Knows no database.

An xlsx file is read by calamine: it is ten times as fast as openpyxl and tells which cells are merged. What it would
unpack, and how wide it would spread in memory, is looked into first: two cells in far corners ask for gigabytes.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import python_calamine

from grids.importing.cells import Cell
from grids.importing.columns import KNOWN, guesses

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
MOST_ROWS = 400_000
MOST_CELLS = 16_000_000  # of the rectangle from the first to the last cell: it is held in memory
UNPACKED, PACKED_TIGHTER_THAN, SMALL = 600 * MEGABYTE, 100, 20 * MEGABYTE
ENTRIES = 2_000
MOST_FORMULAS = 100_000
HEAD_WITHIN = 20  # rows above which the heading is looked for
OF_HOMES = "（如“姓名”“小区”“楼栋”“房号”），可下载模板对照。"
ENDINGS = (".xlsx", ".csv")
OLD_OR_OTHER = {".xls", ".et", ".ods", ".xlsm", ".xlsb", ".wps"}

_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,3})\d')
_FAR_ROW = re.compile(rb' r="[A-Z]{0,3}(\d{5,7})"')
_FORMULA = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b')
_TAIL = 200  # bytes carried over, so that nothing is missed between two pieces
Row = list[Cell]


class Unreadable(ValueError):
    """Says in a Chinese sentence why the file is not taken."""


@dataclass
class Sheet:
    """`rows` can be gone through once; the numbers are those of the file, from 1."""

    heads: list[str]
    rows: Iterator[tuple[int, Row]]
    total: int
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)  # row and column, from 1 and 0
    name: str = ""
    unread: tuple[str, ...] = ()  # other worksheets of the same kind

    @property
    def notice(self) -> str:
        """What whoever brings it should know before anything else; mostly nothing."""
        if not self.unread:
            return ""
        others = "、".join(f"“{name}”" for name in self.unread)
        return f"只读取工作表“{self.name}”，另有 {len(self.unread)} 张没有读取：{others}；请分别另存后上传。"[:200]


def ending_of(name: str, size: int) -> str:
    """`.xlsx` or `.csv`. Raises Unreadable."""
    ending = Path(name).suffix.lower()
    if ending in OLD_OR_OTHER:
        raise Unreadable(f"“{ending}”格式不能直接导入，请在 Excel 或 WPS 里另存为“.xlsx”后再传。")
    if ending not in ENDINGS:
        raise Unreadable("只收 Excel（.xlsx）和 CSV（.csv）文件。")
    if size > LARGEST:
        raise Unreadable(f"文件超过 {LARGEST // MEGABYTE} MB，请按社区分成几份。")
    if not size:
        raise Unreadable("文件是空的，请核对后重新上传。")
    return ending


def open_sheet(path: Path) -> Sheet:
    """Raises Unreadable."""
    sheet = _xlsx(path) if path.suffix == ".xlsx" else _csv(path)
    if sheet.total > MOST_ROWS:
        raise Unreadable(f"一份文件最多 {MOST_ROWS:,} 行，现在有 {sheet.total:,} 行，请分成几份。")
    if not sheet.total:
        raise Unreadable("表头下面没有数据，请核对。")
    return sheet


# --- Excel -------------------------------------------------------------------------------------------


def _xlsx(path: Path) -> Sheet:
    inside = _look_into(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        of_homes = [n for n, one in enumerate(inside) if not one.too_far and _names_columns(book, n)]
        chosen = of_homes[0] if of_homes else 0
        if inside[chosen].too_far:
            raise Unreadable("表格铺得太宽或太长，请删去数据右边和下面的空行空列后再传。")
        sheet = book.get_sheet_by_index(chosen)
        top, left = sheet.start or (0, 0)
        rows: list[Row] = [list(row) for row in sheet.to_python(skip_empty_area=True)]
        merged = sheet.merged_cell_ranges or []
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("文件打不开，可能已损坏或设了密码，请另存为新的 xlsx 文件后再传。") from error
    if left:
        rows = [[None] * left + row for row in rows]
    _fill_merged(rows, merged, top)
    found = _with_heads([(top + 1 + n, row) for n, row in enumerate(rows)], frozenset(inside[chosen].formulas))
    found.name, found.unread = sheet.name, tuple(book.sheet_names[n] for n in of_homes[1:])
    return found


def _names_columns(book: python_calamine.CalamineWorkbook, n: int) -> bool:
    """A heading names several; a sheet of explanations has one to a row."""
    try:
        top = book.get_sheet_by_index(n).to_python(skip_empty_area=True, nrows=HEAD_WITHIN)
    except python_calamine.CalamineError:  # of a sheet that cannot be read nothing is wanted
        return False
    return any(len(guesses(row)) > 1 for row in top)


@dataclass
class _Inside:
    """What a worksheet holds, before it is held in memory."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    columns: int = 26
    last_row: int = 0

    @property
    def too_far(self) -> bool:
        return self.columns * self.last_row > MOST_CELLS

    def look_at(self, text: bytes) -> None:
        self.columns = max([self.columns, *(_column(far) + 1 for far in set(_FAR_COLUMN.findall(text)))])
        self.last_row = max([self.last_row, *map(int, set(_FAR_ROW.findall(text)))])
        if len(self.formulas) < MOST_FORMULAS:
            self.formulas.update((int(row), _column(letters)) for letters, row in _FORMULA.findall(text))


def _look_into(path: Path) -> list[_Inside]:
    """By the order of the worksheets. Every entry is unpacked once, to nowhere: a size may be a lie."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            declared = sum(entry.file_size for entry in entries)
            packed = max(1, path.stat().st_size)
            if len(entries) > ENTRIES or declared > UNPACKED:
                raise Unreadable("文件展开后太大，没有读取。请删去多余的工作表、图片后再传。")
            if declared > SMALL and declared / packed > PACKED_TIGHTER_THAN:
                raise Unreadable("文件的压缩比异常（像是压缩炸弹），没有读取。请重新导出一份。")
            sheets = {name: _Inside() for name in _sheets(package)}
            for entry in entries:
                _unpack(package, entry, sheets.get(entry.filename))
            return list(sheets.values())
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable("这不是完好的 xlsx 文件，可能已损坏、设了密码，或只是改了扩展名。") from error
    except ElementTree.ParseError as error:
        raise Unreadable("文件的内容不完整，请另存为新的 xlsx 文件后再传。") from error


def _sheets(package: zipfile.ZipFile) -> list[str]:
    """The entries of the worksheets, in their order."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    sheets = ElementTree.fromstring(package.read("xl/workbook.xml")).findall(f"{main}sheets/{main}sheet")  # noqa: S314
    rels = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in rels}
    found = [targets.get(sheet.get(relation), "") for sheet in sheets]
    return [target.lstrip("/") if target.startswith("/") else f"xl/{target}" for target in found]


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, sheet: _Inside | None) -> None:
    tail = b""
    with package.open(entry) as stream:
        while piece := stream.read(MEGABYTE):
            if sheet is not None and not sheet.too_far:
                text = tail + piece
                sheet.look_at(text)
                tail = text[-_TAIL:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _fill_merged(rows: list[Row], merged: list[tuple[tuple[int, int], tuple[int, int]]], top: int) -> None:
    """What stands once for several rows stands in each of them: the address of a family, written beside its head."""
    for (first, column), (last, _) in merged:
        first, last = first - top, min(last - top, len(rows) - 1)
        if 0 <= first < last and column < len(rows[first]):
            for row in rows[first + 1 : last + 1]:
                if column < len(row) and row[column] in ("", None):
                    row[column] = rows[first][column]


# --- CSV ---------------------------------------------------------------------------------------------


def _csv(path: Path) -> Sheet:
    return read_csv(decoded(path.read_bytes()))


def read_csv(text: str, known: Mapping[str, str] = KNOWN, such: str = OF_HOMES) -> Sheet:
    """`known` are the headings, `such` names some of them to whoever has none. Raises Unreadable."""
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, known), strict=True)
        return _with_heads([(n, list(row)) for n, row in enumerate(lines, 1)], frozenset(), known, such)
    except csv.Error as error:
        raise Unreadable("CSV 文件的引号不成对，请用 Excel 打开后另存为 xlsx 再传。") from error


def _separator(text: str, known: Mapping[str, str]) -> str:
    """The one by which a row names most columns; a title above may have commas of its own."""
    top = list(islice(io.StringIO(text), HEAD_WITHIN))

    def named(separator: str) -> int:
        return max(len(guesses(row, known)) for row in [[], *csv.reader(top, delimiter=separator)])

    return max(",\t;，", key=named)


def decoded(raw: bytes) -> str:
    """UTF-8 or GB 18030, which holds GBK and GB 2312; with a mark in front or without. Raises Unreadable."""
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件的文字编码认不出来，请另存为 UTF-8 编码（如“CSV UTF-8”）后再传。")


# --- Both --------------------------------------------------------------------------------------------


def _with_heads(
    rows: list[tuple[int, Row]],
    formulas: frozenset[tuple[int, int]],
    known: Mapping[str, str] = KNOWN,
    such: str = OF_HOMES,
) -> Sheet:
    at = _heading(rows, known, such)
    heads = [str(cell or "").strip() for cell in rows[at][1]]
    while heads and not heads[-1]:
        heads.pop()
    del rows[: at + 1]
    while rows and _is_empty(rows[-1][1]):
        rows.pop()
    return Sheet(heads, ((n, row) for n, row in rows if not _is_empty(row)), len(rows), formulas)


def _heading(rows: list[tuple[int, Row]], known: Mapping[str, str], such: str) -> int:
    """The row that names most columns; a title above it is passed over."""
    found = [len(guesses(row, known)) for _, row in rows[:HEAD_WITHIN]]
    if not found or not max(found):
        raise Unreadable(f"前 {HEAD_WITHIN} 行里没有找到表头{such}")
    return found.index(max(found))


def _is_empty(row: Row) -> bool:
    return not any(cell not in ("", None) for cell in row)
