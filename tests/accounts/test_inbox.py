"""The inbox: mine alone, newest first, opening is reading, and no way out of the portal."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, User
from accounts.notices import tell
from tests.cast import Cast

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
INBOX = "/account/inbox/"


@pytest.fixture
def head(cast: Cast, client: Client) -> User:
    client.force_login(cast.head)
    return cast.head


def told(person: User, key: str = "SG1", path: str = "/account/", minutes: int = 0) -> Notice:
    tell([person], key=key, title=f"{key} 红牌", path=path, at=NOW + timedelta(minutes=minutes))
    return Notice.objects.get(person=person, key=key)


def test_an_empty_inbox_says_what_will_come(client: Client, head: User) -> None:
    assert "还没有通知" in client.get(INBOX).content.decode()


def test_opening_a_notice_reads_it_and_goes_there(client: Client, head: User) -> None:
    notice = told(head)
    assert "1 条未读" in client.get(INBOX).content.decode()
    assert client.post(f"{INBOX}{notice.pk}/")["Location"] == "/account/"
    page = client.get(INBOX).content.decode()
    assert "条未读" not in page
    assert "SG1 红牌" in page
    assert "没有未读通知" in client.get(f"{INBOX}?show=unread").content.decode()


def test_looking_at_an_address_does_not_read_it(client: Client, head: User) -> None:
    assert client.get(f"{INBOX}{told(head).pk}/").status_code == 405


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_a_notice_never_leads_out_of_the_portal(client: Client, head: User, path: str) -> None:
    assert client.post(f"{INBOX}{told(head, path=path).pk}/")["Location"] == INBOX


def test_somebody_elses_notice_is_not_there(client: Client, head: User, cast: Cast) -> None:
    notice = told(cast.officer)
    assert client.post(f"{INBOX}{notice.pk}/").status_code == 404
    client.post(f"{INBOX}read/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_can_be_marked_read(client: Client, head: User) -> None:
    for n in range(3):
        told(head, key=f"SG{n}")
    assert "已将 3 条通知标为已读" in client.post(f"{INBOX}read/", follow=True).content.decode()


def test_long_inboxes_are_paged_and_cost_no_more(
    client: Client, head: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(75):
        told(head, key=f"SG{n:02}", minutes=n)
    with django_assert_max_num_queries(12):
        page = client.get(INBOX).content.decode()
    assert "SG74" in page
    assert "SG44" not in page
    assert "第 1 / 3 页" in page
    assert "SG00" in client.get(f"{INBOX}?page=3").content.decode()
    assert client.get(f"{INBOX}?page=999999").status_code == 200
    assert client.get(f"{INBOX}?page=x").status_code == 200


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    for address in (INBOX, "/account/", "/account/keys/", "/account/sessions/", "/account/password/"):
        assert client.get(address)["Location"].startswith("/account/login/?next=")


def test_words_of_a_notice_are_words(client: Client, head: User) -> None:
    tell([head], key="x", title="<script>alert(1)</script>", body="<b>粗</b>", at=NOW)
    page = client.get(INBOX).content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
