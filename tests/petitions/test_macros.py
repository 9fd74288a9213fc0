"""A program inside of an office file is refused, whatever the file is called."""

import struct

import pytest
from django.core.exceptions import ValidationError

from petitions import attachments
from petitions.macros import VBA_INFO
from tests.petitions.compound import compound
from tests.petitions.test_attachments import TYPES, file, package

SLIDES = "PowerPoint Document"


def slides(macros: int) -> bytes:
    record = VBA_INFO + struct.pack("<III", 7, macros, 2)
    return compound("Current User", **{SLIDES: b"\x0f\x00\xe8\x03\x20\x00\x00\x00" + record})


def typed(kind: str) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="application/{kind}"/></Types>'
    return package("word/document.xml", types=types.encode())


WITH_MACROS = [
    ("通知.doc", compound("WordDocument", "Macros/VBA/_VBA_PROJECT", "Macros/VBA/dir", "Macros/PROJECT")),
    ("名单.xls", compound("Workbook", "_VBA_PROJECT_CUR/VBA/_VBA_PROJECT", "_VBA_PROJECT_CUR/PROJECT")),
    ("夹带.doc", compound("WordDocument", "ObjectPool/_1/_VBA_PROJECT_CUR/VBA/dir")),
    ("说明.wps", compound("WordDocument", "macros/vba/dir")),
    ("汇报.ppt", slides(1)),
    ("带宏.docx", package("word/document.xml", "word/vbaProject.bin")),
    ("改名.docx", typed("vnd.ms-word.document.macroEnabled.main+xml")),
    ("换名.docx", typed("vnd.ms-office.vbaProject")),
]


@pytest.mark.parametrize(("name", "content"), WITH_MACROS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_with_macros_is_refused_with_what_to_do(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError, match=f"“{name}”含有宏，可能带病毒，请另存为不含宏的文件或 PDF 后上传。"):
        attachments.check(file(name, content))


HARMLESS = [
    ("通知.doc", compound("WordDocument", "1Table")),
    ("名单.xls", compound("Workbook", "ObjectPool/_1/Contents")),
    ("汇报.ppt", slides(0)),
    ("说明.docx", typed("vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")),
]


@pytest.mark.parametrize(("name", "content"), HARMLESS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_without_them_is_taken(name: str, content: bytes) -> None:
    assert attachments.check(file(name, content))


WORD = compound("WordDocument")
BROKEN = [
    ("断了.doc", WORD[:700]),
    ("空壳.doc", WORD[:8] + b"\0" * 600),
    ("没有目录.doc", WORD[:48] + b"\xff\xff\xff\x7f" + WORD[52:]),
    ("没有类型.docx", package("word/document.xml", types=b"")),
    ("类型太长.docx", package("word/document.xml", types=TYPES + b" " * 2 * attachments.MEGABYTE)),
]


@pytest.mark.parametrize(("name", "content"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_be_looked_into_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError, match="内容与扩展名不符，或文件已损坏"):
        attachments.check(file(name, content))
