"""A visit that says too little: the phone shows at once what is missing, and where."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import Desks
from tests.browser.phone import NOTE, Phone
from tests.browser.test_a_visit import press
from tests.browser.wire import Wire

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]


def sees_what_is_wrong(page: Page, label: str) -> None:
    """It has the focus, stands on the screen, and one tap leads into the field."""
    above = page.locator(".home-wrong")
    expect(above).to_be_focused()
    expect(above).to_be_in_viewport(ratio=0.99)
    box, button = above.bounding_box(), page.locator(".home-send").bounding_box()
    assert box
    assert button
    assert box["y"] + box["height"] <= button["y"], "behind the button"
    above.get_by_role("link", name=label).click()
    expect(page.get_by_label(label, exact=True)).to_be_focused()
    expect(page.get_by_label(label, exact=True)).to_be_in_viewport()


@pytest.mark.parametrize(("found", "field"), [("需求", "#v-need"), ("隐患", "#v-hazard")])
def test_what_was_found_opens_where_it_is_written(phone: Phone, found: str, field: str) -> None:
    page = phone.opens(phone.keeps_today()[8])
    expect(page.locator(field)).to_be_hidden()
    page.get_by_role("radio", name=found, exact=True).tap()
    expect(page.locator(field)).to_be_visible()


def test_what_is_missing_is_seen_at_once(phone: Phone) -> None:
    page = phone.opens(phone.keeps_today()[8])
    page.get_by_label("矛盾").check()
    phone.sends()
    sees_what_is_wrong(page, "记录")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(NOTE).fill("两家为车位争吵")
    phone.sends()
    expect(page.locator("#flashes")).to_contain_text("的走访已记下")


def test_without_script_too(desks: Desks) -> None:
    page = desks.of("worker", width=390, script=False)
    page.goto("/homes/")
    page.locator(".homes td a").first.click()
    page.get_by_label("需求").first.check()
    page.locator(".home-more summary", has_text="补记以前的走访").click()
    page.get_by_label("走访时间").fill("昨天下午")
    press(page, "记下走访")
    expect(page.locator(".home-wrong")).to_be_focused()
    expect(page.locator(".home-wrong")).to_be_in_viewport(ratio=0.99)
    expect(page.locator("#v-need")).to_be_visible()
    page.close()


def test_a_wrong_number_among_the_fields_is_seen_at_once(phone: Phone) -> None:
    page = phone.opens(f"{phone.keeps_today()[9]}?edit=1")
    someone = page.locator("details.row-form", has=page.locator("[name^=r][name$=-phone]")).first
    someone.locator("summary").click()
    someone.get_by_label("联系电话").fill("123")
    press(page, "只保存资料，不记走访")
    above = page.locator(".home-wrong")
    expect(above).to_be_focused()
    above.get_by_role("link", name="联系电话").click()
    expect(page.locator("details.row-form[open] [name$=-phone]")).to_be_focused()


def test_what_waited_and_is_refused_is_seen_at_once(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[10]
    wire.cut()
    page = phone.opens(household)
    page.get_by_label("矛盾").check()
    phone.sends()
    expect(page.locator("#flashes")).to_contain_text("联网后自动发送")
    wire.mend()
    phone.queue.get_by_role("button", name="处理").click()
    sees_what_is_wrong(phone.page, "记录")
    phone.page.locator(NOTE).fill("两家为车位争吵")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("的走访已记下")
