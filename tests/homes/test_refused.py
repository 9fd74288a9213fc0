"""What was not taken is told first, above the visit, and leads to where it is put right."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import Household, Visit
from tests.cast import Cast
from tests.grids.homes import home, lives
from tests.homes.household import VISITED, opened, page, send

ABOVE = re.compile(r'<div class="home-wrong.*?</div>', re.DOTALL)
LINK = re.compile(r'<a href="#([^"]+)">([^<]+)</a>')


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast, colour="yellow")


def led_to(shown: str) -> dict[str, str]:
    """What stands above the visit leads to what is there, and has the eye of who sees the page."""
    (above,) = ABOVE.findall(shown)
    assert "autofocus" in above
    links = dict(LINK.findall(above))
    for place in links:
        assert shown.count(f'id="{place}"') == 1, place
    return links


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ({"finding": "need"}, {"v-need": "需求"}),
        ({"finding": "hazard"}, {"v-hazard": "现场情况"}),
        ({"hazard": "漏气"}, {"v-hazard_item": "隐患事项"}),
        ({"hazard_item": "B01"}, {"v-hazard": "现场情况"}),
        ({"finding": "dispute", "at": "昨天"}, {"v-note": "记录", "v-at": "走访时间"}),
        ({"manner": "drone"}, {"v-manner_error": "方式"}),
    ],
)
def test_what_is_missing_is_told_first(
    worker: Client, household: Household, typed: dict[str, str], links: dict[str, str]
) -> None:
    answer = send(worker, household, **typed)
    assert answer.status_code == 422
    assert led_to(answer.content.decode()) == links


def test_a_visit_of_too_long_ago_is_told_first(worker: Client, household: Household) -> None:
    answer = send(worker, household, at=f"{timezone.localtime() - timedelta(days=9):%Y-%m-%d %H:%M}")
    assert answer.status_code == 409
    assert led_to(answer.content.decode()) == {"v-at": "走访时间"}


def test_what_concerns_no_field_is_told_first(worker: Client, cast: Cast) -> None:
    answer = send(worker, home(cast, "601", colour="orange"), manner="phone")
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert led_to(shown) == {}
    assert "须上门" in ABOVE.findall(shown)[0]


def test_who_only_saves_fields_is_not_asked_about_a_visit(worker: Client, cast: Cast, household: Household) -> None:
    wang = lives(cast, household)
    typed = opened(wang, phone="123", workplace="菜市场")
    answer = send(worker, household, typed, do="edit", finding="need", note="好" * 501)
    assert answer.status_code == 422
    assert led_to(answer.content.decode()) == {f"f-r{wang.pk}-phone": "王**（户主） · 联系电话"}
    assert not answer.context["visit"].errors
    assert send(worker, household, opened(wang, workplace="菜市场"), do="edit", finding="need").status_code == 302
    assert not Visit.objects.exists()


def test_a_page_that_was_only_opened_tells_of_nothing(worker: Client, household: Household) -> None:
    assert "home-wrong" not in page(worker, household)


@pytest.mark.parametrize("finding", ["need", "hazard"])
def test_without_script_what_was_found_opens_where_it_is_written(
    worker: Client, household: Household, finding: str
) -> None:
    opening = rf'<details class="find" data-asked-by="finding-{finding}" open>'
    assert opening not in page(worker, household)
    answer = worker.post(f"/homes/{household.pk}/", VISITED | {"do": "open", "finding": finding})
    assert opening in answer.content.decode()
    assert "home-wrong" not in answer.content.decode()
