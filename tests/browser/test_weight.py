"""The first page on a phone: everything that comes over the wire, compressed no better than WhiteNoise does it."""

import gzip

import pytest
from playwright.sync_api import Response

from tests.browser.desks import Desks

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

PRESSED = (".woff2", ".png")  # compressed already
HEAVIEST = 300_000


@pytest.mark.parametrize("address", ["/account/login/", "/public/"])
def test_the_first_page_on_a_phone_weighs_less_than_300_kb(desks: Desks, address: str) -> None:
    page, answers = desks.stranger(width=390), list[Response]()
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    bodies = {answer.url: answer.body() for answer in answers if answer.ok}
    weights = {url: len(body if url.endswith(PRESSED) else gzip.compress(body)) for url, body in bodies.items()}
    assert len(weights) > 4
    assert sum(weights.values()) < HEAVIEST, weights
    page.context.close()
