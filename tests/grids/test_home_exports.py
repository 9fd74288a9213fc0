"""The homes of one's own grid as a sheet: for a purpose, masked or with names if somebody agrees, no whole numbers."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import tasks
from accounts.models import Access, Export, Notice
from grids.models import Posting
from tests.cast import XIANGYANG_1, Cast
from tests.grids.homes import home, lives
from tests.grids.sheets import number, told

MASKED = f"/exports/of/homes/?place={XIANGYANG_1}"
FULL = f"/exports/of/homes_full/?place={XIANGYANG_1}"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, cast: Cast) -> None:
    settings.MEDIA_ROOT = tmp_path
    lives(cast, home(cast, "501"), "王秀英", id_number=number(2), phone="12000000002")


def ask(client: Client, address: str = FULL) -> Export:
    client.post(address, {"token": uuid4(), "purpose": "上门通知体检"})
    return Export.objects.get()


def test_the_worker_takes_her_grid_masked(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    assert "脱敏导出" in client.get("/homes/export/").content.decode()
    assert "用途" in client.get(MASKED).content.decode()
    assert client.post(MASKED, {"token": uuid4(), "purpose": ""}).status_code == 422
    assert not Access.objects.exists(), "nothing was taken yet"
    export = ask(client, MASKED)
    tasks.write_exports()
    export.refresh_from_db()
    assert (export.state, export.expires_at is not None) == (Export.State.DONE, True)
    said = told(client.get(f"/exports/{export.pk}/file/"))
    assert "用途：上门通知体检" in said
    assert "王**" in said
    assert "120****0002" in said
    assert "王秀英" not in said
    assert number(2) not in said
    assert Access.objects.get().reason == "上门通知体检；网格：向阳第1网格，已脱敏"


def test_whoever_has_left_the_grid_has_no_more_of_its_files(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    export = ask(client, MASKED)
    tasks.write_exports()
    assert "王**" in told(client.get(f"/exports/{export.pk}/file/"))
    Posting.objects.filter(user=cast.worker).update(place_id="370783001901002")
    answer = client.get(f"/exports/{export.pk}/file/")
    assert (answer.status_code, "请在“户情导出”里选定网格" in answer.content.decode()) == (409, True)


def test_names_and_phones_only_when_the_secretary_agrees(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    assert "须先经批准" in client.get(FULL).content.decode()
    export = ask(client)
    tasks.write_exports()
    assert client.get(f"/exports/{export.pk}/file/").status_code == 409
    assert "等待批准" in client.get(f"/exports/{export.pk}/").content.decode()
    for nobody in ("worker", "street", "admin", "gridsecretary"):
        client.force_login(getattr(cast, nobody))
        assert client.get(f"/exports/{export.pk}/decide/").status_code == 404
        assert client.post(f"/exports/{export.pk}/decide/", {"agreed": "yes"}).status_code == 404

    client.force_login(cast.secretary)
    assert (
        Notice.objects.of(cast.secretary).get(key=f"export-asked:{export.pk}").path == f"/exports/{export.pk}/decide/"
    )
    assert "上门通知体检" in client.get("/exports/").content.decode()
    assert client.post(f"/exports/{export.pk}/decide/", {"agreed": "no"}).status_code == 422
    client.post(f"/exports/{export.pk}/decide/", {"agreed": "yes"})
    tasks.write_exports()

    client.force_login(cast.worker)
    said = told(client.get(f"/exports/{export.pk}/file/"))
    assert "王秀英" in said
    assert "12000000002" in said
    assert number(2) not in said
    assert "用途：上门通知体检" in said
    assert Access.objects.filter(by=cast.secretary, field="批准导出").count() == 1


def test_what_is_refused_is_not_written(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    export = ask(client)
    client.force_login(cast.secretary)
    client.post(f"/exports/{export.pk}/decide/", {"agreed": "no", "why": "体检名单由医院提供"})
    tasks.write_exports()
    export.refresh_from_db()
    assert (export.state, export.problem) == (Export.State.REFUSED, "体检名单由医院提供")
    assert client.post(f"/exports/{export.pk}/decide/", {"agreed": "yes"}).status_code == 404
    client.force_login(cast.worker)
    assert "体检名单由医院提供" in client.get(f"/exports/{export.pk}/").content.decode()


def test_nobody_takes_another_grid(client: Client, cast: Cast) -> None:
    client.force_login(cast.worker)
    assert client.get("/exports/of/homes/?place=370783001901002").status_code == 409
    assert client.get("/exports/of/homes/").status_code == 409, "which grid is said, not guessed"
    client.force_login(cast.secretary)
    assert client.get("/exports/of/homes/").status_code == 409, "one grid at a time"
    assert client.get("/exports/of/homes/?place=370783001902001").status_code == 409
    for stranger in ("street", "gridsecretary", "operator", "leader", "admin", "auditor"):
        client.force_login(getattr(cast, stranger))
        assert client.get("/exports/of/homes/").status_code == 404
        assert client.get("/homes/export/").status_code == 404
