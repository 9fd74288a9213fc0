"""Is a program inside of an office file? Its list of contents tells; nothing is run, and hardly anything unpacked."""

import struct
import zipfile
import zlib
from typing import IO

import olefile

# Word keeps its macros in `Macros/VBA`, Excel in `_VBA_PROJECT_CUR/VBA`; both hold the stream `_VBA_PROJECT`.
PROJECT = {"vba", "_vba_project"}
# Excel's macros of before VBA are sheets of their own, named in the list of sheets ([MS-XLS] 2.4.28); each sheet says
# so once more where it begins (2.4.21). Excel 5 called the stream `Book`.
BOOKS = {"workbook", "book"}
BEGIN, END, SHEET, LOCKED = 0x0809, 0x000A, 0x0085, 0x002F
LISTED_AS, BEGINS_AS = {1, 6}, {0x0040, 0x0006}  # a sheet of macros, a module of Visual Basic
RECORDS_AT_MOST = 200_000  # before the list of sheets ends; an honest file has a few thousand
# PowerPoint hides the storage inside of its one stream, and says there whether it holds macros ([MS-PPT] 2.4.11).
SLIDES = "PowerPoint Document"
VBA_INFO = bytes.fromhex("1f00ff0314000000020000040c000000")
TYPES = "[Content_Types].xml"
TYPES_AT_MOST = 1024 * 1024  # bytes; an honest list of types has a few thousand


class Unreadable(ValueError):
    """No file of this kind, damaged, or locked with a password."""


def in_old_file(file: IO[bytes]) -> bool:
    """Of the compound files of Word, Excel and PowerPoint up to 2003, and of WPS."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as compound:
            paths = compound.listdir(storages=True)
            if any(path[-1].lower() in PROJECT for path in paths):
                return True
            for path in paths:
                if path[-1].lower() in BOOKS and compound.get_type(path) == olefile.STGTY_STREAM:
                    with compound.openstream(path) as book:
                        if _has_macro_sheets(book.read()):
                            return True
            if not compound.exists(SLIDES):
                return False
            with compound.openstream(SLIDES) as slides:
                return _says_macros(slides.read())
    except (OSError, ValueError, IndexError, RecursionError, struct.error) as problem:  # olefile's own are OSErrors
        raise Unreadable from problem
    finally:
        file.seek(0)


def in_package(package: zipfile.ZipFile) -> bool:
    """Of the zipped files since 2007; whatever a part is called, its type says what it is."""
    try:
        with package.open(TYPES) as part:
            types = part.read(TYPES_AT_MOST + 1)
    except (KeyError, OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as problem:
        raise Unreadable from problem
    if len(types) > TYPES_AT_MOST:
        raise Unreadable
    said = types.replace(b"\0", b"").lower()  # readable in UTF-16 as well
    named = any(name.lower().endswith("vbaproject.bin") for name in package.namelist())
    return named or any(word in said for word in (b"vbaproject", b"macroenabled", b"macrosheet"))


def _has_macro_sheets(book: bytes) -> bool:
    """Raises Unreadable when it is locked: then nobody can look."""
    at, sheets = 0, []
    for n in range(RECORDS_AT_MOST):
        kind, size = struct.unpack_from("<HH", book, at)
        if n == 0 and kind != BEGIN:
            return False  # no workbook, whatever it is called: Excel opens no such stream
        if kind == LOCKED:
            raise Unreadable
        if kind == SHEET:
            sheets.append(struct.unpack_from("<IBB", book, at + 4))
        if kind == END:
            return any(listed in LISTED_AS or _begins_as(book, where) in BEGINS_AS for where, _, listed in sheets)
        at += 4 + size
    raise Unreadable


def _begins_as(book: bytes, where: int) -> int:
    kind, _, _, sheet = struct.unpack_from("<HHHH", book, where)
    return int(sheet) if kind == BEGIN else 0


def _says_macros(stream: bytes) -> bool:
    """The record holds the number of the storage, four bytes, and after it whether there are macros."""
    parts = stream.split(VBA_INFO)[1:]
    return any(int.from_bytes(part[4:8], "little") for part in parts)
