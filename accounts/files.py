"""What people upload: looked into before it is kept, under a name of our own, and gone again when its row is."""

import unicodedata
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

import puremagic
from cryptography.hazmat.primitives import hashes
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile

from accounts import macros

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
HEAD = 4096  # bytes that tell a file's kind

# What an office file may say it unpacks to. It is never unpacked here, but by whoever opens it.
ENTRIES, UNPACKED, PACKED_TIGHTER_THAN = 5000, 300 * MEGABYTE, 200

OPENXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    content_type: str
    looks_like: frozenset[str]  # as puremagic names what it sees
    folder: str = ""  # of an OOXML package, where its main part lies


def _kind(content_type: str, *looks_like: str, folder: str = "") -> Kind:
    return Kind(content_type, frozenset(looks_like), folder)


OLE = (".doc", ".xls", ".ppt")  # one container, told apart by its name alone
KINDS = {
    ".jpg": _kind("image/jpeg", ".jpg"),
    ".jpeg": _kind("image/jpeg", ".jpg"),
    ".png": _kind("image/png", ".png"),
    ".gif": _kind("image/gif", ".gif"),
    ".webp": _kind("image/webp", ".webp"),
    ".heic": _kind("image/heic", ".heic", ".heif"),
    ".pdf": _kind("application/pdf", ".pdf"),
    ".doc": _kind("application/msword", *OLE),
    ".xls": _kind("application/vnd.ms-excel", *OLE),
    ".ppt": _kind("application/vnd.ms-powerpoint", *OLE),
    ".wps": _kind("application/vnd.ms-works", *OLE),
    ".et": _kind("application/vnd.ms-excel", *OLE),
    ".dps": _kind("application/vnd.ms-powerpoint", *OLE),
    ".docx": _kind(f"{OPENXML}.wordprocessingml.document", ".docx", folder="word/"),
    ".xlsx": _kind(f"{OPENXML}.spreadsheetml.sheet", ".xlsx", folder="xl/"),
    ".pptx": _kind(f"{OPENXML}.presentationml.presentation", ".pptx", folder="ppt/"),
}
ACCEPT = ",".join(KINDS)


def check(file: UploadedFile) -> Kind:
    """What kind of file it is by its content. Raises ValidationError with a sentence that names the file."""
    name = file.name or ""
    if problem := _problem_with_name(name) or _problem_with_size(file):
        raise ValidationError(f"“{name[:60]}”{problem}")
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise ValidationError(f"“{name}”的类型不能上传，只收图片、PDF 和 Word、Excel、PPT、WPS 文件。")
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    try:
        if not kind.looks_like & _looks(head):
            raise macros.Unreadable
        if _has_macros(file, kind):
            raise ValidationError(f"“{name}”含有宏，可能带病毒，请另存为不含宏的文件或 PDF 后上传。")
    except macros.Unreadable:
        raise ValidationError(f"“{name}”的内容与扩展名不符，或文件已损坏、已加密，请核对后重新上传。") from None
    return kind


@contextmanager
def gone_if_undone() -> Iterator[list[FieldFile]]:
    """Stands around a transaction: the files of rows that are rolled back are removed with them."""
    written: list[FieldFile] = []
    try:
        yield written
    except BaseException:
        for file in written:
            file.storage.delete(str(file.name))
        raise


def write(kept: FieldFile, file: UploadedFile, written: list[FieldFile]) -> None:
    """Noted before it is written: half a file must go as well."""
    written.append(kept)
    kept.storage.save(str(kept.name), file)


def digest(file: UploadedFile) -> str:
    sm3 = hashes.Hash(hashes.SM3())
    for chunk in file.chunks():
        sm3.update(chunk)
    file.seek(0)
    return sm3.finalize().hex()


def stored_name(at: datetime, name: str) -> str:
    """Never the name a user chose: a random one, in a folder per month."""
    return f"{at:%Y/%m}/{uuid.uuid4().hex}{PurePosixPath(name).suffix.lower()[:8]}"


def display_name(name: str) -> str:
    """At most 120 characters, and the extension stays."""
    path = PurePosixPath(unicodedata.normalize("NFC", name))
    return path.stem[: 120 - len(path.suffix)] + path.suffix


def _problem_with_name(name: str) -> str:
    # Cf holds the marks that turn the reading direction: “photo\u202egpj.exe” reads as “photoexe.jpg”.
    hidden = any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} for character in name)
    return "的文件名含有看不见的字符，请改名后重新上传。" if hidden else ""


def _problem_with_size(file: UploadedFile) -> str:
    if not file.size:
        return "是空文件，请核对后重新上传。"
    if file.size > LARGEST:
        return f"有 {file.size / MEGABYTE:.1f} MB，超过了 {LARGEST // MEGABYTE} MB。"
    return ""


def _looks(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _has_macros(file: UploadedFile, kind: Kind) -> bool:
    """Raises Unreadable when it is no office file of this kind after all."""
    if kind.looks_like == frozenset(OLE):
        return macros.in_old_file(file)
    if not kind.folder:
        return False
    try:
        with zipfile.ZipFile(file) as package:
            if not _is_office_package(package.infolist(), kind, file.size or 0):
                raise macros.Unreadable
            return macros.in_package(package)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as problem:
        raise macros.Unreadable from problem
    finally:
        file.seek(0)


def _is_office_package(entries: list[zipfile.ZipInfo], kind: Kind, size: int) -> bool:
    """By its list of contents, before anything is unpacked."""
    return (
        any(entry.filename.startswith(kind.folder) for entry in entries)
        and len(entries) <= ENTRIES
        and sum(entry.file_size for entry in entries) <= min(UNPACKED, max(10 * MEGABYTE, PACKED_TIGHTER_THAN * size))
    )
