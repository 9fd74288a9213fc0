"""What holds for every page: nothing inline, nothing from elsewhere, quiet templates, headers on every answer."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse

from shouyang.menu import MENU, Entry

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def named(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    words = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", words), "inline script"
    assert not re.search(r"<style\b|\sstyle=", words), "inline style"
    assert not re.search(r"\son[a-z]+=", words), "inline handler"
    assert not re.search(r"(src|href|action)=[\"'](https?:)?//", words), "an address outside the portal"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 100


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles_and_its_includes_say_only(path: Path) -> None:
    get_template(named(path))
    for include in re.findall(r"{%\s*include\b.*?%}", path.read_text()):
        assert re.search(r"\bonly\s*%}", include), include


@pytest.mark.parametrize("address", ["/account/login/", "/no-such-page/", "/healthz"])
def test_every_answer_carries_the_headers(client: Client, db: None, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "413", "429", "500"])
def test_every_refusal_has_a_page_in_chinese(code: str, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    page = get_template(f"{code}.html").render({}, request)
    assert 'lang="zh-CN"' in page
    assert "回到首页" in page


def test_too_much_in_one_form_is_answered_in_chinese(client: Client, db: None) -> None:
    answer = client.post("/account/login/", {"login": "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}, follow=True)
    assert answer.status_code in {400, 413}
    assert "内容太大" in answer.content.decode()


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.url_name)
def test_every_entry_of_the_menu_leads_somewhere(entry: Entry) -> None:
    assert reverse(entry.url_name)
