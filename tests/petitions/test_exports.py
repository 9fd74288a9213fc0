"""Any list as a sheet: a short one at once, a long one by a worker, for its owner alone, and for a few days."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import exports, listings, tasks
from accounts.listings import lists
from accounts.models import Access, Export, Notice
from grids.models import Duty, Posting
from petitions import workflow
from petitions.models import Petition
from tests.cast import MONDAY_TEN, Cast, call, hours, known
from tests.petitions.stages import awaiting_callback, in_hand

State = Export.State
BAD = '=HYPERLINK("http://bad")'


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def long_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list counts as long, and progress is told after every row."""
    monkeypatch.setattr("accounts.views.exports.AT_ONCE", 0)
    monkeypatch.setattr("accounts.sheets.CHUNK", 1)


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert page is not None
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"], "a formula"
    return list(page.iter_rows(values_only=True))


def asked(client: Client, listing: str = "petitions", query: str = "", **said: Any) -> Export:
    answer = client.post(f"/exports/of/{listing}/?{query}", {"token": uuid4(), "purpose": "例会"} | said)
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.latest("pk")


def test_every_list_can_be_had_and_holds_words_only(client: Client, cast: Cast) -> None:
    for title in (BAD, "+1-1", "@SUM(A1)"):
        in_hand(cast, title=title)
    awaiting_callback(cast, title=BAD)
    known(cast, title=BAD)
    workflow.hand_over(on=date(2026, 11, 16), shift="day", text=BAD, petitions=[], by=cast.operator, at=MONDAY_TEN)
    workflow.raise_topic(Petition.objects.filter(title=BAD)[0], by=cast.reviewer, note="-", at=MONDAY_TEN + hours(1))
    Posting.objects.create(
        user=cast.reviewer, duty=Duty.CALLER_BACK, unit_id=cast.bureau.pk, place_id="370783", since=date(2020, 1, 1)
    )
    client.force_login(cast.reviewer)
    found = {}
    for name, listing in lists().items():
        if not listing.open_to(cast.reviewer):
            continue
        top, _, heads, *rows = sheet(client.get(f"/exports/of/{name}/"))
        assert "导出人：" in top[0]
        assert f"（{cast.reviewer.username}）" in top[0]
        assert heads == tuple(column.label for column in listing.columns)
        assert not any("王秀英" in str(row) or "12000000001" in str(row) for row in rows), name
        found[name] = str(rows)
        assert Access.objects.filter(by=cast.reviewer, subject=name, kind=Access.Kind.EXPORT).count() == 1, name
    for name in ("petitions", "topics", "callbacks", "knowledge", "handovers"):
        assert BAD in found[name], name


@pytest.mark.parametrize(
    "name", ["rulings", "knowledge", "handovers", "templates", "callbacks", "cases", "no-such-list"]
)
def test_a_stranger_does_not_find_the_list(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.member)
    assert client.get(f"/exports/of/{name}/").status_code == 404
    assert client.post(f"/exports/of/{name}/", {"token": uuid4(), "purpose": "看看"}).status_code == 404
    assert not Access.objects.exists()


@pytest.mark.usefixtures("long_lists")
def test_a_long_list_is_written_meanwhile_and_found_again(dispatcher: Client, cast: Cast, client: Client) -> None:
    for n in range(3):
        call(cast, title=f"第{n}件")
    page = dispatcher.get("/exports/of/petitions/?status=awaiting_dispatch").content.decode()
    assert "共 3 行" in page
    assert "状态：待派单" in page
    assert not Access.objects.exists()
    refused = dispatcher.post("/exports/of/petitions/", {"token": uuid4(), "purpose": " "})
    assert (refused.status_code, "请填写用途。" in refused.content.decode()) == (422, True)

    export = asked(dispatcher, query="status=awaiting_dispatch")
    record = Access.objects.get()
    assert (record.subject, record.reason) == ("petitions", "例会；状态：待派单")
    page = dispatcher.get(f"/exports/{export.pk}/").content.decode()
    assert "等待导出" in page
    assert "every 1500ms" in page
    assert dispatcher.get(f"/exports/{export.pk}/file/").status_code == 409

    tasks.write_exports()
    export.refresh_from_db()
    assert (export.state, export.total, export.done) == (State.DONE, 3, 3)
    fragment = dispatcher.get(f"/exports/{export.pk}/progress/").content.decode()
    assert "every" not in fragment
    assert f"/exports/{export.pk}/file/" in fragment
    assert "共 3 行" in Notice.objects.of(cast.dispatcher).get(key=f"export:{export.pk}").title
    assert "状态：待派单" in dispatcher.get("/exports/").content.decode()
    top, _, _, *rows = sheet(dispatcher.get(f"/exports/{export.pk}/file/"))
    assert "用途：例会" in top[0]
    assert {row[1] for row in rows} == {"第0件", "第1件", "第2件"}
    assert Access.objects.count() == 1

    client.force_login(cast.reviewer)
    for address in ("", "progress/", "file/"):
        assert client.get(f"/exports/{export.pk}/{address}").status_code == 404
    assert client.post(f"/exports/{export.pk}/let-go/").status_code == 404


