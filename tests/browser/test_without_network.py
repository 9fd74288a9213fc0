"""A grid worker's phone where there is no network: what she has seen today opens, what she fills in is never lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.desks import come_in
from tests.browser.wire import Wire
from tests.shouyang.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

NOTE = "form[data-queued] [name=note]"
TOO_LATE = "new Promise((_, refuse) => setTimeout(() => refuse(new Error('no answer')), 30000))"
LIBRARY = """() => new Promise((done, refuse) => {
  const script = Object.assign(document.createElement("script"), { src: "/static/vendor/idb/umd.js" });
  script.onload = () => done();
  script.onerror = refuse;
  document.head.append(script);
})"""
WIPED = """async () => {
  const names = ["keys", "pages", "queue"], db = await idb.openDB("shouyang");
  const counts = await Promise.all(names.map((name) => db.count(name)));
  db.close();
  return counts;
}"""
# What lies in the browser's store, as somebody who copies it would read it.
SEALED = """async () => {
  const db = await idb.openDB("shouyang");
  const rows = await db.getAll("pages");
  db.close();
  return rows.map((row) => new TextDecoder().decode(row.sealed)).join("");
}"""


@dataclass
class Phone:
    browser: Browser
    wire: Wire
    username: str = "worker"

    def __post_init__(self) -> None:
        self.context: BrowserContext = self.browser.new_context(
            base_url=self.wire.address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 390, "height": 844},
            has_touch=True,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        come_in(self.page, self.username)

    def opens(self, address: str) -> Page:
        """As after closing the app: another page of the same browser."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.heard: list[int] = []  # of the pages of homes that the phone fetches for itself
        self.page.on("response", lambda answer: self.heard.append(answer.status) if "edit=1" in answer.url else None)
        self.page.goto(address)
        return self.page

    def keeps_today(self) -> list[str]:
        """Opens the list while there is a network, until the phone has kept it; the households on it."""
        page = self.opens("/today/")
        page.locator("[data-kept]").wait_for(state="attached")
        hrefs: list[str] = page.locator("a[data-keep]").evaluate_all("links => links.map(link => link.pathname)")
        return hrefs

    def fills_in(self, household: str, note: str, workplace: str = "") -> None:
        page = self.opens(household)
        page.locator(NOTE).fill(note)
        if workplace:
            field = page.locator("form[data-queued] [name$=-workplace]").first
            field.evaluate("field => field.closest('details') && (field.closest('details').open = true)")
            field.fill(workplace)

    def reads_the_past_of(self, household: str) -> Locator:
        page = self.opens(household)
        page.get_by_role("button", name="以往的走访和变动").click()
        return page.locator("main")

    def answers(self, script: str) -> Any:
        """What an asynchronous function says; one that never says anything would hold up the whole run."""
        return self.page.evaluate(f"() => Promise.race([({script})(), {TOO_LATE}])")

    def sends(self) -> None:
        self.page.get_by_role("button", name="记下走访").click()


@pytest.fixture
def wire(portal: Portal) -> Iterator[Wire]:
    wire = Wire(portal.port)
    yield wire
    wire.close()


@pytest.fixture
def phone(browser: Browser, wire: Wire) -> Iterator[Phone]:
    phone = Phone(browser, wire)
    yield phone
    phone.context.close()


def test_a_visit_made_without_network_is_written_when_there_is_one(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[0]
    assert "走访" not in phone.answers(SEALED)
    wire.cut()
    phone.fills_in(household, "老人在家，一切都好", workplace="蔬菜批发市场")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("已存在手机上，联网后自动发送")
    queue = phone.opens("/today/").locator("#queue")
    expect(queue).to_contain_text("等待发送")
    expect(phone.opens(household).locator(NOTE)).to_have_value("老人在家，一切都好")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    wire.mend()
    phone.keeps_today()  # by then everything is sent
    expect(phone.page.locator("#queue")).to_be_hidden()
    story = phone.reads_the_past_of(household)
    expect(story).to_contain_text("蔬菜批发市场")
    expect(story).to_contain_text("老人在家，一切都好")


def test_what_has_not_changed_is_not_sent_again(phone: Phone) -> None:
    phone.keeps_today()
    assert 200 in phone.heard
    for _ in range(3):  # a notice that comes just then is counted on every page
        phone.keeps_today()
        if set(phone.heard) == {304}:
            return
    pytest.fail(f"fetched again: {phone.heard}")


def test_what_somebody_else_changed_meanwhile_comes_back_as_a_question(
    phone: Phone, browser: Browser, portal: Portal, wire: Wire
) -> None:
    household = phone.keeps_today()[1]
    wire.cut()
    phone.fills_in(household, "换了工作", workplace="县医院")
    phone.sends()
    other = Phone(browser, Wire(portal.port), "secretary")
    other.fills_in(f"{household}?edit=1", "电话里问的", workplace="学校食堂")
    other.sends()
    expect(other.page.locator("#flashes")).to_contain_text("已记下")
    other.context.close()
    other.wire.close()
    wire.mend()
    queue = phone.opens("/today/").locator("#queue")
    expect(queue).to_contain_text("需要您处理")
    queue.get_by_role("button", name="处理").click()
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("有两个人改了")
    page.get_by_label("我填的：县医院").check()
    page.get_by_role("button", name="选好了，提交").click()
    expect(page.locator("#flashes")).to_contain_text("已记下")
    phone.keeps_today()
    expect(phone.page.locator("#queue")).to_be_hidden()
    expect(phone.reads_the_past_of(household)).to_contain_text("县医院")


def test_an_ended_session_loses_nothing_and_signing_out_leaves_nothing(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[2]
    wire.cut()
    phone.fills_in(household, "没有人应门，明天再来")
    phone.page.get_by_label("无人应答").check()
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("已存在手机上")
    phone.context.clear_cookies()
    wire.mend()
    phone.page.reload()  # the door, since nobody is signed in
    come_in(phone.page, "worker")
    phone.keeps_today()
    expect(phone.page.locator("#queue")).to_be_hidden()
    expect(phone.reads_the_past_of(household)).to_contain_text("没有人应门，明天再来")
    phone.keeps_today()
    phone.page.locator("#sign-out").evaluate("form => form.requestSubmit()")
    phone.page.wait_for_url(lambda address: "/today/" not in address)
    phone.page.goto("/offline/")
    phone.answers(LIBRARY)
    assert phone.answers(WIPED) == [0, 0, 0]
