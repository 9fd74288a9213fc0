"""When the phone, the line or the server fails a grid worker: what she filled in stays, and she hears why it waits."""

import re
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Route, expect

from tests.browser.phone import LIBRARY, NOTE, Phone
from tests.browser.wire import Wire
from tests.shouyang.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

FULL = """() => { IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""
THREE_HOURS_AGO = """async () => {
  const db = await idb.openDB("shouyang");
  for (const row of await db.getAll("queue")) await db.put("queue", { ...row, at: row.at - 3 * 3600 * 1000 });
  db.close();
}"""


def answering(status: int) -> Callable[[Route], None]:
    """The server, as it answers what is sent to it."""

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, body="")
        else:
            route.continue_()

    return answer


def test_a_full_phone_keeps_the_words_on_the_page_and_says_so(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[0]
    wire.cut()
    phone.opens(household)
    phone.page.evaluate(FULL)
    phone.page.locator(NOTE).fill("手机满了也不能丢")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("手机上没有存下")
    expect(phone.page.locator(NOTE)).to_have_value("手机满了也不能丢")
    wire.mend()
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("的走访已记下")


def test_what_the_server_fails_at_holds_up_nobody_else_and_is_told(phone: Phone, wire: Wire) -> None:
    broken, fine = phone.keeps_today()[1:3]
    wire.cut()
    for household in (broken, fine):
        phone.fills_in(household, f"见到了 {household} 的人")
        phone.sends()
        expect(phone.page.locator("#flashes")).to_contain_text("联网后自动发送")
    phone.context.route(f"**{broken}", answering(500))
    wire.mend()
    expect(phone.queue).to_contain_text("服务器暂时没有回应")
    expect(phone.page.locator("[data-rows] > li")).to_have_count(1)
    expect(phone.queue).to_contain_text("服务器暂时没有回应")
    expect(phone.queue).to_contain_text("服务器出错，没有记下")
    phone.context.unroute(f"**{broken}")
    phone.page.get_by_role("button", name="处理").click()
    expect(phone.page.locator("#flashes")).to_contain_text("的走访已记下")
    expect(phone.reads_the_past_of(fine)).to_contain_text(f"见到了 {fine} 的人")


def test_a_server_that_is_away_is_waited_for(phone: Phone) -> None:
    household = phone.keeps_today()[3]
    phone.context.route(f"**{household}", answering(503))
    phone.fills_in(household, "服务器在重启")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("服务器暂时没有回应，稍后自动重发")
    phone.context.unroute(f"**{household}")
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.page.locator("#flashes")).to_contain_text("的走访已记下")


def test_a_line_that_hangs_is_told_at_once(phone: Phone) -> None:
    household = phone.keeps_today()[4]
    phone.opens(household)
    phone.context.route("**/today/session/", lambda route: None)
    phone.page.locator(NOTE).fill("信号只有一格")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("已存在手机上")
    expect(phone.page.locator("#flashes")).to_contain_text("现在没有网络", timeout=15_000)


def test_a_household_that_was_moved_meanwhile_leaves_her_words_to_read(
    phone: Phone, portal: Portal, wire: Wire
) -> None:
    household = phone.keeps_today()[5]
    wire.cut()
    phone.fills_in(household, "下周三要去住院")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("联网后自动发送")
    door = "(SELECT dwelling_id FROM grids_household WHERE id = %s)"
    pk = int(household.split("/")[2])
    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as city:
        place = city.execute(f"SELECT place_id FROM grids_dwelling WHERE id = {door}", [pk]).fetchone()
        assert place
        city.execute(f"UPDATE grids_dwelling SET place_id = '370783001902001' WHERE id = {door}", [pk])
        try:
            wire.mend()
            queue = phone.queue
            expect(queue).to_contain_text("这一户已不在您负责的网格，或已注销")
            expect(queue.get_by_role("button", name="处理")).to_be_hidden()
            queue.get_by_text("看填写的内容").click()
            expect(queue.locator("dl")).to_contain_text("下周三要去住院")
            phone.page.once("dialog", lambda dialog: dialog.accept())
            queue.get_by_role("button", name="放弃").click()
            expect(queue).to_be_hidden()
        finally:
            city.execute(f"UPDATE grids_dwelling SET place_id = %s WHERE id = {door}", [place[0], pk])


def test_what_is_refused_comes_back_with_the_servers_sentence_and_its_time(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[6]
    wire.cut()
    phone.fills_in(household, "")
    phone.page.get_by_label("矛盾").check()
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("联网后自动发送")
    phone.answers(LIBRARY)
    phone.answers(THREE_HOURS_AGO)
    wire.mend()
    queue = phone.queue
    expect(queue).to_contain_text("发现了矛盾，请在记录里写明")
    queue.get_by_role("button", name="处理").click()
    page = phone.page
    expect(page.locator(".field-error")).to_contain_text("发现了矛盾，请在记录里写明")
    expect(page.locator("[name=at]")).to_have_value(re.compile(r"\d"))
    page.locator(NOTE).fill("两家为车位争吵")
    phone.sends()
    expect(page.locator("#flashes")).to_contain_text("的走访已记下")
    phone.keeps_today()
    expect(phone.page.locator("#queue")).to_be_hidden()
