"""The desks of the cast in a real browser: one signed-in context each, kept for the whole run."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from shouyang.demo.cast import CAST
from shouyang.demo.staff import others

CALL = {
    "来电号码": "12000000001",
    "姓名": "王秀英",
    "诉求内容": "向阳社区门口的烧烤店把桌子摆到人行道上，晚上走不过去。",
    "地址": "圣城街道向阳社区第1网格",
    "所属网格": "370783001901001",
    "事项": "A02",
}
TOLD = re.compile(r"已登记 (SG\d{13})，查询码 (\w{6})")


@dataclass
class Desks:
    browser: Browser
    address: str
    contexts: dict[tuple[str, bool], BrowserContext] = field(default_factory=dict)

    def stranger(self, *, width: int = 1440, script: bool = True) -> Page:
        return self._page(self._context(script), width)

    def of(self, username: str, *, width: int = 1440, script: bool = True) -> Page:
        """A new page of somebody who is signed in."""
        key = (username, script)
        if key not in self.contexts:
            self.contexts[key] = self._context(script)
            let_in(self.contexts[key], username)
        return self._page(self.contexts[key], width)

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()

    def _context(self, script: bool) -> BrowserContext:
        return self.browser.new_context(
            base_url=self.address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            reduced_motion="reduce",  # a colour half way to another one is no colour to judge
        )

    def _page(self, context: BrowserContext, width: int) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.set_default_timeout(10_000)
        return page


def somebody_of(unit: str, duty: str) -> str:
    """The username of who holds a duty in a unit of the demo city; how the names fall does not change it."""
    staff = others(random.Random(0))
    return next(one.username for one in staff for post in one.posts if (post.unit, post.duty) == (unit, duty))


def let_in(context: BrowserContext, username: str) -> None:
    """The browser without its page: the page of the door is looked at where people come in by it."""
    door = context.request.get("/account/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', door.text())
    assert token
    said = {"csrfmiddlewaretoken": token[1]}
    if username in {part.username for part in CAST}:
        desk = context.request.post("/demo/enter/", form=said | {"username": username})
    else:
        said |= {"login": username, "password": settings.DEMO_PASSWORD}
        desk = context.request.post("/account/login/", form=said)
    assert "我的工作台" in desk.text(), f"{username} was not let in"


def come_in(page: Page, username: str) -> None:
    """One of the cast clicks on the own name, and the first page is there.

    A page that is closed while the next one is on its way may never say that it has closed, and nobody would stop
    waiting for that.
    """
    page.goto("/account/login/")
    page.locator(f"button[name=username][value={username}]").click()
    expect(page.locator("#sign-out")).to_be_attached()


def take_a_call(page: Page, **words: str) -> tuple[str, str]:
    """The operator fills the form in with the mouse and saves: number and look-up code."""
    page.goto("/petitions/new/?fresh=1")
    for label, text in (CALL | words).items():
        page.get_by_label(label).first.fill(text)
    page.locator("#save").click()
    return told(page)


def told(page: Page) -> tuple[str, str]:
    expect(page.locator("#flashes")).to_contain_text("查询码")
    found = TOLD.search(page.locator("#flashes").inner_text())
    assert found
    return found[1], found[2]


def do(page: Page, action: str, **words: Any) -> None:
    """Presses the action's button, fills its form in, sends it, and reads that it is done."""
    page.locator(".actions").get_by_role("link", name=action, exact=True).click()
    send(page.locator(".action-form"), **words)
    expect(page.locator("#flashes")).to_contain_text("现在")


def send(form: Locator, **words: Any) -> None:
    form.wait_for()
    for label, text in words.items():
        answer(form, label, text)
    form.locator("button[type=submit]").click()


def answer(form: Locator, label: str, text: Any) -> None:
    """Types it, or chooses it where there is a choice."""
    group = form.get_by_role("group", name=label)
    if group.count():
        radio, tick = (group.get_by_role(role, name=text, exact=True) for role in ("radio", "checkbox"))
        radio.or_(tick).check()
        return
    field = form.get_by_label(label).first
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(field.locator("option").filter(has_text=text).get_attribute("value"))
    elif field.get_attribute("type") == "file":
        field.set_input_files(text)
    else:
        field.fill(text)
