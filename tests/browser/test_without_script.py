"""A browser without script: the same doors, only slower."""

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desks, do, take_a_call

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]


def test_a_call_is_taken_sent_and_signed_without_script(desks: Desks) -> None:
    number, _ = take_a_call(desks.of("operator", script=False))
    dispatcher = desks.of("dispatcher", script=False)
    dispatcher.goto(f"/petitions/{number}/")
    do(dispatcher, "派单")
    officer = desks.of("officer", script=False)
    officer.goto("/petitions/tray/")
    officer.get_by_role("button", name=f"签收 {number}").click()
    expect(officer.locator("#flashes")).to_contain_text(f"{number} 签收了工单")


def test_the_list_is_narrowed_without_script(desks: Desks) -> None:
    page = desks.of("dispatcher", script=False)
    page.goto("/petitions/")
    page.get_by_role("link", name="筛选").click()
    page.get_by_label("状态").select_option(["待派单"])
    page.get_by_role("button", name="按这些条件看").click()
    expect(page.locator(".chips")).to_contain_text("待派单")
