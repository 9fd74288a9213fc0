"""Several petitions go to one unit at once: looked at first, then each by itself."""

from typing import Any

import pytest
from django.test import Client

from petitions import workflow
from petitions.models import Petition, Status
from tests.cast import Cast, call

PAGE = "/petitions/dispatch/"


def chosen(cast: Cast, *petitions: Petition, **more: Any) -> dict[str, Any]:
    return {"to": cast.bureau.name, "opinion": "请尽快", "number": [one.number for one in petitions], **more}


@pytest.mark.parametrize("username", ["operator", "reviewer", "officer", "member"])
def test_only_a_dispatcher_gets_there(cast: Cast, client: Client, username: str) -> None:
    client.force_login(getattr(cast, username))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, chosen(cast, call(cast), do="1")).status_code == 404
    assert Petition.objects.get().status == Status.AWAITING_DISPATCH


def test_first_what_would_happen_and_nothing_is_written(cast: Cast, client: Client) -> None:
    one, other = call(cast), call(cast, item="A07", title="路灯不亮")
    workflow.refuse(other, by=cast.operator, reason="已在诉讼", direction="")
    client.force_login(cast.dispatcher)
    assert one.number in client.get(PAGE).content.decode()
    assert one.number not in client.get(f"{PAGE}?item=A07").content.decode()
    page = client.post(PAGE, chosen(cast, one, other)).content.decode()
    assert "共 2 件，能派 1 件" in page
    assert "不能派单" in page
    one.refresh_from_db()
    assert one.status == Status.AWAITING_DISPATCH


def test_one_that_fails_does_not_stop_the_others(cast: Cast, client: Client) -> None:
    first, second, third = (call(cast) for _ in range(3))
    client.force_login(cast.dispatcher)
    seen = {f"seen-{one.number}": one.version for one in (first, second, third)}
    workflow.amend(second, by=cast.operator, title="改了标题", content=second.content, wish="", address="")
    page = client.post(PAGE, chosen(cast, first, second, third, do="1", **seen)).content.decode()
    assert "共 3 件，派出 2 件" in page
    assert "刚刚被别人处理过" in page
    assert [Petition.objects.get(pk=one.pk).unit for one in (first, second, third)] == [cast.bureau, None, cast.bureau]
    assert first.events.get(action="dispatch").note == "请尽快"
    again = client.post(PAGE, chosen(cast, first, second, third, do="1", **seen)).content.decode()
    assert "派出 0 件" in again


def test_what_is_missing_is_said(cast: Cast, client: Client) -> None:
    petition = call(cast)
    client.force_login(cast.dispatcher)
    for said, sentence in (
        (chosen(cast), "请勾选要派的工单"),
        (chosen(cast, petition, to="没有的局"), "没有找到这个单位"),
        (chosen(cast) | {"number": ["SG1"]}, "有的工单没有找到"),
    ):
        answer = client.post(PAGE, said)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
