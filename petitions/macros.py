"""Is a program inside of an office file? Its list of contents tells; nothing is run, and hardly anything unpacked."""

import struct
import zipfile
import zlib
from typing import IO

import olefile

# Word keeps its macros in `Macros/VBA`, Excel in `_VBA_PROJECT_CUR/VBA`; both hold the stream `_VBA_PROJECT`.
PROJECT = {"vba", "_vba_project"}
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
            if any(path[-1].lower() in PROJECT for path in compound.listdir(storages=True)):
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
    return named or b"vbaproject" in said or b"macroenabled" in said


def _says_macros(stream: bytes) -> bool:
    """The record holds the number of the storage, four bytes, and after it whether there are macros."""
    parts = stream.split(VBA_INFO)[1:]
    return any(int.from_bytes(part[4:8], "little") for part in parts)
