"""随手拍: a resident reports from the street, without an account and without leaving more than she wants to."""

import io
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import ExifTags, Image, ImageChops, ImageOps, ImageStat

from accounts import files, lockout, pictures, riddles
from accounts.models import Notice
from grids.models import CITY_CODE, Item
from petitions import workflow
from petitions.models import Attachment, Petition, Promise, Status
from tests.cast import XIANGYANG_1, Cast, call

PAGE, RECEIVED = "/public/report/", "/public/report/received/"
GPS = 0x8825


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "attachments"


def photo(name: str = "IMG_0001.jpg", size: tuple[int, int] = (640, 480)) -> SimpleUploadedFile:
    """As a phone takes it: on its side, and with where and whose it was."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9C9D] = 6, "Xiuying's phone", "王秀英".encode("utf-16le")
    exif.get_ifd(GPS).update({1: "N", 2: (36.0, 52.0, 51.7), 3: "E", 4: (118.0, 44.0, 4.2)})
    made = io.BytesIO()
    Image.effect_mandelbrot(size, (-2.0, -1.5, 1.0, 1.5), 60).convert("RGB").save(
        made, "JPEG", exif=exif, comment=b"taken at home"
    )
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def said(**changes: Any) -> dict[str, Any]:
    words = {
        "submission": str(uuid.uuid4()),
        "content": "小区门口的路灯坏了三天，晚上看不见路。请尽快修。",
        "address": "圣城街道向阳社区第1网格",
    }
    return {name: value for name, value in (words | changes).items() if value is not None}


def sums(page: str, answer: str | None = None) -> dict[str, str]:
    """Does the sum that stands on the page."""
    token = re.search(r'name="riddle" value="([^"]+)"', page)
    form = re.search(r'name="submission" value="([^"]+)"', page)
    asked = re.search(r"([一二三四五六七八九])([加减])([一二三四五六七八九])等于几？", page)
    assert token
    assert form
    assert asked
    one, other = (riddles.NUMERALS.index(asked[n]) for n in (1, 3))
    right = riddles.NUMERALS[one + other if asked[2] == "加" else one - other]
    return {"riddle": token[1], "submission": form[1], "sum": right if answer is None else answer}


def test_a_report_without_a_name_waits_for_the_centre(client: Client, cast: Cast) -> None:
    answer = client.post(PAGE, said(files=[photo()]))
    assert answer["Location"] == RECEIVED
    petition = Petition.objects.get()
    assert (petition.status, petition.channel_id, petition.anonymous) == (Status.RECEIVED, "SSP", True)
    assert (petition.place_id, petition.item.unsorted) == (XIANGYANG_1, True)
    assert petition.title == "小区门口的路灯坏了三天，晚上看不见路"
    assert [clock.promise for clock in petition.clocks.running()] == [Promise.ACCEPT]
    assert petition.registered_by is None
    page = client.get(RECEIVED).content.decode()
    for words in (petition.number, petition.lookup_code, "答复是否受理", "圣城街道向阳社区", "没有留电话"):
        assert words in page, words
    assert "正在分派" not in client.get("/public/petition/").content.decode()


def test_what_the_camera_wrote_into_a_photo_is_gone(client: Client, cast: Cast) -> None:
    client.post(PAGE, said(files=[photo()]))
    (kept,) = Attachment.objects.all()
    assert (kept.name, kept.stage, kept.uploaded_by) == ("IMG_0001.jpg", "before", None)
    with kept.file.open() as opened:
        content = opened.read()
    assert Image.open(photo()).getexif().get_ifd(GPS)
    for words in (b"Xiuying's phone", "王秀英".encode("utf-16le"), b"Exif", b"taken at home"):
        assert words in photo().read()
        assert words not in content, words
    picture = Image.open(io.BytesIO(content))
    assert not picture.getexif()
    assert picture.size == (480, 640), "turned upright before the note that said so was dropped"
    # What is kept is what is compared: the unit that sends it back as its own is found out.
    assert kept.sm3 == files.digest(SimpleUploadedFile("kept.jpg", content))
    assert kept.likeness == pictures.likeness(SimpleUploadedFile("kept.jpg", content)) != ""


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_as_the_camera_was_held(orientation: int) -> None:
    taken = Image.new("RGB", (60, 40), "white")
    taken.paste("red", (0, 0, 30, 20))
    exif, made = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.Orientation] = orientation
    taken.save(made, "PNG", exif=exif)
    kept = Image.open(pictures.bare(SimpleUploadedFile("屋顶.png", made.getvalue())))
    wanted = ImageOps.exif_transpose(Image.open(made))
    assert kept.size == wanted.size
    difference = ImageChops.difference(kept, wanted.convert("RGB")).convert("L")
    assert ImageStat.Stat(difference).mean[0] < 12


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
def test_a_photo_with_garbled_notes_is_a_photo() -> None:
    noted = photo().read()
    at = noted.index(b"MM\x00*") + 8  # the first entry of the list of notes
    garbled = noted[:at] + bytes(range(40, 80)) + noted[at + 40 :]
    assert Image.open(pictures.bare(SimpleUploadedFile("屋顶.jpg", garbled))).format == "JPEG"


def test_a_huge_or_see_through_photo_is_kept_smaller_and_plain() -> None:
    huge = Image.open(pictures.bare(photo(size=(4000, 300))))
    assert max(huge.size) == pictures.LONGEST_EDGE
    made = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(made, "PNG")
    plain = Image.open(pictures.bare(SimpleUploadedFile("截图.png", made.getvalue())))
    assert (plain.format, plain.getpixel((9, 9))) == ("JPEG", (255, 255, 255))


PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00" + b"\x00" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.jpg", b"", "“空.jpg”是空文件"),
        ("坏.png", PNG_HEAD, "“坏.png”打不开"),
        ("断.jpg", b"half", "内容与扩展名不符"),
        ("说明.pdf", PDF, "“说明.pdf”不是能直接打开的照片"),
        ("程序.exe", b"MZ\x90\x00", "类型不能上传"),
    ],
)
def test_what_is_no_photo_is_refused_by_name_and_the_words_stay(
    client: Client, cast: Cast, name: str, content: bytes, sentence: str
) -> None:
    if name == "断.jpg":
        content = photo().read()[:200].replace(b"\xff\xd8\xff", b"\x00\x00\x00")
    answer = client.post(PAGE, said(files=[SimpleUploadedFile(name, content), photo()]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "小区门口的路灯坏了三天" in page
    assert "照片需要重新选择" in page
    assert not Petition.objects.exists()


def test_three_photos_are_enough(client: Client, cast: Cast) -> None:
    answer = client.post(PAGE, said(files=[photo(f"{n}.jpg") for n in range(4)]))
    assert "一次最多上传 3 个文件" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"content": ""}, "请填写发生了什么。"),
        ({"content": "\x00路灯坏了"}, "看不见的控制字符"),
        ({"content": "灯" * 2001}, "最多 2000 个字"),
        ({"content": "看\u202e不见"}, "看不见的控制字符"),
        ({"address": ""}, "请写明在什么地方"),
        ({"address": "路" * 121}, "最多 120 个字"),
        ({"address": "", "longitude": "nan", "latitude": "36.9"}, "请写明在什么地方"),
        ({"address": "", "longitude": "118.7"}, "请写明在什么地方"),
        ({"item": "Z99"}, "没有这个选项"),
        ({"caller_phone": "123"}, "号码不完整"),
        ({"submission": "not-a-form"}, "请再按一次“提交”"),
    ],
)
def test_a_wrong_field_says_why_and_loses_nothing(
    client: Client, cast: Cast, changes: dict[str, Any], sentence: str
) -> None:
    answer = client.post(PAGE, said(**{"caller_name": "王秀英"} | changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="王秀英"' in page
    assert not Petition.objects.exists()


def test_an_emoji_is_a_word_like_any_other(client: Client, cast: Cast) -> None:
    client.post(PAGE, said(content="路灯又坏了😡", caller_name="小𠮷", caller_phone="12000000001", confidential="on"))
    petition = Petition.objects.get()
    assert (petition.content, petition.caller_name, petition.channel_id) == ("路灯又坏了😡", "小𠮷", "WEB")
    assert (petition.anonymous, petition.confidential, petition.reachable) == (False, True, True)
    assert "已为您保密" in client.get(RECEIVED).content.decode()


def test_the_position_proposes_the_grid(client: Client, cast: Cast) -> None:
    boundary: Any = cast.grid.boundary
    ring = boundary["coordinates"][0]
    longitude, latitude = (sum(point[n] for point in ring[:-1]) / len(ring[:-1]) for n in (0, 1))
    client.post(PAGE, said(address="", longitude=f"{longitude:.6f}", latitude=f"{latitude:.6f}"))
    petition = Petition.objects.get()
    assert petition.place_id == XIANGYANG_1
    assert petition.longitude == pytest.approx(longitude, abs=1e-5)


def test_a_place_that_nobody_knows_is_for_the_centre_to_find(client: Client, cast: Cast) -> None:
    client.post(PAGE, said(address="大槐树底下"))
    assert Petition.objects.get().place_id == CITY_CODE
    assert "地点还没有对应到社区" in client.get(RECEIVED).content.decode()


def test_geolocation_is_open_on_this_page_alone(client: Client, cast: Cast) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, {})):
        policy = answer["Permissions-Policy"]
        assert policy.startswith("geolocation=(self), ")
        assert "geolocation=()" not in policy
        assert "camera=()" in policy
    assert "geolocation=()" in client.get("/public/")["Permissions-Policy"]


def test_an_impatient_thumb_reports_once(client: Client, cast: Cast) -> None:
    words = said()
    for _ in range(3):
        assert client.post(PAGE, words)["Location"] == RECEIVED
    other = client.post(PAGE, words | {"content": "还有一件：垃圾桶满了。"})
    assert other.status_code == 422
    assert "已经提交过了" in other.content.decode()
    assert Petition.objects.count() == 1
    client.post(
        PAGE, words | {"submission": re.findall(r'name="submission" value="([^"]+)"', other.content.decode())[0]}
    )
    assert Petition.objects.count() == 2


def test_the_submission_of_a_call_shows_a_stranger_nothing(client: Client, cast: Cast) -> None:
    taken = call(cast)
    answer = client.post(PAGE, said(submission=str(taken.submission), content=taken.content, address=taken.address))
    assert answer.status_code == 422
    assert taken.number not in answer.content.decode()
    assert client.get(RECEIVED)["Location"] == "/public/look-up/"


def test_after_a_few_reports_a_sum_is_asked_and_solves_one_form(client: Client, cast: Cast) -> None:
    for _ in range(lockout.REPORT_FREELY.allowed):
        assert client.post(PAGE, said()).status_code == 302
    unasked = client.post(PAGE, said())
    assert "请回答这道题" in unasked.content.decode()
    assert "拨打 12345" in unasked.content.decode()
    page = client.get(PAGE).content.decode()
    wrong = client.post(PAGE, said(**sums(page, "九十九")))
    assert "没有算对" in wrong.content.decode()
    solved = sums(wrong.content.decode())
    assert client.post(PAGE, said(**solved)).status_code == 302
    assert client.post(PAGE, said(**solved | {"submission": str(uuid.uuid4())})).status_code == 422, "another form"
    client.post(PAGE, said(**solved))
    assert Petition.objects.count() == lockout.REPORT_FREELY.allowed + 1
    assert client.get(PAGE, REMOTE_ADDR="10.9.9.9").content.decode().count("等于几") == 0, "a neighbour is not asked"


def test_a_right_sum_is_not_asked_twice_when_something_else_is_wrong(client: Client, cast: Cast) -> None:
    for _ in range(lockout.REPORT_FREELY.allowed):
        client.post(PAGE, said())
    solved = sums(client.get(PAGE).content.decode())
    page = client.post(PAGE, said(content="", **solved)).content.decode()
    assert sums(page, solved["sum"]) == solved
    assert f'value="{solved["sum"]}"' in page


def test_an_address_that_never_stops_has_to_wait(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "REPORT", lockout.Door("few", allowed=1, within=lockout.HOUR, rest=lockout.HOUR))
    assert client.post(PAGE, said()).status_code == 302
    answer = client.post(PAGE, said())
    assert answer.status_code == 429
    assert "拨打 12345" in answer.content.decode()
    assert "小区门口的路灯坏了三天" in answer.content.decode()
    assert Petition.objects.count() == 1


def test_with_script_the_page_goes_on_by_itself(client: Client, cast: Cast) -> None:
    wrong = client.post(PAGE, said(content="", files=[photo()]), headers={"HX-Request": "true"})
    assert "照片需要重新选择" not in wrong.content.decode(), "they were never gone"
    answer = client.post(PAGE, said(), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == RECEIVED


def test_no_form_from_elsewhere(cast: Cast) -> None:
    assert Client(enforce_csrf_checks=True).post(PAGE, said()).status_code == 403
    assert not Petition.objects.exists()


# --- The centre takes it --------------------------------------------------------------------------------------------


def test_the_operator_sorts_what_she_takes(client: Client, cast: Cast) -> None:
    client.post(PAGE, said(address="大槐树底下"))
    petition = Petition.objects.get()
    client.force_login(cast.operator)
    form = client.get(f"/petitions/{petition.number}/do/accept/").content.decode()
    assert "A07" in form, "proposed from the words, with its reason"
    unsorted = client.post(f"/petitions/{petition.number}/do/accept/", {"item": "", "seen": petition.version})
    assert "请选定事项" in unsorted.content.decode()
    words = {"item": "A06 井盖缺失、破损、移位", "place": XIANGYANG_1, "nature": "complaint", "urgency": ""}
    client.post(f"/petitions/{petition.number}/do/accept/", words | {"seen": petition.version})
    petition = Petition.objects.get()
    assert (petition.status, petition.item.code, petition.place_id) == ("awaiting_dispatch", "A06", XIANGYANG_1)
    assert (petition.nature, petition.urgency) == ("complaint", "critical"), "the item brings its urgency"
    changed = petition.events.get(action="accept").detail["changed"]
    assert changed["事项"][1] == "A06 井盖缺失、破损、移位"
    clock = petition.clocks.running().get()
    assert (clock.promise, clock.amount, clock.span) == (Promise.DISPATCH, 5, "minute")


def test_nothing_is_dispatched_unsorted(cast: Cast) -> None:
    petition = call(cast, at=timezone.now(), item=Item.objects.get(unsorted=True).code)
    assert "还没有归类" in workflow.available(petition, cast.dispatcher, timezone.now())["dispatch"]
    workflow.amend(petition, by=cast.dispatcher, item=Item.objects.get(code="A07"))
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher)
    assert petition.status == Status.AWAITING_SIGN
    assert Notice.objects.filter(person=cast.officer).exists()
