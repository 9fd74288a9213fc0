"""What stands in a cell of somebody's spreadsheet, as words or as a day. Pure."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None

EXCEL_ZERO = date(1899, 12, 30)
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
FIRST_SERIAL, LAST_SERIAL = 3_654, 73_050  # of 1910-01-01 and 2099-12-31; smaller numbers are years or nothing
FULL = re.compile(r"((?:18|19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d.*)?")
MONTH = re.compile(r"((?:18|19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?")
RUN_ON = re.compile(r"((?:18|19|20)\d{2})(\d{2})(\d{2})?(?:\.0)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:18|19|20)\d{2})")
SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
YES, NO = (
    {"是", "有", "1", "y", "yes", "true", "√", "对", "已参加", "参加"},
    {"否", "无", "0", "n", "no", "false", "×", "未参加"},
)
WELL = {"健康", "良好", "健康或良好", "身体健康", "身体良好", "好", "正常"}  # GB/T 2261.3, and as people write it
NOTHING = {"", "-", "--", "—", "/", "无", "N/A", "n/a", "NA", "null", "NULL", "None"}
PADDING = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")

PARTED = re.compile(r"[、,;\n]")


class NotADay(ValueError):
    """Says in a Chinese sentence why this is no day."""


def words(cell: Cell) -> str:
    """`3.0` → `3`, full width → half width, no spaces around; a number too long to be exact stays as Excel shows it."""
    if isinstance(cell, str):
        text = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
        return text.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if abs(cell) >= 1e16:  # of eighteen digits, Excel has kept fifteen
            return f"{cell:.5E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def name(cell: Cell) -> str:
    """`李  静` → `李静`: short names are stretched so, to stand in line; between words in letters a space stays."""
    return PADDING.sub("", words(cell))


def parts(text: str) -> list[str]:
    """`独居、残疾` → both; what says that there is nothing is an empty part, so that the others keep their places."""
    said = [part.strip() for part in PARTED.split(text)]
    return ["" if part in NOTHING else part for part in said] if any(said) else []


def day(cell: Cell) -> date | None:
    """Ten shapes of a date; of a month alone, its first day. Raises NotADay, also where October may have lost its 0."""
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    text = words(cell)
    if text in NOTHING:
        return None
    if isinstance(cell, float) and (october := MONTH.fullmatch(text)) and october[2] == "1":
        raise NotADay(f"“{text}”分不清是 1 月还是 10 月，请把这一列设为文本，写成“1990-10”。")
    if found := FULL.fullmatch(text) or RUN_ON.fullmatch(text) or MONTH.fullmatch(text):
        year, month, *of_month = (int(part) for part in found.groups() if part)
        return _day(year, month, of_month[0] if of_month else 1, text)
    if found := DAY_FIRST.fullmatch(text):
        one, two, year = map(int, found.groups())
        if one != two and one <= 12 and two <= 12:
            raise NotADay(f"“{text}”分不清哪个是月、哪个是日，请写成“1990-01-02”。")
        month, day_of_month = (one, two) if one <= 12 else (two, one)
        return _day(year, month, day_of_month, text)
    if SERIAL.fullmatch(text) and FIRST_SERIAL <= float(text) <= LAST_SERIAL:
        return EXCEL_ZERO + timedelta(days=int(float(text)))
    raise NotADay(f"“{text[:20]}”不是日期，请写成“1990-01-02”。")


def yes(text: str) -> bool | None:
    """None for what is neither; raises ValueError with nothing to say."""
    if text in NOTHING - {"无"}:
        return None
    lower = text.lower()
    if lower in YES or lower in NO:
        return lower in YES
    raise ValueError


def _day(year: int, month: int, of_month: int, text: str) -> date:
    try:
        return _plausible(date(year, month, of_month))
    except ValueError as error:
        if isinstance(error, NotADay):
            raise
        raise NotADay(f"没有“{text[:20]}”这一天，请核对。") from None


def _plausible(on: date) -> date:
    if not EARLIEST <= on <= LATEST:
        raise NotADay(f"{on:%Y-%m-%d} 不在 1900 年至 2099 年之间，请核对。")
    return on