@pytest.mark.usefixtures("long_lists")
def test_two_clicks_make_one_export_and_nobody_fills_the_queue(dispatcher: Client, cast: Cast) -> None:
    call(cast)
    token = uuid4()
    assert asked(dispatcher, token=token) == asked(dispatcher, token=token)
    assert Export.objects.count() == Access.objects.count() == 1
    asked(dispatcher)
    asked(dispatcher)
    refused = dispatcher.post("/exports/of/petitions/", {"token": uuid4(), "purpose": "例会"})
    assert refused.status_code == 409
    assert "还没有导出完" in refused.content.decode()


@pytest.mark.usefixtures("long_lists")
def test_who_lost_her_posting_meanwhile_gets_nothing_of_it(client: Client, cast: Cast) -> None:
    in_hand(cast)
    known(cast)
    client.force_login(cast.officer)
    of_unit = asked(client)
    client.force_login(cast.operator)
    of_desk = asked(client, "knowledge")
    Posting.objects.filter(user__in=[cast.officer, cast.operator]).update(until=timezone.localdate())
    tasks.write_exports()
    of_unit.refresh_from_db()
    of_desk.refresh_from_db()
    assert (of_unit.state, of_unit.done) == (State.DONE, 0)
    assert (of_desk.state, of_desk.problem) == (State.FAILED, exports.NOT_HERS)


@pytest.mark.usefixtures("long_lists")
def test_a_worker_that_died_is_followed_by_another(dispatcher: Client, cast: Cast, folder: Path) -> None:
    call(cast)
    export = asked(dispatcher)
    now = timezone.now()
    dead = exports.claim(now)
    assert dead is not None
    dead.workplace.mkdir(parents=True)
    assert exports.claim(now) is None, "one at a time"
    heir = exports.claim(now + exports.LEASE + timedelta(seconds=1))
    assert heir is not None
    assert (heir.pk, heir.attempts) == (export.pk, 2)
    exports.write(dead, at=now)  # it was only slow, and notices that the export is no longer its own
    assert exports.write(heir, at=now)
    assert [left.name for left in folder.iterdir()] == [heir.file.name]
    export.refresh_from_db()
    assert (export.state, export.done) == (State.DONE, 1)
    assert Access.objects.count() == 1


@pytest.mark.usefixtures("long_lists")
def test_what_was_cancelled_in_the_middle_leaves_nothing(
    dispatcher: Client, cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        call(cast)
    export, hold, held = asked(dispatcher), exports._hold, []

    def cancelled_after_the_first_row(this: Export, **values: object) -> None:
        hold(this, **values)
        held.append(values)
        if values.get("done") == 1:
            assert dispatcher.post(f"/exports/{this.pk}/let-go/").status_code == 302

    monkeypatch.setattr(exports, "_hold", cancelled_after_the_first_row)
    tasks.write_exports()
    export.refresh_from_db()
    assert export.state == State.CANCELLED
    assert held[-1] == {"done": 1}
    assert list(folder.iterdir()) == []
    assert dispatcher.get(f"/exports/{export.pk}/file/").status_code == 409
    assert dispatcher.post(f"/exports/{export.pk}/let-go/").status_code == 409


@pytest.mark.usefixtures("long_lists")
def test_a_poisoned_list_is_given_up_and_said(dispatcher: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    call(cast)
    poisoned = asked(dispatcher)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no disk")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.sheets.write", broken)
        for _ in range(exports.TRIES):
            tasks.write_exports()
        after = asked(dispatcher)
        tasks.write_exports()
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.problem) == (State.FAILED, exports.GAVE_UP)
    tasks.write_exports()
    after.refresh_from_db()
    assert after.state == State.DONE


@pytest.mark.usefixtures("long_lists")
def test_files_go_when_their_days_are_over(dispatcher: Client, cast: Cast) -> None:
    call(cast)
    export = asked(dispatcher)
    tasks.write_exports()
    export.refresh_from_db()
    assert export.expires_at is not None
    assert exports.expire(export.expires_at - timedelta(seconds=1)) == 0
    assert export.file.is_file()
    assert exports.expire(export.expires_at) == 1
    assert exports.expire(export.expires_at) == 0
    assert not export.file.exists()
    assert "文件已删除" in dispatcher.get("/exports/").content.decode()
    exports.expire(export.asked_at + exports.REMEMBERED_FOR + timedelta(days=1))
    assert not Export.objects.exists()
    assert Access.objects.exists(), "the record stays"


def test_a_list_too_long_for_one_sheet_is_refused_with_a_sentence(
    dispatcher: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        call(cast)
    monkeypatch.setattr("accounts.views.exports.MOST", 1)
    answer = dispatcher.get("/exports/of/petitions/")
    assert answer.status_code == 409
    assert f"一次最多导出 {listings.MOST:,} 行" in answer.content.decode()
    assert not Access.objects.exists()
