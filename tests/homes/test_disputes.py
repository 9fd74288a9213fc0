"""A dispute that a visit found can be reported: the words go along by the number of the visit, to who wrote them."""

import re
from html import unescape

import pytest
from django.test import Client

from grids.models import Household, Visit
from tests.cast import Cast
from tests.grids.homes import home
from tests.homes.household import send

WORDS = "楼上漏水，两家吵了三次"


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast)


def offered(client: Client, household: Household, **typed: str) -> str:
    page = client.get(send(client, household, **typed)["Location"]).content.decode()
    found = re.search(r'<a href="([^"]+)">上报为诉求</a>', page)
    return unescape(found[1]) if found else ""


def test_the_next_step_is_offered_with_the_words_of_the_visit(worker: Client, household: Household) -> None:
    address = offered(worker, household, finding="dispute", note=WORDS)
    visit = Visit.objects.get()
    assert address.endswith(f"&visit={visit.pk}")
    assert "漏水" not in address
    form = worker.get(address, follow=True)
    assert form.context["form"]["content"].value() == WORDS
    assert form.context["form"]["address"].value() == household.dwelling.address
    assert "漏水" not in form.redirect_chain[-1][0]


def test_a_press_sent_twice_offers_the_same(worker: Client, household: Household) -> None:
    key = "6f0d4c1e-0f4b-4a51-8f43-6a4a2bd0c8f1"
    twice = [offered(worker, household, finding="dispute", note=WORDS, key=key) for _ in range(2)]
    assert twice[0] == twice[1]
    assert Visit.objects.count() == 1


def test_nothing_is_offered_where_no_dispute_was_found(worker: Client, household: Household) -> None:
    assert not offered(worker, household, note=WORDS)


def test_nobody_else_reads_the_words_by_the_number(worker: Client, cast: Cast, household: Household) -> None:
    address = offered(worker, household, finding="dispute", note=WORDS)
    for name in ("gridsecretary", "operator", "dispatcher"):
        worker.force_login(getattr(cast, name))
        assert WORDS not in worker.get(address, follow=True).content.decode(), name


@pytest.mark.parametrize("number", ["0", "x", "1' OR 1", "9" * 18, "９"])
def test_a_number_that_is_none_opens_an_empty_form(worker: Client, household: Household, number: str) -> None:
    form = worker.get("/petitions/new/", {"fresh": "1", "visit": number}, follow=True)
    assert form.status_code == 200
    assert not form.context["form"]["content"].value()
