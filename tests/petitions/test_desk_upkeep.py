"""Saved filters are one's own; one shift leaves its matters to the next."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.notnow import NotNow
from petitions import workflow
from petitions.models import Handover, SavedFilter
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours


def handed(cast: Cast, shift: str = "day") -> Handover:
    return workflow.hand_over(
        on=date(2026, 11, 16), shift=shift, text="路灯一件要盯", petitions=[], by=cast.operator, at=AT
    )


def test_a_narrowed_list_is_kept_under_a_name(cast: Cast, client: Client) -> None:
    client.force_login(cast.dispatcher)
    query = "status=in_hand&item=A02&sort=newest&after=zzz&unknown=1"
    answer = client.post("/petitions/saved/", {"name": "占道在办", "query": query})
    saved = SavedFilter.objects.get()
    assert saved.query == "status=in_hand&item=A02&sort=newest"
    assert answer["Location"] == f"/petitions/?{saved.query}"
    for address in ("/", "/petitions/fields/"):
        assert "占道在办" in client.get(address).content.decode()
    client.post("/petitions/saved/", {"name": "占道在办", "query": "item=A02"})
    assert SavedFilter.objects.get().query == "item=A02"


def test_what_cannot_be_kept_is_said(cast: Cast, client: Client) -> None:
    client.force_login(cast.dispatcher)
    for said, sentence in (
        ({"name": "", "query": "item=A02"}, "请填写名称。"),
        ({"name": "空", "query": "after=x"}, "还没有条件可存"),
        ({"name": "错", "query": "status=happy"}, "这些条件有错"),
    ):
        assert sentence in client.post("/petitions/saved/", said, follow=True).content.decode()
    for n in range(SavedFilter.MOST + 1):
        client.post("/petitions/saved/", {"name": f"第{n}个", "query": "item=A02"})
    assert SavedFilter.objects.count() == SavedFilter.MOST


def test_a_saved_filter_is_nobody_elses(cast: Cast, client: Client) -> None:
    client.force_login(cast.dispatcher)
    client.post("/petitions/saved/", {"name": "占道在办", "query": "item=A02"})
    saved = SavedFilter.objects.get()
    client.force_login(cast.operator)
    assert client.post(f"/petitions/saved/{saved.pk}/forget/").status_code == 404
    assert "?item=A02" not in client.get("/petitions/fields/").content.decode()
    client.force_login(cast.dispatcher)
    client.post(f"/petitions/saved/{saved.pk}/forget/")
    assert not SavedFilter.objects.exists()


def test_the_next_shift_reads_what_this_one_left(cast: Cast, client: Client) -> None:
    petition = call(cast)
    client.force_login(cast.operator)
    said = {"on": "2026-11-16", "shift": "day", "text": "这件要盯着派单", "petitions": petition.number.lower()}
    assert client.post("/handovers/", said | {"petitions": "SG1", "text": ""}).status_code == 422
    assert client.post("/handovers/", said).status_code == 302
    assert client.post("/handovers/", said).status_code == 409
    note = Handover.objects.get()
    assert list(note.petitions.all()) == [petition]
    assert "这件要盯着派单" not in client.get("/").content.decode()
    client.force_login(cast.dispatcher)
    desk = client.get("/").content.decode()
    assert "这件要盯着派单" in desk
    assert petition.number in desk
    assert client.post(f"/handovers/{note.pk}/take/", {"back": "/"})["Location"] == "/"
    note.refresh_from_db()
    assert note.read_by == cast.dispatcher
    assert "这件要盯着派单" not in client.get("/").content.decode()
    assert "刘志远" in client.get("/handovers/").content.decode()


def test_a_shift_is_taken_over_once_and_by_another(cast: Cast) -> None:
    note = handed(cast)
    with pytest.raises(NotNow, match="您自己交的班"):
        workflow.take_over(note, by=cast.operator, at=AT + hours(1))
    workflow.take_over(note, by=cast.dispatcher, at=AT + hours(1))
    with pytest.raises(NotNow, match="刘志远已经接班"):
        workflow.take_over(note, by=cast.dispatcher, at=AT + hours(2))
    with pytest.raises(PermissionDenied):
        workflow.take_over(note, by=cast.reviewer, at=AT + hours(2))


@pytest.mark.parametrize("username", ["officer", "worker", "member", "leader", "caller"])
def test_a_stranger_sees_no_shift(cast: Cast, client: Client, username: str) -> None:
    note = handed(cast)
    client.force_login(getattr(cast, username))
    assert client.get("/handovers/").status_code == 404
    assert client.post("/handovers/", {}).status_code == 404
    assert client.post(f"/handovers/{note.pk}/take/").status_code == 404
    client.force_login(cast.auditor)
    assert client.get("/handovers/").status_code == 200
    assert client.post("/handovers/", {}).status_code == 403
    assert client.post(f"/handovers/{note.pk}/take/").status_code == 403
