"""A home is registered, visited on a phone, and changed by two people at once: nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import Desks
from tests.browser.test_every_desk import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

DOOR = {"小区": "锦绣华庭", "楼栋": "7号楼", "单元": "2单元", "房号": "501"}
HEARD = "腿脚不好，想在卫生间装扶手"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_fields(page: Page, home: str) -> Page:
    """The person's own fields, with her place of work before one's eyes."""
    page.goto(home)
    press(page, "核对、修改资料")
    page.locator("details.row-form summary", has_text="王**").click()
    page.locator("details.row-form[open]").get_by_label("工作单位").wait_for()
    return page


def registered(secretary: Page, phone: str = "12000000001", **door: str) -> str:
    secretary.goto("/homes/new/")
    for label, words in (DOOR | door).items():
        secretary.get_by_label(label).fill(words)
    press(secretary, "建户")
    fresh, name = secretary.get_by_label("没有登记过，确认新建"), secretary.get_by_label("姓名")
    expect(fresh.or_(name)).to_be_visible()
    if fresh.is_visible():  # the compound or the building is a new one
        fresh.check()
        press(secretary, "建户")
    name.fill("王秀英")
    secretary.get_by_label("联系电话").fill(phone)
    press(secretary, "登记入户")
    expect(secretary.locator("#flashes")).to_contain_text("已登记入户")
    found = re.search(r"/homes/\d+/", secretary.url)
    assert found
    return found[0]


def test_a_visit_on_a_phone(desks: Desks) -> None:
    secretary, worker = desks.of("secretary"), desks.of("worker", width=390)
    home = registered(secretary)

    worker.goto("/homes/")
    worker.locator("#find").fill("12000000001")
    press(worker, "查一户")
    worker.wait_for_url(f"**{home}")
    expect(worker.locator(".people")).to_contain_text("120****0001")
    assert "12000000001" not in worker.content()

    worker.locator(".find summary", has_text="需求").click()
    worker.locator("#v-need").fill(HEARD)
    press(worker, "记下走访")
    expect(worker.locator("#flashes")).to_contain_text("走访已记下")
    expect(worker.locator("[aria-labelledby=open]")).to_contain_text(HEARD)

    open_fields(worker, home)
    open_fields(secretary, home)
    secretary.locator("details.row-form[open]").get_by_label("工作单位").fill("寿光一中")
    press(secretary, "只保存资料，不记走访")
    expect(secretary.locator("#flashes")).to_contain_text("资料已保存")
    worker.locator("#v-note").fill("下午在家")
    worker.locator("details.row-form[open]").get_by_label("工作单位").fill("物流园")
    press(worker, "记下走访")
    expect(worker.locator(".clash")).to_contain_text("寿光一中")
    worker.get_by_role("radio", name="我填的：物流园").check()
    press(worker, "选好了，提交")
    expect(worker.locator("#flashes")).to_contain_text("走访已记下")
    worker.get_by_role("button", name="以往的走访和变动").click()
    for words in ("下午在家", "寿光一中 → 物流园", "空 → 寿光一中"):
        expect(worker.locator(".story")).to_contain_text(words)

    assert looked_at(worker, home) == []
    worker.close()
    secretary.close()
