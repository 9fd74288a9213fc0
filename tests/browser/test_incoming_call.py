"""The telephone rings: seconds later the desk says who it is, and one tap opens the form with the number in it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from petitions.models import Draft, IncomingCall, Petition, PhoneSystem
from tests.cast import Cast
from tests.petitions.test_phone import SECRET, said, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECONDS = 8000  # milliseconds


@pytest.fixture
def exchange(cast: Cast) -> PhoneSystem:
    system = PhoneSystem.objects.create(code="pbx-1", name="话务平台", secret=SECRET)
    system.extensions.create(number="8001", user=cast.operator)
    return system


@pytest.fixture
def desk(page: Page, live_server: Any, exchange: PhoneSystem, cast: Cast) -> Page:
    client = Client()
    client.force_login(cast.operator)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/")
    return page


def test_a_call_rings_on_the_desk_and_opens_its_form(desk: Page, exchange: PhoneSystem) -> None:
    send(exchange, said())
    line = desk.locator("#calls")
    expect(line).to_contain_text("来电 120****5678", timeout=SECONDS)
    assert not Axe().run(desk).response["violations"]
    line.get_by_role("link").click()
    expect(desk.locator("#id_caller_phone")).to_have_value("12000005678")
    assert "12000005678" not in desk.url
    expect(desk.locator("#id_content")).to_be_focused()
    expect(line.get_by_role("link")).to_have_count(0)
    desk.keyboard.type("路灯不亮")
    desk.locator("#id_place").fill("370783001901001")
    desk.locator("#id_item").fill("A07")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/petitions/SG*/*")
    assert IncomingCall.objects.get().petition == Petition.objects.get()


def test_asking_who_calls_forgets_no_word_and_moves_nothing(
    desk: Page, exchange: PhoneSystem, live_server: Any
) -> None:
    """Its answers come in among those of the hints, and are none."""
    desk.goto(f"{live_server.url}/petitions/new/?fresh=1")
    desk.route("**/petitions/new/hints/", lambda route: route.abort())
    desk.locator("#id_content").fill("井盖缺失")
    send(exchange, said())
    expect(desk.locator("#calls")).to_contain_text("来电 120****5678", timeout=SECONDS)
    expect(desk.locator("#id_content")).to_be_focused()
    desk.unroute("**/petitions/new/hints/")
    desk.reload()
    expect(desk.locator("#id_content")).to_have_value("井盖缺失")
    desk.locator("#calls").get_by_role("link").click()
    expect(desk.locator("#id_caller_phone")).to_have_value("12000005678")
    assert Draft.objects.filter(saved_at__lte=timezone.now()).count() == 1


def test_nobody_asks_while_nobody_looks(desk: Page, exchange: PhoneSystem) -> None:
    asked: list[str] = []
    expect(desk.locator("#calls")).to_be_attached()
    desk.wait_for_load_state("networkidle")
    desk.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    desk.on("request", lambda request: asked.append(request.url))
    desk.wait_for_timeout(3500)
    assert asked == []
    desk.evaluate("Object.defineProperty(document, 'hidden', {get: () => false, configurable: true})")
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.wait_for_timeout(500)
    assert len(asked) >= 1


def test_an_ended_session_is_said_in_the_place_of_the_line(desk: Page, exchange: PhoneSystem) -> None:
    desk.wait_for_load_state("networkidle")
    desk.context.clear_cookies()
    expect(desk.locator("#calls")).to_contain_text("登录已过期", timeout=SECONDS)
    expect(desk.locator("#flashes")).not_to_contain_text("没有得到服务器回应")
