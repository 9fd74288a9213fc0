"""A long list as a sheet, in a real browser: the bar moves by itself, or by reloading where no script runs."""

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desks
from tests.browser.sight import complaints
from tests.waiting import wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]


@pytest.mark.parametrize("script", [True, False])
def test_a_long_list_is_written_while_its_owner_looks_on(desks: Desks, script: bool) -> None:
    page = desks.of("auditor", script=script)
    answer = page.goto("/exports/of/trail/?kind=people")
    if script:
        assert complaints(page, answer) == []
    page.get_by_label("用途").fill("例会汇报")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exports/*/")
    ready = page.get_by_role("link", name="下载")

    def written() -> int:
        if not ready.count():
            page.get_by_role("link", name="刷新看进度").click()
        return ready.count()

    if not script:
        wait(written)
    expect(ready).to_be_visible(timeout=30_000)
    with page.expect_download() as taken:
        ready.click()
    assert taken.value.suggested_filename.startswith("审计记录-")
    if script:
        for address in (page.url, "/exports/"):
            assert (address, complaints(page, page.goto(address))) == (address, [])
    page.close()
