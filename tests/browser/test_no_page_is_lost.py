"""Where there is no network every link leads to a page of ours with a way back, and no form takes its words along."""

import pytest
from playwright.sync_api import expect

from tests.browser.phone import LIBRARY, Phone
from tests.browser.wire import Wire

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

NO_NETWORK = "现在没有网络，没有提交"
KEPT = """async () => {
  const db = await idb.openDB("shouyang"), pages = await db.getAllKeys("pages");
  db.close();
  const shells = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const files = (await Promise.all(shells.map((shell) => shell.keys()))).flat().map((one) => new URL(one.url).pathname);
  return [...pages, ...files.filter((path) => !path.startsWith("/static/"))];
}"""


@pytest.mark.parametrize("address", ["/homes/", "/hazards/new/", "{home}move-in/", "/petitions/"])
def test_a_page_that_is_not_kept_leads_back_to_today(phone: Phone, wire: Wire, address: str) -> None:
    today = phone.keeps_today()
    wanted = address.format(home=today[0])
    phone.page.goto(wanted)
    expect(phone.page.get_by_role("heading", level=1)).not_to_have_text("没有网络")
    wire.cut()
    page = phone.opens(wanted)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
    page.get_by_role("link", name="打开今日").click()
    page.wait_for_url("**/today/")
    expect(page.locator("a[data-keep]").first).to_be_visible()
    phone.answers(LIBRARY)
    assert set(phone.answers(KEPT)) == {"/today/", *today, "/offline/"}, "nothing else is kept"
    page = phone.opens(wanted)
    wire.mend()
    page.get_by_role("link", name="联网后再试这一页").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("没有网络")
    assert page.url.endswith(wanted)


def test_a_hazard_stays_on_its_page_until_there_is_a_network(phone: Phone, wire: Wire) -> None:
    phone.keeps_today()
    page = phone.opens("/hazards/new/")
    page.get_by_label("事项").select_option("A02")
    for label, words in (("地点", "学院路18号门前"), ("现场情况", "烧烤店把桌子摆到盲道上")):
        page.get_by_label(label).fill(words)
    page.get_by_role("radio", name="先记下").check()
    wire.cut()
    send = page.get_by_role("button", name="提交")
    for _ in range(2):
        send.click()
        expect(page.get_by_role("alert")).to_contain_text(NO_NETWORK)
        expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("现场情况")).to_have_value("烧烤店把桌子摆到盲道上")
    wire.mend()
    send.click()
    expect(page.locator("#solve")).to_be_visible()


def test_a_small_form_stays_on_its_page_until_there_is_a_network(phone: Phone, wire: Wire) -> None:
    household = phone.keeps_today()[0]
    page = phone.opens(f"{household}move-in/")
    page.get_by_label("姓名").fill("赵小刚")
    wire.cut()
    send = page.get_by_role("button", name="登记入户")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text(NO_NETWORK)
    expect(page.get_by_label("姓名")).to_have_value("赵小刚")
    wire.mend()
    send.click()
    expect(page.locator("#flashes")).to_contain_text("已登记入户")


def test_a_form_of_a_kept_page_is_not_lost_either(phone: Phone, wire: Wire) -> None:
    """Looking at a hidden field cannot wait for a network: it says so."""
    household = phone.keeps_today()[1]
    wire.cut()
    page = phone.opens(household)
    page.locator(".people .home-more summary").first.click()
    page.get_by_label("查看事由").first.fill("核对电话")
    page.get_by_role("button", name="查看", exact=True).first.click()
    expect(page.get_by_role("alert")).to_contain_text(NO_NETWORK)
    expect(page.get_by_label("查看事由").first).to_have_value("核对电话")
