"""The pages of hazards, shops and the list: the same number of questions however much there is, and garbage refused."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from grids.models import Item
from tests.cast import Cast
from tests.grids.patrol import found, hazard, shop, solved

LISTS = (
    "/hazards/",
    "/hazards/?facet=mine",
    "/premises/",
    "/premises/?facet=due",
    "/items/",
    "/items/versions/v2019.1/",
)
GARBAGE = (
    *("/hazards/?facet=\x00&place=\x00&after=x-y", "/hazards/?place=²", "/hazards/?place=370783001&after=1-1"),
    *("/premises/?q=%00&kind=x&facet=x&place=%C2%B2", "/premises/?page=999999", "/hazards/new/?place=%00"),
    *("/items/versions/v2019.1/?against=%00", "/items/admissions/?tab=%00&page=x"),
)
NOWHERE = (
    *("/hazards/99999999999/", "/hazards/new/?household=%C2%B2", "/hazards/new/?premises=99999999999999999999"),
    *("/hazards/new/?premises=%00", "/items/apply/?kind=change&item=%00", "/items/versions/%00/", "/premises/0/"),
)


@pytest.fixture
def client_of(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.worker)
    return client


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_list_asks_as_much_of_thirty_rows_as_of_one(cast: Cast, client_of: Client) -> None:
    found(cast)
    shop(cast)
    before = [asked(client_of, address) for address in LISTS]
    for n in range(12):
        solved(cast, address=f"{n}号楼")
        shop(cast, f"小店{n}")
    assert [asked(client_of, address) for address in LISTS] == before
    assert max(before) <= 10


def test_the_page_of_a_hazard_asks_as_much_after_a_long_story(cast: Cast, client_of: Client) -> None:
    one, other = found(cast), found(cast)
    before = asked(client_of, f"/hazards/{one.pk}/")
    for n in range(8):
        event = other.events.create(action="rechecked", at=other.found_at, by=cast.secretary, note=f"第{n}次")
        event.photos.create(file=f"{n}.jpg", sm3=str(n))
    assert asked(client_of, f"/hazards/{other.pk}/") == before <= 14


def test_an_address_that_makes_no_sense_is_the_first_page_or_nowhere(cast: Cast, client_of: Client) -> None:
    for address in GARBAGE:
        client_of.force_login(cast.head if address.startswith("/items/admissions") else cast.worker)
        assert client_of.get(address).status_code == 200, address
    for address in NOWHERE:
        client_of.force_login(cast.head if address.startswith("/items/apply") else cast.worker)
        assert client_of.get(address).status_code == 404, address


def test_a_form_without_its_key_says_so_and_keeps_what_was_typed(cast: Cast, client_of: Client) -> None:
    sent = {"place": cast.grid.code, "item": "A02", "address": "路口", "words": "井盖翘起", "next": "later", "key": "x"}
    answer = client_of.post("/hazards/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请核对后再提交一次" in page
    assert "井盖翘起" in page
    again = sent | {"key": str(answer.context["form"]["key"].value())}
    assert client_of.post("/hazards/new/", again).status_code == 302


def test_a_worker_records_nothing_in_the_grid_of_another(cast: Cast, client_of: Client) -> None:
    sent = {"place": "370783001901002", "item": "A02", "address": "路口", "words": "井盖翘起", "next": "later"}
    answer = client_of.post("/hazards/new/", sent | {"key": str(uuid4())})
    assert "请核对后再提交一次" in answer.content.decode()
    assert answer.context["form"]["place"].value() == cast.grid.code
    shop_elsewhere = {"place": "370783001901002", "name": "店", "kind": "small", "address": "路", "key": str(uuid4())}
    assert client_of.post("/premises/new/", shop_elsewhere).status_code == 422


def test_what_is_on_the_list_is_not_changed_by_hand(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(cast.admin)
    item = Item.objects.get(code="A02")
    page = client.get(f"/admin/grids/item/{item.pk}/change/").content.decode()
    assert 'name="close_amount"' not in page
    beyond = Item.objects.get(code="F01")
    page = client.get(f"/admin/grids/item/{beyond.pk}/change/").content.decode()
    assert 'name="close_amount"' in page
    assert 'name="in_grid"' not in page


def test_the_petition_says_where_it_was_found(cast: Cast, client_of: Client) -> None:
    one = hazard()
    sent = {"place": cast.grid.code, "item": "A02", "address": one.address, "words": one.words, "next": "send_on"}
    told = client_of.post("/hazards/new/", sent | {"key": str(uuid4())}, follow=True)
    assert "诉求编号 SG" in told.content.decode()
