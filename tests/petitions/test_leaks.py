"""A unit that has let out who called: found by the director alone, passed on, and deducted from its score."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import periods, rates, workflow
from petitions.models import Leak, Petition
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import in_hand

SAID: dict[str, Any] = {"note": "承办人把来电人信息告诉了被投诉店主", "passed_to": "市纪委监委"}


def test_a_leak_costs_its_unit_ten_points_and_nobody_else(cast: Cast) -> None:
    petition = in_hand(cast)
    workflow.record_leak(petition, unit=cast.bureau, by=cast.reviewer, at=AT + hours(3), **SAID)
    november = periods.read("2026-11", AT)
    lines = {line.key: line for line in rates.table(Petition.objects.all(), november, AT + hours(4), by="unit")}
    assert lines[cast.bureau.pk].deducted == 10
    listed = Petition.objects.filter(rates.bearing("leaked", november, AT + hours(4), unit=cast.bureau.pk))
    assert list(listed) == [petition], "the number opens its list"
    assert Notice.objects.filter(person=cast.head, title__startswith="认定泄露诉求人信息").exists()
    assert "市纪委监委" in petition.events.get(action="record_leak").detail["passed_to"]
    with pytest.raises(NotNow, match="已经登记过"):
        workflow.record_leak(petition, unit=cast.bureau, by=cast.reviewer, at=AT + hours(5), **SAID)
    with pytest.raises(DatabaseError, match=r"(?i)update"), transaction.atomic():
        Leak.objects.update(facts="没有")


def test_only_the_director_finds_it_and_only_of_who_had_it(cast: Cast) -> None:
    petition = in_hand(cast)
    for person in (cast.operator, cast.head, cast.leader):
        with pytest.raises(PermissionDenied):
            workflow.record_leak(petition, unit=cast.bureau, by=person, at=AT + hours(3), **SAID)
    with pytest.raises(NotNow, match="没有办理过这件诉求"):
        workflow.record_leak(petition, unit=cast.construction, by=cast.reviewer, at=AT + hours(3), **SAID)
    assert not Leak.objects.exists()


def test_the_form_says_it_beside_the_field(client: Client, cast: Cast) -> None:
    petition = in_hand(cast)
    client.force_login(cast.reviewer)
    address = f"/petitions/{petition.number}/do/record_leak/"
    assert cast.bureau.name in client.get(address).content.decode()
    for wrong, sentence in (
        ({"unit": cast.construction.name}, "没有办理过这件诉求"),
        ({"note": "把王秀英的电话给了店主"}, "请去掉其中的姓名"),
    ):
        refused = client.post(address, SAID | {"unit": cast.bureau.name} | wrong)
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert client.post(address, SAID | {"unit": cast.bureau.name}).status_code == 302
    client.force_login(cast.officer)
    assert client.post(f"/petitions/{call(cast).number}/do/record_leak/", SAID).status_code == 404
