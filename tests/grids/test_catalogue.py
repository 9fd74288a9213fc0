"""准入: what may be asked of a grid, and how it comes onto the list, changes on it and leaves it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from grids import catalogues
from grids.models import Admission, CatalogueVersion, Item, ListedItem, Posting
from grids.workflow import admitting
from tests.cast import MONDAY_TEN, Cast
from tests.petitions.stages import in_hand

State = Admission.State
NOVEMBER = date(2026, 11, 30)


def asked(cast: Cast, kind: str = "add", *, code: str = "A02", key: UUID | None = None, **said: Any) -> Admission:
    listed = ListedItem.objects.in_force(MONDAY_TEN.date()).select_related("item").get(code=code)
    new = {"name": "共享单车乱停放", "closing_standard": "归位成线"} if kind == "add" else {}
    values = {**listed.values(), **new, "reason": "城市管理职责（示例）", **said}
    admission = Admission(kind=kind, unit=cast.bureau, item=None if kind == "add" else listed.item, **values)
    made = admitting.apply(admission, key=key or uuid4(), by=cast.head, at=MONDAY_TEN)
    assert made
    return made


def approved(cast: Cast, kind: str = "add", **said: Any) -> Admission:
    one = asked(cast, kind, **said)
    admitting.approve(one, by=cast.reviewer, at=MONDAY_TEN)
    return one


def published(cast: Cast) -> CatalogueVersion:
    return admitting.publish(note="示例", by=cast.reviewer, at=MONDAY_TEN)


def listed() -> set[str]:
    return set(ListedItem.objects.in_force(MONDAY_TEN.date()).values_list("code", flat=True))


def test_the_first_version_is_the_56_items_of_2019(cast: Cast) -> None:
    version = CatalogueVersion.objects.in_force()
    assert version
    assert (version.name, len(listed())) == ("v2019.1", 56)
    assert [len(lines) for _, lines in catalogues.by_domain(version.items.all())] == [14, 11, 8, 13, 10]


def test_what_is_approved_comes_onto_the_next_version_and_the_old_one_stays(cast: Cast) -> None:
    before = CatalogueVersion.objects.get()
    one = approved(cast)
    assert "共享单车乱停放" not in set(Item.objects.values_list("name", flat=True))
    version = published(cast)
    one.refresh_from_db()
    assert (version.name, one.state, one.version) == ("v2026.1", State.PUBLISHED, version)
    assert one.item
    assert (one.item.code, one.item.in_grid, one.item.lead) == ("A15", True, cast.bureau)
    assert (before.items.count(), version.items.count()) == (56, 57)
    difference = catalogues.difference(before, version)
    assert [line.name for line in difference.added] == ["共享单车乱停放"]
    assert not difference.gone
    assert not difference.changed
    actions = list(one.events.values_list("action", flat=True))
    assert actions == ["apply", "approve", "publish"]


def test_a_published_version_is_never_edited(cast: Cast) -> None:
    for row in (CatalogueVersion.objects, ListedItem.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.update(note="别的")


def test_new_limits_hold_for_promises_made_from_then_on(cast: Cast) -> None:
    promised = in_hand(cast).clocks.get(promise="resolve")
    approved(cast, "change", respond_amount=1, close_amount=2)
    version = published(cast)
    now = in_hand(cast).clocks.get(promise="resolve")
    assert (promised.amount, now.amount) == (4, 2)
    assert version.items.get(code="A02").close_amount == 2
    due = promised.due_at
    promised.refresh_from_db()
    assert (promised.due_at, promised.stopped_at) == (due, None)
    changed = catalogues.difference(CatalogueVersion.objects.get(name="v2019.1"), version).changed
    assert [one.line.code for one in changed] == ["A02"]
    assert {label for label, _, _ in changed[0].fields} == {"响应时限", "办结时限"}


def test_what_is_withdrawn_is_left_to_the_hotline(cast: Cast) -> None:
    approved(cast, "withdraw")
    published(cast)
    item = Item.objects.get(code="A02")
    assert (item.in_grid, item.active) == (False, True)
    assert "A02" not in listed()
    back = approved(cast, "add", code="A04", name=item.name)
    published(cast)
    back.refresh_from_db()
    assert back.item == item  # the same number as before
    assert "A02" in listed()


def test_a_temporary_item_leaves_by_itself_on_the_day_after_its_last(cast: Cast) -> None:
    approved(cast, temporary=True, until=NOVEMBER)
    published(cast)
    line = ListedItem.objects.get(name="共享单车乱停放")
    last = MONDAY_TEN + timedelta(days=14)
    assert ListedItem.objects.in_force(NOVEMBER).contains(line)
    assert not ListedItem.objects.in_force(NOVEMBER + timedelta(days=1)).contains(line)  # whether the sweep ran or not
    assert admitting.expire(last) is None
    version = admitting.expire(last + timedelta(days=1))
    assert version
    assert admitting.expire(last + timedelta(days=1)) is None
    assert (version.name, version.published_by, version.items.count()) == ("v2026.2", None, 56)
    assert "共享单车乱停放" in version.note
    line.item.refresh_from_db()
    assert (line.item.in_grid, line.item.active) == (False, False)


def test_a_temporary_item_needs_its_last_day(cast: Cast) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        asked(cast, temporary=True)
    one = asked(cast, temporary=True, until=NOVEMBER)
    with pytest.raises(NotNow, match="有效期至 2026-11-30 已过"):
        admitting.approve(one, by=cast.reviewer, at=MONDAY_TEN + timedelta(days=20))


def test_what_is_sent_back_comes_again_and_both_sides_are_told(cast: Cast) -> None:
    one = asked(cast)
    assert Notice.objects.of(cast.reviewer).get().path == f"/items/admissions/{one.pk}/"
    admitting.send_back(one, note="请写明依据", by=cast.reviewer, at=MONDAY_TEN)
    assert one.state == State.RETURNED
    assert "退回补正" in Notice.objects.of(cast.head).get().title
    values = {**one.values(), "temporary": False, "until": None, "reason": "市容条例（示例）"}
    admitting.resubmit(one, values, by=cast.officer, at=MONDAY_TEN)
    one.refresh_from_db()
    assert (one.state, one.reason) == (State.APPLIED, "市容条例（示例）")
    admitting.refuse(one, note="属企业责任", by=cast.reviewer, at=MONDAY_TEN)
    with pytest.raises(NotNow, match="未准入"):
        admitting.approve(one, by=cast.reviewer, at=MONDAY_TEN)


def test_nothing_is_applied_for_twice(cast: Cast) -> None:
    asked(cast)
    with pytest.raises(NotNow, match="已有一份准入申请在办"):
        asked(cast)
    with pytest.raises(NotNow, match="已在现行清单里"):
        asked(cast, name=Item.objects.get(code="A02").name)
    with pytest.raises(NotNow, match="请由牵头单位申请"):
        asked(cast, "withdraw", code="A01")
    key = uuid4()
    asked(cast, "withdraw", key=key)
    again = Admission(kind="withdraw", unit=cast.bureau, item=Item.objects.get(code="A02"))
    assert admitting.apply(again, key=key, by=cast.head, at=MONDAY_TEN) is None


def test_a_change_keeps_the_unit_that_the_item_has_been_given_since(cast: Cast) -> None:
    item = Item.objects.filter(in_grid=True, lead=None).exclude(lead_line="街道").first()
    assert item
    refused = Admission(kind="change", unit=cast.bureau, item=item, name=item.name)
    assert "请由牵头单位申请" in admitting.hindrance(refused, MONDAY_TEN.date())
    Item.objects.filter(pk=item.pk).update(lead=cast.bureau)
    client = Client()
    client.force_login(cast.head)
    form = client.get(f"/items/apply/?kind=change&item={item.code}").context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    answer = client.post(f"/items/apply/?kind=change&item={item.code}", sent | {"reason": "示例", "close_amount": 9})
    assert answer.status_code == 302
    admitting.approve(Admission.objects.get(), by=cast.reviewer, at=MONDAY_TEN)
    published(cast)
    item.refresh_from_db()
    assert (item.lead, item.close_amount) == (cast.bureau, 9)


def test_two_who_publish_publish_once(cast: Cast) -> None:
    approved(cast)
    published(cast)
    with pytest.raises(NotNow, match="没有审核通过"):
        published(cast)
    assert CatalogueVersion.objects.count() == 2


def test_who_applies_does_not_review_and_a_stranger_does_neither(cast: Cast) -> None:
    one = asked(cast)
    for stranger in (cast.head, cast.worker, cast.operator, cast.secretary, cast.leader):
        with pytest.raises(PermissionDenied):
            admitting.approve(one, by=stranger, at=MONDAY_TEN)
        with pytest.raises(PermissionDenied):
            admitting.publish(note="示例", by=stranger, at=MONDAY_TEN)
    for stranger in (cast.worker, cast.housing, cast.reviewer):
        another = Admission(kind="add", unit=cast.bureau, reason="示例", **one.values() | {"name": "别的"})
        with pytest.raises(PermissionDenied):
            admitting.apply(another, key=uuid4(), by=stranger, at=MONDAY_TEN)
    assert not Admission.objects.visible_to(cast.housing).exists()
    assert Admission.objects.visible_to(cast.auditor).get() == one


def test_a_reviewer_who_is_no_director_returns_but_does_not_decide(cast: Cast) -> None:
    one = asked(cast)
    Posting.objects.filter(user=cast.reviewer, duty="centre_director").delete()
    with pytest.raises(PermissionDenied):
        admitting.approve(one, by=cast.reviewer, at=MONDAY_TEN)
    admitting.send_back(one, note="请补依据", by=cast.reviewer, at=MONDAY_TEN)
    assert one.state == State.RETURNED
