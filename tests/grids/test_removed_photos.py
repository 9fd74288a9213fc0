"""A photo that should not be there is removed: its file goes, its row says who removed it, and why."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Access, User
from accounts.notnow import NotNow
from grids import tasks
from grids.models import Hazard, HazardEvent, HazardPhoto
from grids.workflow import hazards, unphotographing
from petitions import workflow
from petitions.models import Petition
from tests.cast import MONDAY_TEN, Cast
from tests.grids.patrol import found
from tests.grids.test_hazard_photos import A_WEEK, SENT, of, shot
from tests.petitions.test_attachments import kept

pytestmark = pytest.mark.usefixtures("store")
WHY = "拍到了路人的脸"


@pytest.fixture
def worker(cast: Cast) -> Client:
    return of(cast, "worker")


def address(photo: HazardPhoto) -> str:
    return f"/hazards/{photo.event.hazard_id}/photos/{photo.pk}/"


def press(**said: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "why": WHY} | said


def remove(photo: HazardPhoto, by: User, at: datetime = MONDAY_TEN) -> None:
    unphotographing.remove_photo(photo, why=WHY, key=uuid4(), by=by, at=at)


def test_the_file_goes_and_the_row_says_who_when_and_why(
    cast: Cast, worker: Client, store: Path, django_capture_on_commit_callbacks: Any
) -> None:
    one = found(cast, photos=[shot(True), shot(False)])
    wrong, right = HazardPhoto.objects.all()
    worker.get(address(wrong)).getvalue()
    page = worker.get(f"/hazards/{one.pk}/").content.decode()
    assert f'href="{address(wrong)}remove/"' in page
    asked = worker.get(f"{address(wrong)}remove/").content.decode()
    assert f'src="{address(wrong)}small/"' in asked
    refused = worker.post(f"{address(wrong)}remove/", press(why=" "))
    assert refused.status_code == 422
    assert "请填写删除原因。" in refused.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        told = worker.post(f"{address(wrong)}remove/", press(), follow=True).content.decode()
    assert "照片已删除" in told
    assert "照片 1 已删除" in told
    assert f'src="{address(right)}small/"' in told
    assert f'src="{address(wrong)}small/"' not in told
    assert WHY in told
    wrong.refresh_from_db()
    event = HazardEvent.objects.latest("pk")
    assert (wrong.removed, event.by, event.note, event.said) == (event, cast.worker, WHY, "删除照片")
    assert f'href="#e{event.pk}"' in told
    assert f'id="e{event.pk}"' in told
    assert (str(wrong.file), len(kept(store))) == ("", 1)
    for end in ("", "small/"):
        assert worker.get(f"{address(wrong)}{end}").status_code == 404
    assert Access.objects.filter(kind=Access.Kind.DOWNLOAD, field=wrong.name).exists()
    one.refresh_from_db()
    assert (one.state, one.version) == ("found", 1), "whoever is about to solve it is not stopped"


def test_the_same_press_removes_once_and_another_hears_that_it_is_gone(cast: Cast, worker: Client) -> None:
    found(cast, photos=[shot(True)])
    photo = HazardPhoto.objects.get()
    twice = press()
    for _ in range(2):
        assert worker.post(f"{address(photo)}remove/", twice).status_code == 302
    assert HazardEvent.objects.filter(action="unphoto").count() == 1
    late = worker.post(f"{address(photo)}remove/", press())
    assert late.status_code == 409
    assert "这张照片已经删除" in late.content.decode()
    assert "这张照片已经删除" in worker.get(f"{address(photo)}remove/").content.decode()


def test_who_added_it_may_remove_it_and_the_secretary_of_the_community(cast: Cast, client: Client) -> None:
    one = found(cast, photos=[shot(True)])
    photo = HazardPhoto.objects.get()
    assert client.post(f"{address(photo)}remove/", press()).status_code == 302, "sign in first"
    for stranger in ("operator", "leader", "officer", "auditor", "admin", "member"):
        for method in ("get", "post"):
            assert getattr(of(cast, stranger), method)(f"{address(photo)}remove/", press()).status_code == 404
    for onlooker in ("street", "gridsecretary"):
        who = of(cast, onlooker)
        assert who.get(f"{address(photo)}remove/").status_code == 403, onlooker
        assert who.post(f"{address(photo)}remove/", press()).status_code == 403, onlooker
        assert f"{address(photo)}remove/" not in who.get(f"/hazards/{one.pk}/").content.decode()
        with pytest.raises(PermissionDenied):
            remove(photo, cast.people[onlooker])
    assert HazardPhoto.objects.standing().exists()
    hers = of(cast, "secretary")
    assert f"{address(photo)}remove/" in hers.get(f"/hazards/{one.pk}/").content.decode()
    assert hers.post(f"{address(photo)}remove/", press()).status_code == 302
    assert not HazardPhoto.objects.standing().exists()


def test_once_it_is_cleared_only_the_secretary_removes(cast: Cast, worker: Client) -> None:
    one = found(cast, photos=[shot(True)], after="已搬走。")
    hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK)
    photo = HazardPhoto.objects.get()
    assert f"{address(photo)}remove/" not in worker.get(f"/hazards/{one.pk}/").content.decode()
    refused = worker.post(f"{address(photo)}remove/", press())
    assert refused.status_code == 409
    assert "要删除照片，请找社区书记" in refused.content.decode()
    assert of(cast, "secretary").post(f"{address(photo)}remove/", press()).status_code == 302


def wordless(cast: Cast) -> tuple[Hazard, HazardPhoto]:
    """Solved without a word: one photo shows it."""
    one = found(cast, photos=[shot(True)])
    hazards.solve(one, after_photos=[shot(False)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    return one, HazardPhoto.objects.get(event__action="solved")


def test_the_last_evidence_of_a_wordless_solving_stays_until_there_is_another(cast: Cast, worker: Client) -> None:
    one, shows = wordless(cast)
    assert "只凭这张照片证明" in worker.get(f"{address(shows)}remove/").content.decode()
    for by in (cast.worker, cast.secretary):
        with pytest.raises(NotNow, match="请先补拍一张处置后的照片"):
            remove(shows, by)
    remove(HazardPhoto.objects.get(event__action="found"), cast.worker)
    hazards.photograph(one, photos=[shot(False, quality=60)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    remove(shows, cast.worker)
    with pytest.raises(NotNow, match="只凭这张照片证明"):
        remove(HazardPhoto.objects.get(event__action="photo"), cast.worker)


def test_what_is_seen_when_it_is_there_again_shows_no_solving(cast: Cast) -> None:
    one, shows = wordless(cast)
    later: dict[str, Any] = {"by": cast.worker, "at": MONDAY_TEN + A_WEEK}
    again = [shot(True, quality=50)]
    hazards.recheck(one, cleared=False, words="又堆上了", photos=again, key=uuid4(), **later)
    with pytest.raises(NotNow, match="只凭这张照片证明"):
        remove(shows, **later)
    remove(HazardPhoto.objects.get(event__action="rechecked"), **later)


def test_cleared_the_last_evidence_stays_for_good(cast: Cast) -> None:
    one, shows = wordless(cast)
    hazards.recheck(one, cleared=True, words="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + A_WEEK)
    with pytest.raises(NotNow, match=r"不能删除。$"):
        remove(shows, cast.secretary)


def test_a_solving_told_in_words_needs_no_photo(cast: Cast) -> None:
    one = found(cast)
    told: dict[str, Any] = {"after_words": "已搬走。", "after_photos": [shot(False)]}
    hazards.solve(one, **told, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    remove(HazardPhoto.objects.get(), cast.worker)
    assert Hazard.objects.get(pk=one.pk).state == "solved"


def test_what_was_removed_is_counted_and_compared_no_more(cast: Cast, worker: Client) -> None:
    one, other = found(cast, photos=[shot(True)]), found(cast)
    wrong = HazardPhoto.objects.get()
    remove(wrong, cast.worker)
    hazards.solve(other, after_photos=[shot(True)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    petition = workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert petition
    assert not petition.attachments.exists()


def test_the_copy_that_went_along_is_named(cast: Cast, worker: Client) -> None:
    one = found(cast, photos=[shot(True)])
    workflow.send_on(one, **SENT, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    photo, petition = HazardPhoto.objects.get(), Petition.objects.get()
    asked = worker.get(f"{address(photo)}remove/").content.decode()
    assert f"副本还留在诉求 {petition.number} 里" in asked


def test_a_file_that_was_not_reached_goes_with_the_next_sweep(
    cast: Cast, store: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    found(cast, photos=[shot(True), shot(False)])
    first, second = HazardPhoto.objects.all()
    delete = FileSystemStorage.delete

    def stuck(storage: FileSystemStorage, name: str) -> None:
        if name == first.file.name:
            raise PermissionError("the disk is read-only")
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", stuck)
    with django_capture_on_commit_callbacks(execute=True):
        remove(first, cast.worker)
        remove(second, cast.worker)
    assert len(kept(store)) == 1
    assert tasks.let_photos_go() == 0
    monkeypatch.undo()
    assert [tasks.let_photos_go() for _ in range(2)] == [1, 0]
    assert kept(store) == []


def test_a_photo_without_a_file_was_removed(cast: Cast) -> None:
    found(cast, photos=[shot(True)])
    with pytest.raises(IntegrityError, match="hazard_photo_has_file_until_removed"), transaction.atomic():
        HazardPhoto.objects.update(file="")


def test_the_page_of_a_hazard_asks_as_much_for_many_photos(
    cast: Cast, worker: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    one = found(cast, photos=[shot(True)])
    worker.get(f"/hazards/{one.pk}/")
    with django_assert_max_num_queries(40) as before:
        worker.get(f"/hazards/{one.pk}/")
    at = MONDAY_TEN + timedelta(minutes=5)
    hazards.photograph(one, photos=[shot(False), shot(True, quality=40)], key=uuid4(), by=cast.worker, at=at)
    with django_assert_num_queries(len(before)):
        worker.get(f"/hazards/{one.pk}/")
