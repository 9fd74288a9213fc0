"""Shops: when somebody should look in, who may write what, and two who write at once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from stdnum.cn import uscc

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


def test_the_list_and_its_tab_count_by_one_rule_also_at_the_end_of_a_month(cast: Cast) -> None:
    """31 October and a month is 30 November; 30 November less a month would be 30 October."""
    one, client = shop(cast), Client()
    premises.patrol(one, note="", key=uuid4(), by=cast.worker, at=MONDAY_TEN.replace(month=10, day=31))
    assert one.patrol_due_on == date(2026, 11, 30)
    with time_machine.travel(MONDAY_TEN.replace(day=30), tick=False):
        client.force_login(cast.worker)
        answer = client.get("/premises/?facet=due")
    assert ("该巡查", 1) in [(label, count) for label, _, count, _ in answer.context["tabs"]]
    assert "今天巡查" in answer.content.decode()


def test_one_that_is_open_always_has_a_day(cast: Cast) -> None:
    shop(cast)
    with pytest.raises(IntegrityError, match="open_premises_are_patrolled"), transaction.atomic():
        Premises.objects.update(patrol_due_on=None)


@pytest.mark.parametrize("facet", ["", "open", "due"])
def test_where_nobody_has_been_for_longest_comes_first(cast: Cast, facet: str) -> None:
    names = ("甲店", "乙店", "丙店")
    shops, client = [shop(cast, name) for name in names], Client()
    for one, day in zip(shops, (9, 3, 6), strict=True):
        Premises.objects.filter(pk=one.pk).update(inspected_on=date(2026, 10, day), patrol_due_on=date(2026, 11, day))
    client.force_login(cast.worker)
    page = client.get("/premises/", {"facet": facet}).context["page"]
    assert [one.name for one in page] == ["乙店", "丙店", "甲店"]


def test_one_that_was_loaded_says_that_nothing_is_on_record_yet(cast: Cast) -> None:
    loaded = Premises.objects.create(
        name="福来超市",
        address="学院路1号",
        place=cast.grid,
        inspected_on=date(2026, 11, 1),
        patrol_due_on=date(2026, 12, 1),
    )
    client = Client()
    client.force_login(cast.worker)
    assert "还没有记下的经过" in client.get(f"/premises/{loaded.pk}/").content.decode()


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


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("phone", "12", "号码不完整"),
        ("phone", "垃圾电话", "只能由数字组成"),
        ("credit_code", "91370783MA3C000001", "校验码不符"),
    ],
)
def test_a_telephone_and_a_code_that_cannot_be_are_refused(cast: Cast, field: str, typed: str, why: str) -> None:
    client = Client()
    client.force_login(cast.worker)
    sent = {"key": str(uuid4()), "name": "小店", "kind": "small", "place": cast.grid.code, "address": "学院路2号"}
    answer = client.post("/premises/new/", sent | {field: typed})
    assert answer.status_code == 422
    assert why in answer.context["form"].errors[field][0]
    assert typed in answer.content.decode()


def test_a_telephone_is_kept_in_one_spelling_and_a_right_code_is_taken(cast: Cast) -> None:
    client, code = Client(), "91370783MA3C00000" + uscc.calc_check_digit("91370783MA3C00000")
    client.force_login(cast.worker)
    sent = {"key": str(uuid4()), "name": "小店", "kind": "small", "place": cast.grid.code, "address": "学院路2号"}
    client.post("/premises/new/", sent | {"phone": "120-0000 0005", "credit_code": code.lower()})
    one = Premises.objects.get()
    assert (one.phone, one.credit_code) == ("12000000005", code)


def test_shops_to_patrol_stand_in_the_day(cast: Cast, client: Client) -> None:
    due, later = shop(cast, "福来超市"), shop(cast, "益民药店")
    today = timezone.localdate()
    Premises.objects.filter(pk=due.pk).update(patrol_due_on=today)
    Premises.objects.filter(pk=later.pk).update(patrol_due_on=today + timedelta(days=1))
    client.force_login(cast.worker)
    page = client.get("/today/").content.decode()
    assert "福来超市" in page
    assert "今天巡查" in page
    assert "益民药店" not in page
    Premises.objects.filter(pk=due.pk).update(name="福来生鲜超市")
    assert "福来生鲜超市" in client.get("/today/").content.decode()
    premises.patrol(due, note="", key=uuid4(), by=cast.worker, at=timezone.now())
    assert "福来生鲜超市" not in client.get("/today/").content.decode()
