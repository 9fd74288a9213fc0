"""The call form never loses a word: not to a reload, not to an expired session, not to a crash."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from petitions.models import Draft, Petition
from petitions.tasks import prune_drafts
from tests.cast import Cast, call
from tests.petitions.forms import FORM, said

HINTS, DRAFT = "/petitions/new/hints/", "/petitions/new/draft/"


def desk(client: Client) -> str:
    return str(client.get(FORM).context["desk"])


def test_what_is_typed_is_kept_and_comes_back(operator: Client) -> None:
    form = said(content="话说到一半", tags=["elderly", "repeated"], caller_phone="138")
    assert "草稿已存" in operator.post(HINTS, form).content.decode()
    again = operator.get(FORM)
    page = again.content.decode()
    assert "话说到一半" in page
    assert 'value="138"' in page
    assert str(again.context["form"]["submission"].value()) == form["submission"]
    assert again.context["form"]["tags"].value() == ["elderly", "repeated"]
    assert "的草稿" in page


def test_a_draft_is_sealed_in_the_database(operator: Client) -> None:
    operator.post(HINTS, said(content="独居老人", caller_name="王秀英"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM petitions_draft")
        raw = bytes(cursor.fetchone()[0])
    assert "王秀英".encode() not in raw
    assert b"content" not in raw
    assert Draft.objects.get().words["caller_name"] == ["王秀英"]


def test_leaving_the_page_keeps_the_words(operator: Client) -> None:
    assert operator.post(DRAFT, said(content="页面被关掉")).status_code == 204
    assert "页面被关掉" in operator.get(FORM).content.decode()


def test_saving_clears_the_draft_and_a_late_one_does_not_come_back(operator: Client) -> None:
    form = said()
    operator.post(HINTS, form)
    operator.post(FORM, form)
    assert not Draft.objects.exists()
    operator.post(DRAFT, form)
    assert not Draft.objects.exists()


def test_a_refused_form_is_kept_as_a_draft(operator: Client) -> None:
    operator.post(FORM, said(item="Z99", content="事项写错了"))
    assert "事项写错了" in operator.get(FORM).content.decode()


def test_an_expired_session_leads_to_sign_in_and_back_with_every_word(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator)
    form = said(content="会话到期前打的字") | {"desk": desk(client)}
    client.session.flush()
    client.cookies.clear()
    answer = client.post(FORM, form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/petitions/new/")
    assert not Petition.objects.exists()
    client.force_login(cast.operator)
    page = client.get(f"{FORM}?draft={form['submission']}").content.decode()
    assert "会话到期前打的字" in page
    client.post(FORM, form)
    assert Petition.objects.get().content == "会话到期前打的字"


def test_an_expired_session_is_told_while_typing(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator)
    form = said(content="还在打字") | {"desk": desk(client)}
    client.logout()
    page = client.post(HINTS, form).content.decode()
    assert "登录已过期" in page
    assert Draft.objects.get().by == cast.operator


def test_a_page_older_than_the_sign_in_gives_its_words_back(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.operator)
    form = said(content="另一个窗口重新登录过") | {"desk": desk(strict)}
    answer = strict.post(FORM, form, follow=True)
    page = answer.content.decode()
    assert "另一个窗口重新登录过" in page
    assert "请核对后再保存" in page
    assert not Petition.objects.exists()
    assert "登录已过期" in strict.post(HINTS, form).content.decode()
    for address in (FORM, HINTS, DRAFT):
        assert strict.post(address, said()).status_code == 403


def test_a_stranger_keeps_nothing(client: Client, cast: Cast) -> None:
    for form in (said(), said() | {"desk": "1:forged"}):
        assert client.post(FORM, form).status_code == 302
        client.post(HINTS, form)
        client.post(DRAFT, form)
    assert not Draft.objects.exists()
    assert not Petition.objects.exists()


def test_nobody_sees_anothers_draft(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator)
    form = said(content="只给我看")
    client.post(HINTS, form)
    client.force_login(cast.dispatcher)
    assert "只给我看" not in client.get(f"{FORM}?draft={form['submission']}").content.decode()
    client.post(HINTS, form | {"content": "想改别人的"})
    client.post("/petitions/new/discard/", form)
    assert Draft.objects.get().words["content"] == ["只给我看"]


def test_two_calls_at_once_are_two_drafts(operator: Client) -> None:
    first, second = said(content="第一通"), said(content="第二通")
    operator.post(HINTS, first)
    operator.post(HINTS, second)
    assert "第二通" in operator.get(FORM).content.decode()
    page = operator.get(f"{FORM}?draft={first['submission']}").content.decode()
    assert "第一通" in page
    assert "还有未保存的草稿" in page


def test_a_fresh_form_and_a_discarded_draft(operator: Client) -> None:
    form = said(content="打错了")
    operator.post(HINTS, form)
    fresh = operator.get(f"{FORM}?fresh=1", follow=True)
    assert fresh.context["form"]["content"].value() is None
    assert "还有未保存的草稿" in fresh.content.decode()
    operator.post("/petitions/new/discard/", form)
    assert not Draft.objects.exists()


def test_reloading_a_fresh_form_finds_its_words(operator: Client) -> None:
    operator.post(HINTS, said(content="上一通"))
    address = operator.get(f"{FORM}?fresh=1")["Location"]
    form = operator.get(address).context["form"]
    operator.post(HINTS, said(content="这一通", submission=str(form["submission"].value())))
    assert operator.get(address).context["form"]["content"].value() == "这一通"


def test_going_back_to_a_saved_form_opens_a_new_one(operator: Client) -> None:
    address = operator.get(f"{FORM}?fresh=1")["Location"]
    submission = str(operator.get(address).context["form"]["submission"].value())
    operator.post(FORM, said(submission=submission))
    assert str(operator.get(address).context["form"]["submission"].value()) != submission


def test_an_empty_form_is_no_draft(operator: Client) -> None:
    operator.post(HINTS, said(content="", caller_phone="", caller_name="", address="", place="", item=""))
    assert not Draft.objects.exists()


def test_drafts_do_not_pile_up(cast: Cast) -> None:
    at = timezone.now()
    old = uuid.uuid4()
    Draft.objects.keep(old, {"content": ["旧"]}, by=cast.operator, at=at - timedelta(days=8))
    for minute in range(25):
        Draft.objects.keep(uuid.uuid4(), {"content": ["新"]}, by=cast.operator, at=at + timedelta(minutes=minute))
    assert Draft.objects.count() <= 20
    assert not Draft.objects.filter(pk=old).exists()


@pytest.mark.parametrize("words", ["{", "[]", ""])
def test_a_broken_draft_restores_nothing_and_breaks_nothing(operator: Client, cast: Cast, words: str) -> None:
    Draft.objects.create(submission=uuid.uuid4(), by=cast.operator, sealed=words or "x", saved_at=timezone.now())
    assert operator.get(FORM).status_code == 200


def test_an_endless_draft_is_not_kept(operator: Client) -> None:
    operator.post(DRAFT, said(content="字" * 70_000))
    assert not Draft.objects.exists()


def test_old_drafts_go_though_nobody_writes_again(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    ages = {"今天的": 0, "六天前的": 6, "八天前的": 8}
    for content, days in ages.items():
        words = {"content": [content]}
        Draft.objects.keep(uuid.uuid4(), words, by=cast.operator, at=now - timedelta(days=days))
    saved = call(cast)
    Draft.objects.create(submission=saved.submission, by=cast.operator, saved_at=now, sealed="{}")
    with django_assert_num_queries(1):
        prune_drafts()
    assert sorted(draft.first_words for draft in Draft.objects.all()) == ["今天的", "六天前的"]
