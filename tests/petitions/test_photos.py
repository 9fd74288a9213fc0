"""Guards against false closing: a photo of the work done is new, and shows another sight than the one before."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from accounts import pictures
from accounts.notnow import NotNow
from petitions import attachments, workflow
from petitions.models import Attachment, Petition, Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import in_hand


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "attachments"


def street(tables: bool, *, size: int = 640, quality: int = 90) -> bytes:
    """A pavement, with tables on it or without."""
    picture = Image.new("RGB", (640, 480), (120, 150, 180))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 300, 640, 480), fill=(90, 90, 90))
    draw.rectangle((40, 60, 240, 300), fill=(200, 170, 120))
    if tables:
        for x in range(60, 600, 120):
            draw.ellipse((x, 320, x + 90, 400), fill=(230, 230, 60))
            draw.rectangle((x + 10, 220, x + 80, 320), fill=(200, 20, 20))
    made = io.BytesIO()
    picture.resize((size, size * 3 // 4)).save(made, "JPEG", quality=quality)
    return made.getvalue()


def photo(content: bytes, name: str = "现场.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def told(cast: Cast) -> Petition:
    petition = call(cast)
    attachments.attach(petition, [photo(street(True), "投诉.jpg")], by=cast.operator, at=AT)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    workflow.sign(petition, by=cast.officer, at=AT + hours(0.5))
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已说明", at=AT + hours(1))
    return petition


def to_review(petition: Petition, cast: Cast) -> None:
    done: dict[str, Any] = {"result": "已清理", "basis": "条例", "assessment": "solved"}
    workflow.reply(petition, by=cast.officer, at=AT + hours(1.5), **done)
    workflow.approve(petition, by=cast.head, at=AT + hours(2))


def test_the_same_file_of_another_petition_is_refused(cast: Cast) -> None:
    first, second = in_hand(cast), in_hand(cast)
    attachments.attach(first, [photo(street(False))], by=cast.officer, at=AT + hours(1))
    with pytest.raises(NotNow, match="完全相同"):
        attachments.attach(second, [photo(street(False), "另一个名字.jpg")], by=cast.officer, at=AT + hours(2))
    assert not second.attachments.exists()


def test_residents_and_operators_may_hand_in_the_same_picture_twice(cast: Cast) -> None:
    for petition in (call(cast), call(cast)):
        attachments.attach(petition, [photo(street(True))], by=cast.operator, at=AT)
    assert set(Attachment.objects.values_list("stage", flat=True)) == {"before"}


def test_a_photo_like_the_one_before_waits_for_the_reviewers_reason(client: Client, cast: Cast) -> None:
    petition = told(cast)
    again = street(True, size=500, quality=60)  # another file, the same sight
    attachments.attach(petition, [photo(again, "整改后.jpg")], by=cast.officer, at=AT + hours(1.2))
    doubtful = petition.attachments.get(stage="after")
    assert doubtful.resembles == petition.attachments.get(stage="before")
    to_review(petition, cast)

    with pytest.raises(NotNow, match="过于相似"):
        workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(3))
    client.force_login(cast.reviewer)
    page = f"/petitions/{petition.number}/do/pass_review/"
    assert "与办理前照片“投诉.jpg”过于相似" in client.get(page).content.decode()
    refused = client.post(page, {"note": "同意"})
    assert refused.status_code == 422
    assert "写明认可的理由" in refused.content.decode()
    assert client.post(page, {"excuse": "同一角度拍摄，桌椅已撤，已核对视频"}).status_code == 302
    petition.refresh_from_db()
    doubtful.refresh_from_db()
    assert petition.status == Status.AWAITING_CALLBACK
    assert (doubtful.excused_by, doubtful.excuse[:4]) == (cast.reviewer, "同一角度")
    assert "认可照片" in petition.events.get(action="pass_review").note


def test_a_photo_of_another_sight_passes(cast: Cast) -> None:
    petition = told(cast)
    attachments.attach(petition, [photo(street(False), "整改后.jpg")], by=cast.officer, at=AT + hours(1.2))
    assert petition.attachments.get(stage="after").resembles is None
    to_review(petition, cast)
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(3))
    assert petition.status == Status.AWAITING_CALLBACK


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + b"\x00" * 40, b"", b"GIF89a"])
def test_what_is_no_whole_picture_is_not_looked_at(content: bytes) -> None:
    assert pictures.likeness(photo(content)) == ""


def test_a_picture_that_unpacks_to_too_much_is_not_looked_at() -> None:
    made = io.BytesIO()
    Image.new("1", (9000, 9000)).save(made, "PNG")
    assert pictures.likeness(photo(made.getvalue())) == ""
