"""Looking once at what is alike overlooks nothing that is not."""

import pytest
from playwright.sync_api import Page, Route

from tests.browser.sight import complaints

pytestmark = pytest.mark.browser

GOOD = '<li><a href="/one/">一件诉求</a></li>'
NAMELESS = '<li><a href="/one/"></a></li>'
SHELL = '<div class="sidebar"><a href="/"></a></div>'


def seen(page: Page, *rows: str, shell: str = "", with_shell: bool = False) -> str:
    html = f'<html lang="zh-CN"><title>页</title>{shell}<main><h1>清单</h1><ul>{"".join(rows)}</ul></main></html>'

    def answer(route: Route) -> None:
        route.fulfill(body=f"<!DOCTYPE html>{html}", content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    return " ".join(complaints(page, page.goto("http://sight.example/"), with_shell=with_shell))


def test_one_bad_row_among_many_good_ones_is_found(page: Page) -> None:
    assert "link-name" not in seen(page, *[GOOD] * 40)
    assert "link-name" in seen(page, *[GOOD] * 40, NAMELESS)


def test_the_frame_is_looked_at_where_it_is_asked_for(page: Page) -> None:
    assert "link-name" not in seen(page, GOOD, GOOD, shell=SHELL)
    assert "link-name" in seen(page, GOOD, GOOD, shell=SHELL, with_shell=True)


def test_english_and_too_wide_a_row_are_noticed(page: Page) -> None:
    wide = '<li style="width: 900px">Overdue</li>'
    said = seen(page, wide)
    assert "English: Overdue" in said
    assert "wide on a screen of 390" in said
