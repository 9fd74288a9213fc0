"""A browser gets every front-end file from the portal itself, and nothing from anywhere else."""

from typing import Any

import pytest
from playwright.sync_api import Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_sign_in_page_loads_only_our_own_files(page: Page, live_server: Any) -> None:
    answers: list[Response] = []
    errors: list[str] = []
    page.on("response", lambda answer: answers.append(answer))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)

    page.goto(f"{live_server.url}/account/login/")

    assert [answer.url for answer in answers if answer.status >= 400] == []
    assert {answer.url for answer in answers if not answer.url.startswith((live_server.url, "data:"))} == set()
    assert any("tabler.min" in answer.url for answer in answers)
    assert errors == []
