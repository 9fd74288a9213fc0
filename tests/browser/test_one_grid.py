"""Two stories of one grid, on phones: a wish that is heard at a door, and a building that nobody had counted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.desks import Desks
from tests.browser.test_every_desk import looked_at
from tests.grids.sheets import number
from tests.waiting import wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

OLD = 82
DOOR = {"小区": "向阳花园", "楼栋": "12号楼", "单元": "1单元", "房号": "102"}
WISH = "腿脚不便，想要一把轮椅，好下楼晒太阳"
LEFT_OUT = "/grids/coverage/?check=unassigned"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def no_wider_than_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def moved_in(worker: Page) -> str:
    """A woman of 82 who lives alone: the number of her document says how old she is, the worker how she lives."""
    worker.goto("/homes/new/")
    for label, words in DOOR.items():
        worker.get_by_label(label).fill(words)
    worker.get_by_label("走访分类").select_option(label="红")
    no_wider_than_the_phone(worker)
    press(worker, "建户")
    worker.get_by_label("没有登记过，确认新建").check()
    press(worker, "建户")
    today = timezone.localdate()
    worker.get_by_label("姓名").fill("刘桂芝")
    worker.get_by_label("证件号码").fill(number(82, today.replace(year=today.year - OLD, day=1)))
    press(worker, "登记入户")
    expect(worker.locator(".people")).to_contain_text(f"女 · {OLD} 岁")
    found = re.search(r"/homes/\d+/", worker.url)
    assert found
    for told, care in enumerate(("80 岁以上", "独居"), 1):
        worker.locator(".people summary", has_text="更多").click()
        worker.get_by_role("link", name="重点关爱").click()
        worker.get_by_label("类别").select_option(label=care)
        press(worker, "登记")
        expect(worker.locator(".people")).to_contain_text(f"重点关爱 {told} 项")
    expect(worker.locator("h1 .tone, .tone.colour-red").first).to_have_text("红色户")
    return found[0]


def test_a_woman_of_82_is_visited_and_wishes_for_a_wheelchair(desks: Desks) -> None:
    worker = desks.of("worker", width=390)
    home = moved_in(worker)
    worker.get_by_role("radio", name="上门").check()
    worker.locator(".find summary", has_text="微心愿").click()
    worker.locator("#v-wish").fill(WISH)
    no_wider_than_the_phone(worker)
    press(worker, "记下走访")
    expect(worker.locator("#flashes")).to_contain_text("走访已记下")
    expect(worker.locator("[aria-labelledby=open]")).to_contain_text(WISH)
    in_a_week = timezone.localdate() + timedelta(days=7)
    expect(worker.locator("main")).to_contain_text(f"约定不晚于 {in_a_week:%Y-%m-%d}")

    worker.goto("/today/")
    waiting = worker.locator("li", has_text=WISH)
    expect(waiting).to_contain_text("微心愿")
    expect(waiting).to_contain_text("向阳花园12号楼1单元102")
    secretary = desks.of("secretary", width=390)
    secretary.goto(home)
    expect(secretary.locator("[aria-labelledby=open]")).to_contain_text(WISH)
    assert looked_at(worker, home) == []
    worker.close()
    secretary.close()


def test_a_building_that_lies_in_no_grid_is_found_and_given_one(desks: Desks) -> None:
    secretary = desks.of("secretary", width=390)
    secretary.goto(LEFT_OUT)
    press(secretary, "立即复核")
    left_out = secretary.locator("main li", has_text="未划入网格").first

    def found() -> int:
        secretary.goto(LEFT_OUT)
        return left_out.count()

    wait(found)
    words = left_out.get_by_role("link").inner_text()
    assert looked_at(secretary, LEFT_OUT) == []
    secretary.set_viewport_size({"width": 390, "height": 844})
    secretary.goto(LEFT_OUT)
    left_out.get_by_role("link").click()
    address = secretary.url
    units = secretary.locator(".coverage-units li", has_text="未入网格")
    for unit in units.all():
        unit.get_by_role("checkbox").check()
    secretary.get_by_label("划入网格").select_option(label="向阳第2网格")
    no_wider_than_the_phone(secretary)
    press(secretary, "划入网格")
    expect(secretary.locator("#flashes")).to_contain_text("已划入向阳第2网格")
    expect(units).to_have_count(0)

    def gone() -> bool:
        secretary.goto(LEFT_OUT)
        return words not in secretary.locator("main").inner_text()

    wait(gone)
    secretary.goto("/places/370783001901002/versions/")
    newest = secretary.locator("main li", has_text="第 2 版")
    expect(newest).to_contain_text("划入")
    expect(newest).to_contain_text("张秀兰")
    assert looked_at(secretary, address) == []
    secretary.close()
