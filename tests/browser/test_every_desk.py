"""Every page of every desk: for everybody's eyes and ears, on any screen, in Chinese, light, and without a murmur."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page

from shouyang.demo.cast import CAST
from tests.browser.desks import Desks, do, take_a_call
from tests.browser.sight import complaints

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

# What surrounds a page, and the keys that each answer gets anew.
AROUND = re.compile(r"<body .*?<main", re.S)
ONE_TIME = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|csrfmiddlewaretoken" value="\w+"')
MENU = "[...document.querySelectorAll('.sidebar li a')].map(a => a.getAttribute('href'))"
DESK, ADMIN = "/", "/admin/"
# What the places, the queues and the petitions of a desk look like one click further on.
FURTHER = {
    "operator": ["/account/", "/account/keys/", "/account/password/", "/search/?q=12000000001", "/petitions/SG1/"],
    "dispatcher": ["/petitions/fields/", "/petitions/?facet=overdue&sort=due"],
    "officer": ["/account/second-factor/"],
    "reviewer": ["overdue", "/account/sessions/"],
    "caller": ["awaiting_callback call_back", "closed"],
    "street": ["/places/370783001/"],
    "secretary": [
        "/places/370783001901/",
        "/places/370783001901/points/",
        "/places/370783001901/points/import/",
        "/homes/new/",
        "/grids/370783001901001/people/",
        "/grids/370783001901001/people/appoint/assistant/",
        "/grids/370783001901001/card/",
    ],
    "worker": ["/places/370783001901001/", "/petitions/new/", "/homes/?facet=due"],
    "leader": ["closed"],
}
MISSING = "/petitions/SG1/"
OPENED = "/public/petition/"


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text:
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard


def looked_at(page: Page, address: str) -> list[str]:
    with listening(page) as heard:
        answer = page.goto(address)
        found = [
            one
            for one in complaints(page, answer, with_shell=address == DESK)
            if not (address == MISSING and one == "answers 404")
        ]
    return [f"{address}: {one}" for one in [*heard, *found]]


read_before: set[tuple[str, str]] = set()  # in this run


def is_new(page: Page, address: str) -> bool:
    """Whether no desk has shown this very page yet: half of the pages are the same, word for word, to many people.

    The frame around them differs, and is looked at on each desk's first page.
    """
    words = page.request.get(address).text()
    read = (address, ONE_TIME.sub("", AROUND.sub("", words)))
    new = read not in read_before
    read_before.add(read)
    return new


def one_of(page: Page, queue: str, action: str = "") -> str:
    """The address of the first petition of a queue, with the form of an action open."""
    page.goto(f"/petitions/?facet={queue}")
    found = page.locator(".listing a")
    assert found.count(), f"the demo city has nothing in {queue}"
    href = found.first.get_attribute("href")
    return f"{href}do/{action}/" if action else str(href)


@pytest.mark.parametrize("username", [part.username for part in CAST])
def test_every_page_of_a_desk_is_fit_to_be_seen(desks: Desks, username: str) -> None:
    page = desks.of(username)
    found = looked_at(page, DESK)
    addresses = [href for href in page.evaluate(MENU) if href not in (DESK, ADMIN)]
    addresses.append("/account/inbox/")
    for further in FURTHER.get(username, ()):
        addresses.append(further if further.startswith("/") else one_of(page, *further.split()))
    assert found + [one for address in addresses if is_new(page, address) for one in looked_at(page, address)] == []
    page.close()


def test_the_forms_of_a_new_petition_are_fit_to_be_seen(desks: Desks) -> None:
    """A call of its own: at a quiet hour nothing of the demo city waits for the dispatcher."""
    number, _ = take_a_call(desks.of("operator"))
    dispatcher, officer = desks.of("dispatcher"), desks.of("officer")
    assert looked_at(dispatcher, f"/petitions/{number}/do/dispatch/") == []
    dispatcher.goto(f"/petitions/{number}/")
    do(dispatcher, "派单")
    officer.goto(f"/petitions/{number}/")
    do(officer, "签收")
    assert looked_at(officer, f"/petitions/{number}/do/contact/") == []


def test_a_petition_opened_by_its_resident_is_fit_to_be_seen(desks: Desks) -> None:
    """With the code, in plain and in large type; and with its forms open when it is concluded."""
    number, code = take_a_call(desks.of("operator"))
    page = desks.stranger()
    page.goto("/public/look-up/")
    page.get_by_label("诉求编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.wait_for_url(f"**{OPENED}")
    assert looked_at(page, OPENED) == []
    page.get_by_role("button", name="长辈版").click()
    dispatcher = desks.of("dispatcher")
    dispatcher.goto(f"/petitions/{number}/")
    do(dispatcher, "直接答复", 答复内容="已告知夜市开放的时间和路段。")
    answer = page.goto(OPENED)
    page.locator("details summary").first.click()
    assert page.get_by_role("button", name="提交，请重新办理").is_visible()
    assert complaints(page, answer) == []
    page.context.close()


def test_the_words_of_a_case_are_fit_to_be_written(desks: Desks) -> None:
    page = desks.of("reviewer")
    page.goto("/cases/")
    page.get_by_role("link", name=re.compile("^公开 SG")).first.click()
    page.get_by_role("button", name="先看效果").click()
    assert page.get_by_role("region", name="公众将看到").is_visible()
    assert looked_at(page, page.url) == []
    page.close()


def test_a_report_from_the_street_is_fit_to_be_seen(desks: Desks, tmp_path: Path) -> None:
    """On a phone: a large photo travels small, and is still chosen when something else was wrong."""
    Image.effect_noise((2600, 2000), 90).save(tmp_path / "路灯.jpg", quality=95)
    page = desks.stranger(width=390)
    page.goto("/public/report/")
    page.set_input_files("[name=files]", tmp_path / "路灯.jpg")
    page.get_by_text("已选 1 张").wait_for()
    page.locator("[data-taken] canvas").wait_for()  # it is shown when it has been made small
    size = "document.querySelector('[name=files]').files[0].size"
    assert page.evaluate(size) < (tmp_path / "路灯.jpg").stat().st_size
    page.get_by_label("发生了什么").fill("小区门口的路灯不亮")
    page.get_by_role("button", name="路灯不亮、杆线倾斜").click()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("请写明在什么地方").wait_for()
    assert page.evaluate(size) > 0
    page.get_by_label("在什么地方").fill("圣城街道向阳社区第1网格")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/received/")
    assert page.get_by_text("事项为“路灯不亮、杆线倾斜”").is_visible()
    assert looked_at(page, page.url) == []
    page.context.close()


STRANGERS = ["/account/login/", "/no-such-page/", "/public/", "/public/look-up/", "/public/report/", "/public/cases/"]
GRID = "/public/grid/370783001901001/"


@pytest.mark.parametrize("address", [*STRANGERS, "/public/statistics/", "/public/suspended/", GRID])
def test_every_page_of_a_stranger_is_fit_to_be_seen(desks: Desks, address: str) -> None:
    page = desks.stranger()
    assert [one for one in looked_at(page, address) if not one.endswith("answers 404")] == []
    page.context.close()
