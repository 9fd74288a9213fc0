"""Files with a petition: looked into, kept outside the web root, given only to who may see the petition."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import files
from accounts.models import Access
from accounts.notnow import NotNow
from petitions import attachments, workflow
from petitions.models import Attachment, Petition
from tests.cast import Cast, call, known
from tests.petitions.compound import compound
from tests.petitions.forms import FORM, said

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + b"\x00" * 40
EXIF = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + b"\x00" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF"
OLE = compound("WordDocument")
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def package(*names: str, content: bytes = b"<x/>", types: bytes = TYPES) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        if types:
            zipped.writestr("[Content_Types].xml", types)
        for name in names:
            zipped.writestr(name, content)
    return made.getvalue()


DOCX = package("_rels/.rels", "word/document.xml")
XLSX = package("_rels/.rels", "xl/workbook.xml")


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path / "attachments"
    return settings.MEDIA_ROOT


def kept(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()] if store.exists() else []


GOOD = [
    ("现场.png", PNG, "image/png"),
    ("现场.JPG", JPEG, "image/jpeg"),
    ("手机照片.jpeg", EXIF, "image/jpeg"),
    ("扫描件.pdf", PDF, "application/pdf"),
    ("情况说明.docx", DOCX, "wordprocessingml.document"),
    ("名单.xlsx", XLSX, "spreadsheetml.sheet"),
    ("旧文件.doc", OLE, "application/msword"),
    ("旧表.xls", OLE, "application/vnd.ms-excel"),
    ("说明.wps", OLE, "application/vnd.ms-works"),
]


@pytest.mark.parametrize(("name", "content", "kind"), GOOD, ids=[name for name, _, _ in GOOD])
def test_pictures_and_office_files_are_taken(name: str, content: bytes, kind: str) -> None:
    assert files.check(file(name, content)).content_type.endswith(kind)


BAD = [
    ("空.png", b"", "是空文件"),
    ("大.png", PNG + b"\x00" * files.LARGEST, "超过了 10 MB"),
    ("网页.html", b"<html><script>alert(1)</script>", "类型不能上传"),
    ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "类型不能上传"),
    ("程序.exe", b"MZ\x90\x00", "类型不能上传"),
    ("没有扩展名", PNG, "类型不能上传"),
    ("网页.png", b"<html><script>alert(1)</script>", "内容与扩展名不符"),
    ("程序.pdf", b"MZ\x90\x00" + b"\x00" * 100, "内容与扩展名不符"),
    ("图.pdf", PNG, "内容与扩展名不符"),
    ("文档.png", DOCX, "内容与扩展名不符"),
    ("压缩包.docx", package("readme.txt"), "内容与扩展名不符"),
    ("表格.docx", XLSX, "内容与扩展名不符"),
    ("断了.docx", DOCX[:60], "内容与扩展名不符"),
    ("加密.docx", OLE, "内容与扩展名不符"),
    ("乱码.jpg", bytes(range(7, 107)), "内容与扩展名不符"),
    ("翻转\u202egpj.png", PNG, "看不见的字符"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD, ids=[name for name, _, _ in BAD])
def test_other_files_are_refused_by_name(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        files.check(file(name, content))


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    bomb = package("word/document.xml", content=b"\x00" * (60 * files.MEGABYTE))
    assert len(bomb) < files.MEGABYTE
    with pytest.raises(ValidationError, match="内容与扩展名不符"):
        files.check(file("炸弹.docx", bomb))
    crowd = package("word/document.xml", *(f"word/{n}" for n in range(files.ENTRIES)))
    with pytest.raises(ValidationError, match="内容与扩展名不符"):
        files.check(file("太多.docx", crowd))


def test_a_file_comes_with_the_call(operator: Client, store: Path) -> None:
    operator.post(FORM, said(files=[file("../../路灯.png", PNG), file("说明.docx", DOCX)]))
    first, second = Petition.objects.get().attachments.all()
    assert (first.name, second.name) == ("路灯.png", "说明.docx")
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(PNG)
    assert first.sm3 == sm3.finalize().hex()
    assert first.size == len(PNG)
    assert "路灯" not in str(first.file.name)
    assert sorted(path.suffix for path in kept(store)) == [".docx", ".png"]
    assert Petition.objects.get().events.get(action="attach").note == "路灯.png、说明.docx"


def test_a_bad_file_keeps_the_call_on_the_screen(operator: Client, store: Path) -> None:
    answer = operator.post(FORM, said(files=[file("好.png", PNG), file("坏.png", b"GIF?"), file("空.pdf", b"")]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“坏.png”的内容与扩展名不符" in page
    assert "“空.pdf”是空文件" in page
    assert "附件需要重新选择" in page
    assert not Petition.objects.exists()
    assert kept(store) == []


def test_too_many_files_are_refused(operator: Client, cast: Cast) -> None:
    many = [file(f"{n}.png", PNG) for n in range(attachments.AT_ONCE + 1)]
    assert "一次最多上传 10 个文件" in operator.post(FORM, said(files=many)).content.decode()
    petition = call(cast)
    for _ in range(3):
        attachments.attach(petition, [file(f"{n}.png", PNG) for n in range(10)], by=cast.operator)
    with pytest.raises(ValidationError, match="最多 30 个附件"):
        attachments.attach(petition, [file("31.png", PNG)], by=cast.operator)
    assert petition.attachments.count() == 30


def test_a_call_that_fails_leaves_no_file(
    operator: Client, cast: Cast, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(workflow, "answer", fail)
    with pytest.raises(RuntimeError):
        operator.post(FORM, said(next="answer", answer="已答复", cites=known(cast).title, files=[file("好.png", PNG)]))
    assert not Petition.objects.exists()
    assert not Attachment.objects.exists()
    assert kept(store) == []


def test_a_full_disk_leaves_no_row_and_no_half_file(cast: Cast, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = call(cast)
    storage: Any = Attachment._meta.get_field("file").storage
    save = storage._save

    def half(name: str, content: Any) -> str:
        save(name, content)
        raise OSError("no space left")

    monkeypatch.setattr(storage, "_save", half)
    with pytest.raises(OSError, match="no space"):
        attachments.attach(petition, [file("好.png", PNG)], by=cast.operator)
    assert not Attachment.objects.exists()
    assert not petition.events.filter(action="attach").exists()
    assert kept(store) == []


def test_only_who_may_act_attaches_and_only_while_it_is_open(cast: Cast) -> None:
    petition = call(cast)
    with pytest.raises(PermissionDenied):
        attachments.attach(petition, [file("好.png", PNG)], by=cast.auditor)
    workflow.answer(petition, by=cast.operator, note="已答复", cites=known(cast))
    with pytest.raises(NotNow):
        attachments.attach(petition, [file("好.png", PNG)], by=cast.operator)
    assert not Attachment.objects.exists()


@pytest.fixture
def address(cast: Cast) -> str:
    petition = call(cast)
    (row,) = attachments.attach(petition, [file("现场.png", PNG)], by=cast.operator)
    return reverse("petitions:attachment", args=[petition.number, row.pk])


def test_a_file_is_saved_by_the_browser_never_shown(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.dispatcher)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    looked = Access.objects.get()
    assert (looked.by, looked.kind, looked.field) == (cast.dispatcher, Access.Kind.DOWNLOAD, "现场.png")


def test_strangers_find_no_file(client: Client, cast: Cast, address: str) -> None:
    assert client.get(address).status_code == 302
    for name in ("officer", "member", "liaison"):
        client.force_login(getattr(cast, name))
        assert client.get(address).status_code == 404, name
    client.force_login(cast.dispatcher)
    other = call(cast)
    pk = address.rstrip("/").split("/")[-1]
    assert client.get(reverse("petitions:attachment", args=[other.number, pk])).status_code == 404
    assert not Access.objects.exists()


def test_a_file_lost_from_the_store_is_a_404(client: Client, cast: Cast, address: str, store: Path) -> None:
    for path in kept(store):
        path.unlink()
    client.force_login(cast.dispatcher)
    assert client.get(address).status_code == 404


def test_the_store_is_under_no_address(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.operator)
    name = str(Attachment.objects.get().file.name)
    for prefix in ("/attachments/", "/media/", "/static/"):
        assert client.get(prefix + name).status_code == 404


def test_a_long_name_keeps_its_extension() -> None:
    assert files.display_name("长" * 300 + ".docx") == "长" * 115 + ".docx"
