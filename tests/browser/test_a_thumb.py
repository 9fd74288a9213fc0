"""On a phone whatever is tapped is 44 px high, and the whole row of a list opens what it is about."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import Desks

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]
SMALL = """() => {
  const tapped = ".btn, .form-control:not([type='file']), .form-select, .tabs a, .crumbs a, .keys-one span, summary";
  return [...document.querySelectorAll(tapped)].filter((one) => one.checkVisibility())
    .map((one) => [one.className || one.tagName, one.textContent.trim(), one.getBoundingClientRect().height])
    .filter(([, , height]) => Math.round(height) < 44);
}"""


@pytest.fixture
def worker(desks: Desks) -> Page:
    return desks.of("worker", width=390)


@pytest.mark.parametrize(
    "address", ["/today/", "/homes/", "/premises/", "/premises/new/", "/hazards/", "/hazards/new/"]
)
def test_nothing_is_smaller_than_a_thumb(worker: Page, address: str) -> None:
    worker.goto(address)
    assert worker.evaluate(SMALL) == []
    assert worker.evaluate("document.documentElement.scrollWidth") == 390


def test_nothing_of_a_home_is_smaller_than_a_thumb(worker: Page) -> None:
    worker.goto("/homes/")
    worker.locator(".homes td a").first.click()
    expect(worker).to_have_url(re.compile(r"/homes/\d+/$"))
    folded = worker.locator(".home-more > summary, .find > summary")
    expect(folded.last).to_be_visible()
    for more in folded.all():
        more.click()
    assert worker.evaluate(SMALL) == []
    assert worker.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(("address", "row"), [("/premises/", ".rows > li"), ("/homes/", ".homes tbody tr")])
def test_the_whole_row_opens_it(worker: Page, address: str, row: str) -> None:
    worker.goto(address)
    box = worker.locator(row).first.bounding_box()
    assert box
    worker.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    expect(worker).to_have_url(re.compile(rf"{address}\d+/$"))
