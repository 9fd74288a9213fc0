"""A grid worker's phone: a browser as wide as a hand, on a line that can be cut."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.desks import come_in
from tests.browser.wire import Wire

NOTE = "form[data-queued] [name=note]"
TOO_LATE = "new Promise((_, refuse) => setTimeout(() => refuse(new Error('no answer')), 30000))"
LIBRARY = """() => new Promise((done, refuse) => {
  const script = Object.assign(document.createElement("script"), { src: "/static/vendor/idb/umd.js" });
  script.onload = () => done();
  script.onerror = refuse;
  document.head.append(script);
})"""
HOW: dict[str, Any] = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "reduced_motion": "reduce",
}


class Phone:
    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page = context.new_page()

    @classmethod
    def of(cls, browser: Browser, wire: Wire, username: str) -> "Phone":
        phone = cls(browser.new_context(base_url=wire.address, **HOW))
        come_in(phone.page, username)
        return phone

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

    @property
    def queue(self) -> Locator:
        """What the list of today says of it."""
        return self.opens("/today/").locator("#queue")
