"""The call form and a person in a hurry: a session that ends within a sentence, a finger that presses twice."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.desks import CALL, Desks, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]


@pytest.fixture
def form(desks: Desks) -> Page:
    """An empty form of an operator who signs in for this test alone."""
    page = desks.stranger()
    page.goto("/account/login/?next=/petitions/new/")
    sign_in(page)
    page.goto("/petitions/new/?fresh=1")
    return page


def sign_in(page: Page) -> None:
    page.get_by_label("用户名").fill("operator")
    page.get_by_label("密码").fill(settings.DEMO_PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_who_signs_in_again_goes_on_with_the_same_sentence(form: Page) -> None:
    content = form.get_by_label("诉求内容")
    content.fill("话说到一半")
    expect(form.locator("#draft-state")).to_contain_text("草稿已存")
    form.context.clear_cookies(name="sessionid")
    content.fill("话说到一半，登录过期了")
    expect(form.locator("#known")).to_contain_text("登录已过期")
    form.get_by_role("link", name="重新登录，继续填写").click()
    sign_in(form)
    expect(content).to_have_value("话说到一半，登录过期了")
    form.get_by_role("button", name="丢弃草稿").click()
    expect(content).to_have_value("")
    form.context.close()


def test_a_double_click_on_save_makes_one_petition(form: Page) -> None:
    for label, text in (CALL | {"诉求内容": "双击保存的紫藤架倾斜，请来加固。"}).items():
        form.get_by_label(label).first.fill(text)
    form.locator("#save").dblclick()
    number, _ = told(form)
    form.goto("/petitions/?q=双击保存的紫藤架")
    expect(form.locator(".listing tbody tr")).to_have_count(1)
    expect(form.locator(".listing")).to_contain_text(number)
    form.context.close()
