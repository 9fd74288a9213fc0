"""Hazards and premises as sheets: what the page lists, no more, and no telephone number out of somebody's words."""

import pytest
from django.test import Client

from accounts.models import Access
from tests.cast import Cast
from tests.grids.patrol import found, shop, solved
from tests.grids.sheets import told

ASKED = {"hazards": "/hazards/", "premises": "/premises/"}


@pytest.fixture
def worker(cast: Cast, client: Client) -> Client:
    found(cast, words="楼道堆着纸箱，房主电话 12000000001")
    solved(cast, address="锦绣华庭5号楼")
    shop(cast, "老王烧烤店")
    shop(cast, "小李修车铺", phone="12000000002")
    client.force_login(cast.worker)
    return client


@pytest.mark.parametrize("name", ASKED)
def test_the_page_leads_to_its_sheet_narrowed_alike(worker: Client, name: str) -> None:
    page = worker.get(f"{ASKED[name]}?facet=open").content.decode()
    assert f'href="/exports/of/{name}/?facet=open"' in page


def test_the_sheet_of_hazards_is_the_list(worker: Client) -> None:
    rows = told(worker.get("/exports/of/hazards/?facet=found"))
    assert "楼道堆着纸箱" in rows
    assert "锦绣华庭5号楼" not in rows
    assert "12000000001" not in rows
    assert "锦绣华庭5号楼" in told(worker.get("/exports/of/hazards/?facet=open"))
    assert {row.reason for row in Access.objects.all()} == {"待处置；全部网格", "未销号；全部网格"}


def test_the_sheet_of_premises_is_the_list_without_people(worker: Client) -> None:
    rows = told(worker.get("/exports/of/premises/?q=修车"))
    assert "小李修车铺" in rows
    assert "老王烧烤店" not in rows
    assert "12000000002" not in told(worker.get("/exports/of/premises/"))


def test_a_stranger_finds_nothing(worker: Client, cast: Cast) -> None:
    worker.force_login(cast.operator)
    assert worker.get("/exports/of/premises/").status_code == 404
    assert "纸箱" not in told(worker.get("/exports/of/hazards/"))
