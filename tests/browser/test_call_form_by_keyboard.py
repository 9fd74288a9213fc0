"""An operator with a headset takes a call without touching the mouse, and loses no word."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from petitions.models import Petition
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EARLIER = timezone.localdate() - timedelta(days=3)


@pytest.fixture
def screen(page: Page, live_server: Any, cast: Cast) -> Page:
    """The call form, opened by the operator."""
    client = Client()
    client.force_login(cast.operator)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/petitions/new/")
    return page


def test_tab_follows_the_conversation(screen: Page) -> None:
    names = []
    for _ in range(7):
        names.append(screen.evaluate("document.activeElement.name"))
        screen.keyboard.press("Tab")
    assert names == ["caller_phone", "caller_name", "content", "address", "happened_at", "place", "item"]


def test_a_call_is_taken_with_the_keyboard_alone(screen: Page) -> None:
    keys = screen.keyboard
    keys.type("120 0000 0009")
    keys.press("Enter")
    keys.type("赵一")
    keys.press("Enter")
    keys.type("井盖缺失，老人差点摔倒")
    keys.press("Tab")
    keys.type("圣城街道向阳第1网格")
    keys.press("Enter")
    expect(screen.locator("#id_place")).to_have_value("圣城街道 向阳社区 向阳第1网格 370783001901001")
    expect(screen.locator("#id_item")).to_have_value("A06 井盖缺失、破损、移位")
    expect(screen.locator("#known")).to_contain_text("首次来电")
    expect(screen.locator("#known")).to_contain_text("建议承办")
    keys.type(f"{EARLIER:%Y-%m-%d} 21:30")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("3")
    expect(screen.locator("[name=nature][value=complaint]")).to_be_checked()
    keys.press("Control+Enter")
    screen.wait_for_url("**/petitions/SG*/*")
    petition = Petition.objects.get()
    expect(screen.locator("#flashes")).to_contain_text(petition.lookup_code)
    assert (petition.caller_phone, petition.nature, petition.item.code) == ("12000000009", "complaint", "A06")
    assert petition.happened == f"{EARLIER:%Y-%m-%d} 21:30"


def test_what_was_filled_in_follows_the_words_but_what_was_chosen_stays(screen: Page) -> None:
    item, proposals = screen.locator("#id_item"), screen.locator("#item-proposals .proposal")
    screen.fill("#id_content", "井盖缺失")
    expect(item).to_have_value("A06 井盖缺失、破损、移位")
    screen.fill("#id_content", "楼道堆物，小区路灯也不亮")
    expect(item).to_have_value("")
    item.focus()
    chosen = proposals.nth(1).get_attribute("data-value")
    screen.keyboard.press("Alt+2")
    screen.fill("#id_content", "井盖缺失")
    expect(proposals).to_have_count(1)
    expect(item).to_have_value(str(chosen))


def test_a_proposal_is_chosen_and_overruled_from_its_field(screen: Page) -> None:
    screen.fill("#id_content", "楼道堆物，小区路灯也不亮")
    screen.focus("#id_item")
    expect(screen.locator("#item-proposals .proposal")).not_to_have_count(0)
    second = screen.locator("#item-proposals .proposal").nth(1)
    expected = second.get_attribute("data-value")
    screen.keyboard.press("Alt+2")
    assert screen.input_value("#id_item") == expected
    screen.fill("#id_item", "C03")
    screen.fill("#id_content", "楼道堆物，小区路灯也不亮，请处理")
    screen.wait_for_timeout(1500)
    assert screen.input_value("#id_item") == "C03"


def test_a_reload_and_an_expired_session_lose_no_word(screen: Page, cast: Cast) -> None:
    screen.keyboard.type("138")
    screen.focus("#id_content")
    screen.keyboard.type("话说到一半")
    screen.reload()
    assert screen.input_value("#id_content") == "话说到一半"
    assert screen.input_value("#id_caller_phone") == "138"
    screen.context.clear_cookies(name="sessionid")
    screen.focus("#id_content")
    screen.keyboard.press("End")
    screen.keyboard.type("，又接着说")
    expect(screen.locator("#known")).to_contain_text("登录已过期")
    screen.keyboard.press("Control+Enter")
    screen.wait_for_url("**/account/login/**")
    client = Client()
    client.force_login(cast.operator)
    session = client.cookies["sessionid"].value
    screen.context.add_cookies([{"name": "sessionid", "value": session, "url": screen.url}])
    screen.goto(screen.url.split("/account/")[0] + "/petitions/new/")
    assert screen.input_value("#id_content") == "话说到一半，又接着说"


SAVED_AT = "document.querySelector('.call-save').getBoundingClientRect().bottom"
LOWEST = "document.querySelector('.call-next').getBoundingClientRect().bottom"


def test_the_whole_call_fits_on_one_screen(screen: Page) -> None:
    """Also while proposals stand in it; a small screen shows the main fields above the button."""
    screen.set_viewport_size({"width": 1440, "height": 900})
    screen.fill("#id_content", "井盖缺失，老人差点摔倒")
    screen.fill("#id_address", "圣城街道向阳第1网格")
    expect(screen.locator("#id_item")).to_have_value("A06 井盖缺失、破损、移位")
    assert screen.evaluate(LOWEST) < screen.evaluate(SAVED_AT) <= 900
    screen.set_viewport_size({"width": 1366, "height": 768})
    assert screen.evaluate(SAVED_AT) <= 768
    for name in ("content", "address", "place", "item", "nature", "urgency"):
        assert screen.locator(f"[name={name}]").first.is_visible()
        assert screen.evaluate(f"document.querySelector('[name={name}]').getBoundingClientRect().bottom") < 700


def test_a_grid_worker_says_first_what_there_is(screen: Page, live_server: Any, cast: Cast) -> None:
    """With one thumb: the grid is known, the item proposed, nothing else must be filled in."""
    client = Client()
    client.force_login(cast.worker)
    session = client.cookies["sessionid"].value
    screen.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    screen.set_viewport_size({"width": 390, "height": 844})
    screen.goto(f"{live_server.url}/petitions/new/")
    assert screen.evaluate("document.activeElement.name") == "content"
    below = "document.querySelector('#id_caller_phone').getBoundingClientRect().top"
    assert screen.evaluate(below) > screen.evaluate("document.querySelector('#id_item').getBoundingClientRect().bottom")
    expect(screen.locator("#id_place")).to_have_value("圣城街道 向阳社区 向阳第1网格 370783001901001")
    screen.keyboard.type("井盖缺失，老人差点摔倒")
    expect(screen.locator("#id_item")).to_have_value("A06 井盖缺失、破损、移位")
    assert screen.locator("#save").bounding_box()["height"] >= 44  # type: ignore[index]
    screen.locator("#save").click()
    screen.wait_for_url("**/petitions/SG*/*")
    assert Petition.objects.get().registered_by == cast.worker


def test_anonymous_hides_who_is_calling(screen: Page) -> None:
    screen.check("#id_anonymous")
    expect(screen.locator("#id_caller_phone")).to_be_hidden()
    expect(screen.locator("#id_caller_name")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_runs_over_the_edge(screen: Page, width: int) -> None:
    screen.set_viewport_size({"width": width, "height": 844})
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
    screen.goto(screen.url.split("/petitions/")[0] + "/public/look-up/")
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
