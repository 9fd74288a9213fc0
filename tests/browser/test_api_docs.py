"""The API's reading room in a real browser, under the portal's own content security policy."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_the_reading_room_renders_from_our_own_files_alone(
    context: BrowserContext, live_server: Any, cast: Cast, client: Client
) -> None:
    client.force_login(cast.operator)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    complaints: list[str] = []
    answers: list[Any] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{live_server.url}/api/docs/")
    page.get_by_text("不予受理").first.wait_for(timeout=30_000)
    page.get_by_text("登记诉求").first.click()
    page.get_by_role("button", name="Try it out").wait_for()
    assert not [answer.url for answer in answers if not answer.url.startswith((live_server.url, "data:"))]
    assert not [answer.url for answer in answers if answer.status >= 400]
    assert not complaints
