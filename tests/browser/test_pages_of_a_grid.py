"""Every page about homes, hazards, premises, staffing, coverage and items that no menu leads to, looked at as the rest.

What folds is unfolded first: the forms of a page are looked at with it.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, FilePayload, Page, Response, expect

from tests.browser.desks import Desks, come_in
from tests.browser.sight import complaints
from tests.browser.test_a_visit import open_fields, press, registered
from tests.browser.test_every_desk import listening
from tests.browser.wire import Wire
from tests.grids.sheets import row, xlsx
from tests.shouyang.portal import ROOT, Portal
from tests.waiting import wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

COMMUNITY, GRID = "370783001901", "370783001901001"
UNFOLD = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
PROPOSE = """
from datetime import timedelta
from django.utils import timezone
from grids import retention
retention.propose(timezone.now() + timedelta(days=3000))
"""

# By whom: addresses, and after an arrow which link of that page is followed.
PAGES: dict[str, tuple[str, ...]] = {
    "worker": (
        "/hazards/new/",
        "/premises/new/",
        "/homes/?facet=cared_for → /homes/[0-9]+/",
        "/homes/?facet=cared_for → /homes/[0-9]+/ → .*/care/",
        "/homes/?facet=ended",
        "/today/",
        "/offline/",
        f"/grids/{GRID}/card/",
        f"/grids/{GRID}/card/?size=a5",
        "/grids/matrix/",
    ),
    "secretary": (
        "/homes/fields/",
        "/homes/looks/",
        "/homes/rules/",
        "/homes/export/",
        f"/exports/of/homes_full/?place={GRID}",
        "/homes/retention/ → /homes/retention/[0-9]+/",
        f"/grids/{GRID}/people/appoint/grid_secretary/",
        f"/grids/{GRID}/people/ → .*/leave/",
        f"/grids/{GRID}/people/ → .*/relieve/",
        f"/grids/matrix/?place={COMMUNITY}",
        r"/grids/coverage/ → .*\?check=.*",
        f"/places/{COMMUNITY}/points/ → /grids/compounds/[0-9]+/",
        f"/places/{COMMUNITY}/points/ → /grids/compounds/[0-9]+/ → /grids/buildings/[0-9]+/",
        "/map/?level=grid",
    ),
    "admin": (
        f"/places/{COMMUNITY}/boundaries/",
        f"/places/{COMMUNITY}/versions/",
        f"/places/{GRID}/split/",
        f"/places/{GRID}/merge/",
        f"/places/{COMMUNITY}/points/import/",
        f"/grids/{GRID}/people/appoint/grid_worker/",
        f"/grids/{GRID}/people/appoint/line_assistant/",
        "/homes/retention/ → /homes/retention/[0-9]+/",
    ),
    "officer": (
        "/items/apply/",
        "/items/ → /items/apply/[?]kind=change.*",
        "/items/ → /items/apply/[?]kind=withdraw.*",
        "/items/ → /items/versions/.*",
    ),
    "leader": ("/map/?by=hazards", "/map/?level=grid&by=coverage"),
}


def looked_at(page: Page, answer: APIResponse | Response | None) -> list[str]:
    page.evaluate(UNFOLD)
    return [f"{page.url}: {one}" for one in complaints(page, answer)]


def seen(page: Page, address: str) -> list[str]:
    first, *links = address.split(" → ")
    with listening(page) as heard:
        answer = page.goto(first)
        for link in links:
            answer = page.goto(follow(page, link))
        return looked_at(page, answer) + [f"{page.url}: {one}" for one in heard]


def follow(page: Page, link: str) -> str:
    hrefs = page.locator("main a[href]").evaluate_all("links => links.map((one) => one.getAttribute('href'))")
    found = next((href for href in hrefs if re.fullmatch(link, href)), None)
    assert found, f"{page.url} leads to no {link}"
    return str(found)


@pytest.fixture(scope="module")
def proposed(portal: Portal) -> None:
    """What may be erased, as somebody will be asked in eight years."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", PROPOSE]
    subprocess.run(command, cwd=ROOT, env=portal.environment, check=True, capture_output=True)


@pytest.mark.parametrize("username", PAGES)
def test_every_page_behind_the_menu_is_fit_to_be_seen(desks: Desks, proposed: None, username: str) -> None:
    page = desks.of(username)
    assert [one for address in PAGES[username] for one in seen(page, address)] == []
    page.close()


