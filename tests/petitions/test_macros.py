"""A program inside of an office file is refused, whatever the file is called."""

import struct
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts import files
from accounts.macros import VBA_INFO
from tests.petitions.compound import compound
from tests.petitions.test_attachments import TYPES, file, package

SLIDES = "PowerPoint Document"


def slides(macros: int) -> bytes:
    record = VBA_INFO + struct.pack("<III", 7, macros, 2)
    return compound("Current User", **{SLIDES: b"\x0f\x00\xe8\x03\x20\x00\x00\x00" + record})


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def book(*, listed: int = 0, begins: int = 0x0010, locked: bool = False) -> bytes:
    """A workbook of one sheet: how its list of sheets calls it, and how the sheet itself begins."""
    begin = record(0x0809, struct.pack("<HH12x", 0x0600, 0x0005)) + (record(0x002F, b"\0" * 6) if locked else b"")
    where = len(begin) + 4 + 14 + 4
    sheet = record(0x0085, struct.pack("<IBBBB", where, 2, listed, 6, 0) + b"Macro1")
    return begin + sheet + record(0x000A) + record(0x0809, struct.pack("<HH12x", 0x0600, begins)) + record(0x000A)


def sheets(**said: Any) -> bytes:
    return compound("SummaryInformation", Workbook=book(**said))


def typed(kind: str) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="application/{kind}"/></Types>'
    return package("word/document.xml", types=types.encode())


WITH_MACROS = [
    ("通知.doc", compound("WordDocument", "Macros/VBA/_VBA_PROJECT", "Macros/VBA/dir", "Macros/PROJECT")),
    ("名单.xls", compound("Workbook", "_VBA_PROJECT_CUR/VBA/_VBA_PROJECT", "_VBA_PROJECT_CUR/PROJECT")),
    ("夹带.doc", compound("WordDocument", "ObjectPool/_1/_VBA_PROJECT_CUR/VBA/dir")),
    ("说明.wps", compound("WordDocument", "macros/vba/dir")),
    ("汇报.ppt", slides(1)),
    ("宏表.xls", sheets(listed=1)),
    ("宏表.et", sheets(listed=1)),
    ("谎报.xls", sheets(begins=0x0040)),
    ("五版.xls", compound(Book=book(listed=6))),
    ("夹带宏表.doc", compound("WordDocument", **{"ObjectPool/_1/Workbook": book(listed=1)})),
    ("宏表.xlsx", package("xl/workbook.xml", types=b"application/vnd.ms-excel.macrosheet+xml")),
    ("带宏.docx", package("word/document.xml", "word/vbaProject.bin")),
    ("改名.docx", typed("vnd.ms-word.document.macroEnabled.main+xml")),
    ("换名.docx", typed("vnd.ms-office.vbaProject")),
]


@pytest.mark.parametrize(("name", "content"), WITH_MACROS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_with_macros_is_refused_with_what_to_do(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError, match=f"“{name}”含有宏，可能带病毒，请另存为不含宏的文件或 PDF 后上传。"):
        files.check(file(name, content))


HARMLESS = [
    ("通知.doc", compound("WordDocument", "1Table")),
    ("名单.xls", compound("ObjectPool/_1/Contents", Workbook=book())),
    ("图表.xls", sheets(listed=2, begins=0x0020)),
    ("不是表.doc", compound("WordDocument", "ObjectPool/_1/Book")),
    ("汇报.ppt", slides(0)),
    ("说明.docx", typed("vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")),
]


@pytest.mark.parametrize(("name", "content"), HARMLESS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_without_them_is_taken(name: str, content: bytes) -> None:
    assert files.check(file(name, content))


WORD = compound("WordDocument")
BROKEN = [
    ("断了.doc", WORD[:700]),
    ("有密码.xls", sheets(locked=True)),
    ("断了.xls", compound(Workbook=record(0x0809, b"\0" * 16) + b"\x01\x00" * 2046 + b"\xff" * 4)),
    ("空壳.doc", WORD[:8] + b"\0" * 600),
    ("没有目录.doc", WORD[:48] + b"\xff\xff\xff\x7f" + WORD[52:]),
    ("没有类型.docx", package("word/document.xml", types=b"")),
    ("类型太长.docx", package("word/document.xml", types=TYPES + b" " * 2 * files.MEGABYTE)),
]


@pytest.mark.parametrize(("name", "content"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_be_looked_into_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError, match="内容与扩展名不符，或文件已损坏"):
        files.check(file(name, content))
