"""Shops: when somebody should look in, who may write what, and two who write at once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Access
from accounts.notnow import NotNow
from grids.models import Premises
from grids.workflow import premises
from tests.cast import MONDAY_TEN, Cast
from tests.grids.patrol import found, shop


def test_small_places_are_patrolled_every_month_and_others_every_quarter(cast: Cast) -> None:
    small, school = shop(cast), shop(cast, "向阳幼儿园", kind=Premises.Kind.SCHOOL)
    assert (small.patrol_due_on, school.patrol_due_on) == (date(2026, 12, 16), date(2027, 2, 16))
    for one in (small, school):
        premises.patrol(one, note="通道畅通", key=uuid4(), by=cast.worker, at=MONDAY_TEN + timedelta(days=20))
    assert (small.inspected_on, small.patrol_due_on) == (date(2026, 12, 6), date(2027, 1, 6))
    assert school.patrol_due_on == date(2027, 3, 6)
    due = Premises.objects.visible_to(cast.worker).due(date(2027, 2, 1))
    assert list(due) == [small]


def test_one_that_was_loaded_without_a_day_follows_from_its_last_inspection(cast: Cast) -> None:
    small, school, unseen = shop(cast), shop(cast, "向阳幼儿园", kind=Premises.Kind.SCHOOL), shop(cast, "新店")
    Premises.objects.update(patrol_due_on=None)
    Premises.objects.filter(pk__in=[small.pk, school.pk]).update(inspected_on=date(2026, 11, 16))
    for day, due in ((date(2026, 12, 15), {unseen}), (date(2026, 12, 16), {unseen, small})):
        assert set(Premises.objects.due(day)) == due
    assert set(Premises.objects.due(date(2027, 2, 16))) == {unseen, small, school}


def test_what_is_closed_is_not_patrolled_until_it_opens_again(cast: Cast) -> None:
    one = shop(cast)
    premises.close(one, note="关门转让", key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert not Premises.objects.due(date(2030, 1, 1)).exists()
    with pytest.raises(NotNow, match="停业"):
        found(cast, premises=one)
    premises.reopen(one, key=uuid4(), by=cast.worker, at=MONDAY_TEN + timedelta(days=30))
    assert one.patrol_due_on == date(2027, 1, 16)


def test_a_hazard_found_there_is_a_patrol_as_well(cast: Cast) -> None:
    one = shop(cast)
    hazard = found(cast, premises=one, at=MONDAY_TEN + timedelta(days=3))
    one.refresh_from_db()
    assert one.inspected_on == date(2026, 11, 19)
    assert one.events.get(action="patrolled").detail == {"hazard": hazard.pk}


def test_what_was_done_earlier_and_sent_in_later_turns_nothing_back(cast: Cast) -> None:
    one = shop(cast)
    for days in (5, 2):
        premises.patrol(one, note="", key=uuid4(), by=cast.worker, at=MONDAY_TEN + timedelta(days=days))
    assert one.inspected_on == date(2026, 11, 21)
    assert one.events.filter(action="patrolled").count() == 2


def test_a_stranger_neither_sees_nor_writes_it(cast: Cast) -> None:
    one = shop(cast)
    for stranger in (cast.operator, cast.leader, cast.auditor, cast.admin, cast.officer):
        assert not Premises.objects.visible_to(stranger).exists()
        with pytest.raises(PermissionDenied):
            premises.patrol(one, note="", key=uuid4(), by=stranger, at=MONDAY_TEN)
    for neighbour in (cast.gridsecretary, cast.street):
        with pytest.raises(PermissionDenied):
            premises.edit(one, {"name": "别的"}, base=1, key=uuid4(), by=neighbour, at=MONDAY_TEN)


def test_one_code_stands_once_in_a_grid(cast: Cast) -> None:
    shop(cast, credit_code="91370783MA3C000001")
    with pytest.raises(NotNow, match="老王烧烤店"):
        shop(cast, "另一家", credit_code="91370783MA3C000001")


def form(one: Premises, client: Client) -> dict[str, str]:
    page = client.get(f"/premises/{one.pk}/edit/").context["form"]
    return {name: str(page[name].value() or "") for name in page.fields}


def test_two_who_edit_different_fields_both_keep_theirs(cast: Cast) -> None:
    one, client, other = shop(cast), Client(), Client()
    client.force_login(cast.worker)
    other.force_login(cast.secretary)
    mine, hers = form(one, client), form(one, other)
    client.post(f"/premises/{one.pk}/edit/", mine | {"address": "学院路20号"})
    other.post(f"/premises/{one.pk}/edit/", hers | {"employees": "6"})
    one.refresh_from_db()
    assert (one.address, one.employees, one.version) == ("学院路20号", 6, 3)
    assert (one.owner, one.phone) == ("王建国", "12000000005")


def test_the_same_field_stops_and_asks_and_keeps_what_was_typed(cast: Cast) -> None:
    one, client, other = shop(cast), Client(), Client()
    client.force_login(cast.worker)
    other.force_login(cast.secretary)
    mine, hers = form(one, client), form(one, other)
    client.post(f"/premises/{one.pk}/edit/", mine | {"name": "老王烧烤", "licence": "有"})
    answer = other.post(f"/premises/{one.pk}/edit/", hers | {"name": "王记烧烤"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "刚刚被别人改成“老王烧烤”" in page
    assert "王记烧烤" in page
    again = answer.context["form"]
    sent = {name: str(again[name].value() or "") for name in again.fields}
    assert sent["licence"] == "有"
    assert other.post(f"/premises/{one.pk}/edit/", sent).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.licence) == ("王记烧烤", "有")


def test_sealed_words_are_masked_and_each_look_is_on_record(cast: Cast) -> None:
    one, client = shop(cast), Client()
    client.force_login(cast.worker)
    pages = [client.get(address).content.decode() for address in (f"/premises/{one.pk}/", f"/premises/{one.pk}/edit/")]
    assert "王**" in pages[0]
    for page in pages:
        assert "王建国" not in page
        assert "12000000005" not in page
    unmask = f"/premises/{one.pk}/unmask/"
    assert client.post(unmask, {"field": "phone", "reason": ""}).status_code == 422
    assert not Access.objects.filter(kind="unmask").exists()
    shown = client.post(unmask, {"field": "phone", "reason": "通知消防检查"}).content.decode()
    assert "12000000005" in shown
    assert "王建国" not in shown
    look = Access.objects.get(kind="unmask")
    assert (look.by, look.subject, look.field) == (cast.worker, f"premises:{one.pk}", "联系电话")
    client.force_login(cast.street)
    assert client.post(unmask, {"field": "phone", "reason": "看看"}).status_code == 403
    client.force_login(cast.operator)
    assert client.post(unmask, {"field": "phone", "reason": "看看"}).status_code == 404


def test_a_wrong_code_and_an_impossible_number_are_said_beside_their_fields(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.worker)
    sent = {"key": str(uuid4()), "name": "小店", "kind": "small", "place": cast.grid.code, "address": "学院路2号"}
    answer = client.post("/premises/new/", sent | {"credit_code": "9137", "employees": "很多"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "统一社会信用代码是 18 位" in page
    assert "请填整数" in page
    assert "9137" in page
    assert not Premises.objects.exists()
