"""What the desk keeps for itself, in a real browser: pages that read well, and words put in by one tap."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desks, take_a_call
from tests.browser.sight import complaints

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

PAGES = {
    "dispatcher": ("/knowledge/", "/knowledge/new/", "/petitions/dispatch/", "/petitions/fields/?status=in_hand"),
    "reviewer": ("/knowledge/3/",),
    "head": ("/templates/", "/templates/new/"),
    "operator": ("/handovers/",),
}


def test_the_pages_of_the_desks_upkeep_are_fit_to_be_read(desks: Desks) -> None:
    number, _ = take_a_call(desks.of("operator"))
    paper = (f"/petitions/{number}/do/answer/", f"/petitions/{number}/sheet/")
    for username, addresses in (PAGES | {"caller": paper[1:], "dispatcher": PAGES["dispatcher"] + paper}).items():
        page = desks.of(username)
        for address in addresses:
            assert (address, complaints(page, page.goto(address))) == (address, [])
        page.close()


def test_choosing_a_template_puts_its_words_behind_what_was_typed(desks: Desks) -> None:
    number, _ = take_a_call(desks.of("operator"))
    for script, name in ((True, "有脚本的"), (False, "没有脚本的")):
        page = desks.of("dispatcher", script=script)
        page.goto("/templates/new/")
        page.get_by_label("名称").fill(name)
        page.get_by_label("直接答复").check()
        page.get_by_label("内容").fill("请到窗口办理，带身份证。")
        page.locator(".action-form button[type=submit]").click()
        page.goto(f"/petitions/{number}/do/answer/")
        page.get_by_label("答复内容").fill("您好。")
        page.get_by_label("答复模板").select_option(label=f"{name}（我的）")
        if not script:
            page.get_by_role("button", name="插入").click()
        expect(page.get_by_label("答复内容")).to_have_value("您好。\n请到窗口办理，带身份证。")
        page.close()


def test_a_fitting_entry_is_taken_with_one_tap_while_the_call_goes_on(desks: Desks) -> None:
    page = desks.of("operator")
    page.goto("/petitions/new/?fresh=1")
    page.get_by_label("诉求内容").fill("小区门口的路灯晚上几点亮？")
    page.get_by_label("事项").first.fill("A07")
    page.locator("[name=next][value=answer]").check()
    page.locator("#entry-proposals .proposal").first.click()
    expect(page.get_by_label("依据的知识条目")).to_have_value(re.compile("路灯"))
