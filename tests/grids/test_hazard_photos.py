"""Photos of a hazard: taken when it is found, solved and looked at again; seen by who may see it, by nobody else."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts import files, pictures
from accounts.models import Access
from accounts.notnow import NotNow
from grids.models import Hazard, HazardPhoto
from grids.workflow import hazards, photographs
from petitions import attachments, workflow
from petitions.models import Petition
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import home
from tests.grids.patrol import found, hazard, solved
from tests.petitions.test_attachments import PDF, PNG, kept
from tests.petitions.test_photos import street
from tests.petitions.test_reporting import GPS, photo

pytestmark = pytest.mark.usefixtures("store")
NEW = "/hazards/new/"
A_WEEK = timedelta(days=7)
SENT: dict[str, Any] = {"title": "楼道堆物", "content": "楼道里堆着纸箱。"}


@pytest.fixture
def worker(cast: Cast) -> Client:
    return of(cast, "worker")


def of(cast: Cast, username: str) -> Client:
    client = Client()
    client.force_login(cast.people[username])
    return client


def said(cast: Cast, **changes: Any) -> dict[str, Any]:
    words = {"place": cast.grid.code, "item": "A02", "address": "学院路18号门前", "words": "桌子摆到了盲道上"}
    return words | {"next": "later", "key": str(uuid4())} | changes


def shot(tables: bool, **how: int) -> pictures.Bare:
    return pictures.bare(SimpleUploadedFile("现场.jpg", street(tables, **how)))


def seen(one: Hazard, **words: Any) -> dict[str, Any]:
    one.refresh_from_db()
    return {"key": str(uuid4()), "seen": str(one.version)} | words


def does(client: Client, one: Hazard, action: str, **words: Any) -> str:
    answer = client.post(f"/hazards/{one.pk}/{action}/", seen(one, **words), follow=True)
    assert answer.redirect_chain, answer.content.decode()
    return answer.content.decode()


def test_a_photo_comes_with_the_finding_and_without_what_the_camera_wrote(cast: Cast, worker: Client) -> None:
    answer = worker.post(NEW, said(cast, photos=[photo("王秀英家.jpg")]), follow=True)
    one, taken = Hazard.objects.get(), HazardPhoto.objects.get()
    assert (taken.event.hazard, taken.event.action, taken.event.by) == (one, "found", cast.worker)
    address = f"/hazards/{one.pk}/photos/{taken.pk}/"
    page = answer.content.decode()
    assert f'href="{address}"' in page
    assert f'src="{address}small/"' in page
    assert "王秀英家" not in page + str(taken.file.name) + taken.name

    whole = worker.get(address)
    content = whole.getvalue()
    assert taken.sm3 == files.digest(SimpleUploadedFile("kept.jpg", content))
    small = worker.get(f"{address}small/")
    thumb = small.getvalue()
    assert max(Image.open(io.BytesIO(thumb)).size) == pictures.THUMB
    assert photo().read().count(b"Xiuying's phone") == 1
    assert Image.open(photo()).getexif().get_ifd(GPS)
    for picture in (content, thumb):
        assert not Image.open(io.BytesIO(picture)).getexif()
        assert b"Xiuying's phone" not in picture
    for one_answer in (whole, small):
        assert one_answer["Content-Type"] == "image/jpeg"
        assert one_answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in one_answer["Content-Security-Policy"]
        assert "no-store" in one_answer["Cache-Control"]
        assert "王秀英家" not in one_answer["Content-Disposition"]
    looked = Access.objects.get(kind=Access.Kind.DOWNLOAD)
    assert (looked.by, looked.subject, looked.field) == (cast.worker, f"hazard:{one.pk}", taken.name)


def test_whoever_may_not_see_the_hazard_finds_no_photo(cast: Cast, client: Client) -> None:
    one, other = found(cast, photos=[shot(True)]), found(cast)
    pk = HazardPhoto.objects.get().pk
    for end in ("", "small/"):
        address = f"/hazards/{one.pk}/photos/{pk}/{end}"
        assert client.get(address).status_code == 302, "sign in first"
        for stranger in ("operator", "leader", "officer", "auditor", "admin", "member"):
            assert of(cast, stranger).get(address).status_code == 404, stranger
        assert Image.open(io.BytesIO(of(cast, "street").get(address).getvalue())).format == "JPEG"
        assert of(cast, "worker").post(address).status_code == 405
        assert of(cast, "worker").get(f"/hazards/{other.pk}/photos/{pk}/{end}").status_code == 404


def test_a_photo_lost_from_the_store_is_a_404_and_the_page_still_opens(cast: Cast, worker: Client, store: Path) -> None:
    one = found(cast, photos=[shot(True)])
    for path in kept(store):
        path.unlink()
    pk = HazardPhoto.objects.get().pk
    for end in ("", "small/"):
        assert worker.get(f"/hazards/{one.pk}/photos/{pk}/{end}").status_code == 404
    assert worker.get(f"/hazards/{one.pk}/").status_code == 200
    workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert not Petition.objects.get().attachments.exists()


def test_solved_on_the_spot_is_told_in_words_or_shown_in_a_photo(cast: Cast, worker: Client) -> None:
    at_once = said(cast, next="solved", photos=[photo()], after_photos=[SimpleUploadedFile("后.jpg", street(False))])
    assert "已当场处置" in worker.post(NEW, at_once, follow=True).content.decode()
    one = Hazard.objects.get()
    assert (one.state, one.after_words) == ("solved", "")
    assert list(HazardPhoto.objects.values_list("event__action", flat=True)) == ["found", "solved"]

    other = found(cast, photos=[shot(True)])
    page = does(worker, other, "solve", after_photos=[SimpleUploadedFile("后.jpg", street(False, quality=70))])
    assert "当场处置时的照片 1" in page
    other.refresh_from_db()
    assert (other.state, other.after_words) == ("solved", "")


def test_neither_words_nor_a_photo_solve_anything(cast: Cast, worker: Client) -> None:
    one = found(cast)
    for address, form in ((NEW, said(cast, next="solved")), (f"/hazards/{one.pk}/solve/", seen(one))):
        answer = worker.post(address, form)
        assert answer.status_code == 422
        assert "或拍一张处置后的照片" in answer.content.decode()
    with pytest.raises(ValidationError, match="请写清当场做了什么"):
        hazards.solve(one, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert Hazard.objects.get().state == "found"
    answer = worker.post(NEW, said(cast, next="send_on", after_photos=[photo()]))
    assert "请选“已当场处置”" in answer.content.decode()


def test_the_photo_of_before_shows_nothing_that_was_done(cast: Cast, worker: Client, store: Path) -> None:
    one = found(cast, photos=[shot(True)])
    address, same = f"/hazards/{one.pk}/solve/", SimpleUploadedFile("同一张.jpg", street(True))
    answer = worker.post(address, seen(one, after_words="店主已搬回。", after_photos=[same]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“同一张.jpg”以前已经传过" in page
    assert "店主已搬回。" in page
    assert "照片需要重新选择" in page
    assert "待处置" in page
    assert (len(kept(store)), Hazard.objects.get().state) == (1, "found")

    near = street(True, size=500, quality=60)
    refused = worker.post(address, seen(one, after_photos=[SimpleUploadedFile("后.jpg", near)]))
    assert "照片与处置前的几乎一样" in refused.content.decode()
    does(worker, one, "solve", after_words="桌子已退到线内。", after_photos=[SimpleUploadedFile("后.jpg", near)])
    assert Hazard.objects.get().state == "solved"


def test_before_and_after_of_one_form_are_not_one_photo(cast: Cast, worker: Client, store: Path) -> None:
    answer = worker.post(NEW, said(cast, next="solved", photos=[photo()], after_photos=[photo()]))
    assert "照片与处置前的几乎一样" in answer.content.decode()
    answer = worker.post(
        NEW,
        said(cast, next="solved", after_words="已搬回。", **{name: [photo()] for name in ("photos", "after_photos")}),
    )
    assert answer.status_code == 422
    assert "以前已经传过" in answer.content.decode()
    assert not Hazard.objects.exists()
    assert kept(store) == []


BIG = street(True) + b"\x00" * files.LARGEST
BAD = [
    ([("说明.pdf", PDF)], "“说明.pdf”不是能直接打开的照片"),
    ([("网页.jpg", b"<html><script>alert(1)</script>")], "“网页.jpg”的内容与扩展名不符"),
    ([("半张.png", PNG)], "“半张.png”打不开"),
    ([("空.jpg", b"")], "“空.jpg”是空文件"),
    ([("大.jpg", BIG)], "超过了 10 MB"),
    ([(f"{n}.jpg", street(True)) for n in range(4)], "一次最多上传 3 个"),
]


@pytest.mark.parametrize(("sent", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_what_is_no_photo_is_refused_beside_its_field_and_the_words_stay(
    cast: Cast, worker: Client, store: Path, sent: list[tuple[str, bytes]], sentence: str
) -> None:
    def again() -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(name, content) for name, content in sent]

    answer = worker.post(NEW, said(cast, photos=again()))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "桌子摆到了盲道上" in page
    assert not Hazard.objects.exists()
    one = found(cast)
    for action, name in (("solve", "after_photos"), ("photograph", "photos")):
        answer = worker.post(f"/hazards/{one.pk}/{action}/", seen(one, after_words="店主搬了。", **{name: again()}))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert (
        "店主搬了。"
        in worker.post(
            f"/hazards/{one.pk}/solve/", seen(one, after_words="店主搬了。", after_photos=again())
        ).content.decode()
    )
    assert (kept(store), Hazard.objects.get().state) == ([], "found")


def test_photos_are_added_until_it_is_cleared(cast: Cast, worker: Client, store: Path) -> None:
    one = found(cast)
    before = one.version
    assert "已上传 1 张照片" in does(worker, one, "photograph", photos=[SimpleUploadedFile("a.jpg", street(True))])
    one.refresh_from_db()
    assert one.version == before, "whoever is about to solve it is not stopped"
    refused = worker.post(f"/hazards/{one.pk}/photograph/", seen(one))
    assert "请拍照，或选一张照片。" in refused.content.decode()
    assert of(cast, "street").post(f"/hazards/{one.pk}/photograph/", seen(one, photos=[photo()])).status_code == 403
    assert of(cast, "officer").post(f"/hazards/{one.pk}/photograph/", seen(one, photos=[photo()])).status_code == 404
    hazards.solve(one, after_words="清了", key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK)
    with pytest.raises(NotNow, match="不能再补拍照片"):
        hazards.photograph(one, photos=[shot(False)], key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK)
    assert len(kept(store)) == 1


def test_what_is_seen_at_the_re_check_is_shown(cast: Cast, worker: Client) -> None:
    one = solved(cast, photos=[shot(True)], at=MONDAY_TEN - timedelta(days=400))
    does(worker, one, "recheck", cleared="no", photos=[SimpleUploadedFile("b.jpg", street(True, quality=50))])
    assert Hazard.objects.get().state == "found"
    taken = HazardPhoto.objects.last()
    assert taken
    assert taken.event.said == "复查：隐患还在"


def test_the_same_press_keeps_its_photos_once(cast: Cast, worker: Client, store: Path) -> None:
    form = said(cast)
    for _ in range(2):
        worker.post(NEW, form | {"photos": [photo()]})
    one = Hazard.objects.get()
    press = seen(one)
    for _ in range(2):
        answer = worker.post(
            f"/hazards/{one.pk}/photograph/",
            press | {"photos": [SimpleUploadedFile("a.jpg", street(True))]},
            follow=True,
        )
    assert "刚才已经提交过了" in answer.content.decode()
    assert (HazardPhoto.objects.count(), len(kept(store))) == (2, 2)


def test_a_hazard_has_so_many_photos_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch, store: Path) -> None:
    with pytest.raises(ValidationError, match="每次最多 3 张"):
        found(cast, photos=[shot(True, quality=40 + n) for n in range(4)])
    monkeypatch.setattr(photographs, "PER_HAZARD", 2)
    one = found(cast, photos=[shot(True), shot(False)])
    with pytest.raises(ValidationError, match="每次最多 3 张"):
        hazards.photograph(one, photos=[shot(True, quality=50)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert (Hazard.objects.count(), len(kept(store))) == (1, 2)


def test_photos_go_along_with_what_is_sent_on(cast: Cast, worker: Client, client: Client) -> None:
    worker.post(NEW, said(cast, next="send_on", photos=[photo("a.jpg")]))
    petition = Petition.objects.get()
    one, taken = Hazard.objects.get(), HazardPhoto.objects.get()
    (first,) = petition.attachments.all()
    assert (first.sm3, first.name, first.stage) == (taken.sm3, taken.name, "before")
    assert first.uploaded_by == cast.worker
    assert first.file.name != taken.file.name, "each is kept and goes with its own row"

    does(worker, one, "photograph", photos=[SimpleUploadedFile("b.jpg", street(True))])
    assert petition.attachments.count() == 2
    workflow.accept(petition, by=cast.dispatcher, at=MONDAY_TEN)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=MONDAY_TEN)
    client.force_login(cast.officer)
    assert client.get(f"/petitions/{petition.number}/files/{first.pk}/").getvalue()[:3] == b"\xff\xd8\xff"
    does(of(cast, "secretary"), one, "photograph", photos=[SimpleUploadedFile("c.jpg", street(False))])
    assert (HazardPhoto.objects.count(), petition.attachments.count()) == (3, 3)


def test_what_is_sent_on_later_takes_its_photos_with_it(cast: Cast) -> None:
    one = found(cast, photos=[shot(True), shot(False)])
    petition = workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert petition
    assert petition.attachments.count() == 2


def test_what_is_undone_leaves_no_file(cast: Cast, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = found(cast, photos=[shot(True)])

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(attachments, "attach", fail)
    more: dict[str, Any] = {"by": cast.worker, "at": MONDAY_TEN}
    with pytest.raises(RuntimeError):
        workflow.find_and_send_on(hazard(), **SENT, photos=[shot(False)], key=uuid4(), **more)
    with pytest.raises(RuntimeError):
        workflow.send_on(one, **SENT, key=uuid4(), **more)
    monkeypatch.undo()
    workflow.send_on(one, **SENT, key=uuid4(), **more)
    assert len(kept(store)) == 2
    monkeypatch.setattr(attachments, "attach", fail)
    with pytest.raises(RuntimeError):
        workflow.photograph(one, photos=[shot(False)], key=uuid4(), **more)
    assert (Hazard.objects.count(), HazardPhoto.objects.count(), len(kept(store))) == (1, 1, 2)


def test_after_a_visit_that_found_a_hazard_the_photo_is_one_tap_away(cast: Cast, worker: Client) -> None:
    household = home(cast)
    visit = {"manner": "door", "met": "somebody", "finding": "hazard", "hazard_item": "B01", "hazard": "电线裸露"}
    page = worker.post(f"/homes/{household.pk}/", visit | {"key": str(uuid4()), "do": "visit"}, follow=True)
    one = Hazard.objects.get()
    assert f'<a href="/hazards/{one.pk}/#photograph">拍一张照片</a>' in page.content.decode()
    assert 'id="photograph"' in worker.get(f"/hazards/{one.pk}/").content.decode()


def test_a_field_for_photos_opens_the_camera(cast: Cast, worker: Client) -> None:
    one = found(cast)
    for page in (NEW, f"/hazards/{one.pk}/"):
        told = worker.get(page).content.decode()
        assert told.count('accept="image/*"') == told.count('capture="environment"') == 2
        assert told.count('enctype="multipart/form-data"') >= 1
