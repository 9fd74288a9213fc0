"""While an import writes in its one transaction: others see how far it is, and whoever brought it can stop it."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.notnow import NotNow
from grids.importing import loading, running, under_way
from grids.models import Household, Import, ImportLine, Resident
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import rules
from tests.grids.sheets import XIANGYANG, checked, houses, row, uploaded, worked, xlsx
from tests.waiting import wait

State = Import.State
HOMES = [row(2), row(3, room="502")]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    rules()
    houses()


def beside(do: Callable[[], None]) -> Thread:
    """Somebody else, on a connection of their own."""

    def alone() -> None:
        try:
            do()
        finally:
            connection.close()

    somebody = Thread(target=alone)
    somebody.start()
    return somebody


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = checked(xlsx(HOMES), cast.secretary)
    running.go(run, at=MONDAY_TEN)
    seen: list[int] = []
    tell = under_way.tell

    def told(pk: int, step: int) -> None:
        tell(pk, step)
        beside(lambda: seen.append(running.percent(Import.objects.get(pk=pk)))).join()

    monkeypatch.setattr(under_way, "tell", told)
    assert running.percent(run) == 0
    worked(run)
    assert seen == [100 * step // under_way.STEPS for step in range(1, under_way.STEPS + 1)]
    assert under_way.steps_done(run.pk) == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_being_written_is_stopped_and_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = checked(xlsx(HOMES), cast.secretary)
    running.go(run, at=MONDAY_TEN)
    claimed, join, pressing = running.claim(MONDAY_TEN), loading._join, []

    def pressed(said: dict[str, Any]) -> None:
        pressing.append(beside(lambda: running.let_go(Import.objects.get(pk=run.pk), at=MONDAY_TEN)))
        wait(lambda: under_way.is_to_stop(run.pk))
        join(said)

    monkeypatch.setattr(loading, "_join", pressed)
    assert claimed is not None
    assert running.work(claimed)
    pressing[0].join()
    run.refresh_from_db()
    assert (run.state, run.settled) == (State.CANCELLED, [])
    assert not Resident.objects.exists()
    assert not Household.objects.exists()
    assert not ImportLine.objects.exists()
    assert not run.file.is_file()


def test_what_is_written_whole_is_not_called_cancelled(cast: Cast) -> None:
    run = checked(xlsx(HOMES), cast.secretary)
    running.go(run, at=MONDAY_TEN)
    Import.objects.update(settled=[XIANGYANG])  # committed since the page was opened
    with pytest.raises(NotNow, match="已经全部写入"):
        running.let_go(run, at=MONDAY_TEN)
    assert Import.objects.get().state == State.LOADING


def test_the_communities_that_are_in_stay_when_the_rest_is_let_go(client: Client, cast: Cast) -> None:
    run = checked(xlsx(HOMES), cast.secretary, manner=Import.Manner.COMMUNITY)
    running.go(run, at=MONDAY_TEN)
    run.counts["communities"]["370783001902"] = {"lines": 2, "bad": 0}
    Import.objects.update(settled=[XIANGYANG], counts=run.counts)
    assert running.percent(Import.objects.get()) == 50
    client.force_login(cast.secretary)
    answer = client.post(f"/homes/import/{run.pk}/let-go/", follow=True)
    assert "此前已导入的 1 个社区保留" in answer.content.decode()
    run.refresh_from_db()
    assert (run.state, run.settled) == (State.CANCELLED, [XIANGYANG])


def test_the_page_of_a_busy_import_can_cancel_it_and_promises_no_rows(client: Client, cast: Cast) -> None:
    run = uploaded(xlsx(HOMES), cast.secretary)
    address = f"/homes/import/{run.pk}/"
    running.check(run, mapping=run.mapping, manner=Import.Manner.FILE, makes_buildings=False, at=MONDAY_TEN)
    client.force_login(cast.secretary)
    assert f'action="{address}let-go/"' in client.get(address).content.decode()
    worked(run)
    running.go(run, at=MONDAY_TEN)
    page = client.get(address).content.decode()
    assert f'action="{address}let-go/"' in page
    assert "2 行，一次写入，最后一起生效" in page
    assert "0 / 2" not in page
    client.force_login(cast.street)
    assert "let-go" not in client.get(address).content.decode(), "of somebody else's"

    client.force_login(cast.secretary)
    worked(run)
    assert "新登记和已在册的数字不再打开清单" in client.get(address).content.decode()
