"""A grid worker's phone where there is no network: what she has seen today opens, what she fills in is never lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.browser.conftest import QUIET, chromium
from tests.browser.desks import come_in
from tests.browser.phone import HOW, LIBRARY, NOTE, Phone
from tests.browser.wire import Wire
from tests.shouyang.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

WAITS = re.compile("已存在手机上.*联网后自动发送")
WIPED = """async () => {
  const names = ["keys", "pages", "queue"], db = await idb.openDB("shouyang");
  const counts = await Promise.all(names.map((name) => db.count(name)));
  db.close();
  return counts;
}"""


def test_a_visit_made_without_network_is_written_when_there_is_one(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[0]
    wire.cut()
    phone.fills_in(household, "老人在家，一切都好", workplace="蔬菜批发市场")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text(WAITS)
    expect(phone.queue).to_contain_text("等待发送")
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
    line = Wire(portal.port)
    other = Phone.of(browser, line, "secretary")
    other.fills_in(f"{household}?edit=1", "电话里问的", workplace="学校食堂")
    other.sends()
    expect(other.page.locator("#flashes")).to_contain_text("已记下")
    other.context.close()
    line.close()
    wire.mend()
    queue = phone.queue
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


def test_the_browser_may_be_closed_in_between_and_its_files_tell_nothing(
    browser: Browser, wire: Wire, tmp_path: Path
) -> None:
    path = chromium()
    assert path

    def open_anew() -> Phone:
        launch = browser.browser_type.launch_persistent_context
        return Phone(launch(tmp_path, executable_path=path, args=QUIET, base_url=wire.address, **HOW))

    phone = open_anew()
    come_in(phone.page, "worker")
    household = phone.keeps_today()[3]
    wire.cut()
    phone.fills_in(household, "老人说腿疼已经好多了")
    title = phone.page.locator("form[data-queued]").get_attribute("data-queued")
    assert title
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text(WAITS)
    phone.context.close()
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and "IndexedDB" in str(file))
    assert written
    for words in (title, "老人说腿疼已经好多了"):
        assert not any(words.encode(how) in written for how in ("utf-8", "utf-16-le"))
    phone = open_anew()
    expect(phone.queue).to_contain_text("等待发送")
    expect(phone.opens(household).locator(NOTE)).to_have_value("老人说腿疼已经好多了")
    wire.mend()
    phone.keeps_today()
    expect(phone.page.locator("#queue")).to_be_hidden()
    expect(phone.reads_the_past_of(household)).to_contain_text("老人说腿疼已经好多了")
    phone.context.close()


def test_the_second_visit_from_the_same_kept_page_is_another_one(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[4]
    for words in ("第一次去没有人", "第二次去见到了儿子"):
        wire.cut()
        phone.fills_in(household, words)
        phone.page.get_by_label("无人应答").check()
        phone.sends()
        expect(phone.page.locator("#flashes")).to_contain_text(WAITS)
        wire.mend()
        phone.keeps_today()  # by then everything is sent
        expect(phone.page.locator("#queue")).to_be_hidden()
    past = phone.reads_the_past_of(household)
    expect(past).to_contain_text("第一次去没有人")
    expect(past).to_contain_text("第二次去见到了儿子")


def test_a_form_that_waits_is_closed_until_it_is_sent_or_taken_back(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[5]
    wire.cut()
    phone.fills_in(household, "门口的灯")
    phone.sends()
    page = phone.page
    expect(page.locator("#flashes")).to_contain_text(WAITS)
    expect(page.locator("form[data-queued]")).to_have_attribute("inert", "")
    page.get_by_role("button", name="再改一改").click()
    page.locator(NOTE).fill("门口的灯坏了")
    phone.sends()
    expect(page.locator("#flashes")).to_contain_text(WAITS)
    wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#flashes")).to_contain_text("的走访已记下")  # the page goes on by itself
    expect(phone.reads_the_past_of(household)).to_contain_text("门口的灯坏了")


def test_what_was_half_filled_in_is_gone_on_with(phone: Phone) -> None:
    household = phone.keeps_today()[6]
    phone.fills_in(household, "写到一半")
    phone.page.wait_for_timeout(800)  # a draft is kept when nothing has been typed for half a second
    queue = phone.queue
    expect(queue).to_contain_text("还没有提交")
    queue.get_by_role("link", name="接着填").click()
    expect(phone.page.locator(NOTE)).to_have_value("写到一半")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text("的走访已记下")
    phone.keeps_today()
    expect(phone.page.locator("#queue")).to_be_hidden()


def test_before_signing_out_anywhere_one_is_asked_and_a_colleagues_stays(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[7]
    wire.cut()
    phone.fills_in(household, "退出以前没有发出去")
    phone.sends()
    expect(phone.page.locator("#flashes")).to_contain_text(WAITS)
    phone.context.clear_cookies()
    wire.mend()
    come_in(phone.page, "secretary")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    phone.page.on("dialog", stay)
    phone.page.goto("/account/")
    phone.page.locator("#sign-out").evaluate("form => form.requestSubmit()")
    phone.page.wait_for_url("**/account/login/**")
    assert asked == [], "nothing of hers waits"
    come_in(phone.page, "worker")
    phone.page.goto("/account/")
    phone.page.locator("#sign-out").evaluate("form => form.requestSubmit()")
    phone.page.wait_for_timeout(1000)
    assert len(asked) == 1
    assert "还有 1 项没有发送" in asked[0]
    assert phone.page.url.endswith("/account/")
    phone.keeps_today()
    expect(phone.page.locator("#queue")).to_be_hidden()
    expect(phone.reads_the_past_of(household)).to_contain_text("退出以前没有发出去")


def test_who_signs_in_after_her_does_not_find_her_pages(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[0]
    phone.context.clear_cookies()
    come_in(phone.page, "operator")
    phone.page.goto("/account/")
    phone.page.wait_for_timeout(1000)
    wire.cut()
    expect(phone.opens(household).get_by_role("heading", level=1)).to_have_text("没有网络")