def test_what_is_done_with_a_home_is_fit_to_be_seen(desks: Desks) -> None:
    """Its fields open, who comes, goes and is born, twins, and a field that two people change at once."""
    secretary, worker = desks.of("secretary"), desks.of("worker")
    home, twin = (registered(secretary, "12000000009", 房号=room) for room in ("901", "902"))
    found = [f"{home}?edit=1", *(f"{home}{verb}/" for verb in ("move-in", "birth", "move-over"))]
    found += [f"{home} → {home}residents/[0-9]+/{verb}/" for verb in ("move-out", "death", "care")]
    assert [one for address in [*found, f"{twin}twins/"] for one in seen(worker, address)] == []
    worker.goto(f"{twin}twins/")
    expect(worker.locator(".home-part")).to_contain_text("王**")

    for page, words in ((secretary, "寿光一中"), (worker, "物流园")):
        open_fields(page, home).locator("details.row-form[open]").get_by_label("工作单位").fill(words)
    press(secretary, "只保存资料，不记走访")
    expect(secretary.locator("#flashes")).to_contain_text("资料已保存")
    press(worker, "记下走访")
    expect(worker.locator(".clash")).to_contain_text("寿光一中")
    assert looked_at(worker, worker.request.get(home)) == []  # a page that was sent for cannot be weighed
    worker.close()
    secretary.close()


def test_what_is_found_on_a_round_is_fit_to_be_seen(desks: Desks) -> None:
    """A hazard with its forms, and premises to be patrolled, changed and closed."""
    page = desks.of("worker")
    page.goto("/hazards/new/")
    page.get_by_label("事项").select_option("A02")
    for label, words in (("地点", "学院路18号门前"), ("现场情况", "烧烤店把桌子摆到盲道上")):
        page.get_by_label(label).fill(words)
    page.get_by_role("radio", name="先记下").check()
    press(page, "提交")
    expect(page.locator("#solve")).to_be_visible()
    assert seen(page, page.url) == []
    page.goto("/premises/new/")
    for name, words in (("name", "小李超市"), ("address", "学院路20号")):
        page.locator(f"main [name={name}]").fill(words)
    press(page, "保存")
    page.wait_for_url(re.compile(r"/premises/[0-9]+/"))
    address = page.url
    assert [one for further in ("", " → /premises/[0-9]+/edit/") for one in seen(page, address + further)] == []
    page.close()


def test_an_import_is_fit_to_be_seen_from_its_columns_to_its_report(desks: Desks) -> None:
    page = desks.of("secretary")
    rows = [row(42, room="1001"), row(43, room=""), row(44, room="1002", 身份证号="99010119900102")]
    sheet: FilePayload = {"name": "户情.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows)}
    page.goto("/homes/import/")
    page.locator("[name=file]").set_input_files(sheet)
    press(page, "上传")
    expect(page.get_by_role("button", name="开始检查")).to_be_visible()
    address = page.url
    assert seen(page, address) == []
    page.goto(address)
    press(page, "开始检查")

    def checked() -> bool:
        page.goto(address)
        return page.locator("main", has_text="第 3 行").count() > 0

    wait(checked)
    assert [
        one for further in ("", "check/", "lines/", "lines/?which=bad") for one in seen(page, address + further)
    ] == []
    page.close()


def test_an_item_asked_for_is_fit_to_be_decided(desks: Desks) -> None:
    officer, reviewer = desks.of("officer"), desks.of("reviewer")
    officer.goto("/items/")
    officer.goto(follow(officer, "/items/apply/[?]kind=withdraw.*"))
    officer.get_by_label("申请理由和依据").fill("职责已划转，见市编办文件。")
    press(officer, "提交申请")
    address = "/items/admissions/ → /items/admissions/[0-9]+/"
    assert [one for page in (officer, reviewer) for one in seen(page, address)] == []
    assert seen(reviewer, "/items/admissions/?tab=approved") == []
    officer.close()
    reviewer.close()


@pytest.fixture
def phone(browser: Browser, portal: Portal) -> Iterator[tuple[Page, Wire]]:
    wire = Wire(portal.port)
    context = browser.new_context(base_url=wire.address, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    come_in(page, "worker")
    yield page, wire
    context.close()
    wire.close()


def test_what_waits_on_a_phone_is_fit_to_be_seen(phone: tuple[Page, Wire]) -> None:
    page, wire = phone
    page.goto("/today/")
    page.locator("[data-kept]").wait_for(state="attached")
    home = page.locator("a[data-keep]").first.get_attribute("href")
    assert home
    wire.cut()
    page.goto(home)
    page.locator("form[data-queued] [name=note]").fill("老人在家，一切都好")
    press(page, "记下走访")
    expect(page.locator("#flashes")).to_contain_text("已存在手机上")
    answer = page.goto("/today/")
    expect(page.locator("#queue")).to_contain_text("等待发送")
    assert looked_at(page, answer) == []
