"""Terms, ladder and calendar can be edited; what happened can only be read; a promise once made does not move."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from petitions import clocks, terms, workflow
from petitions.models import Callback, Channel, Clock, Rung, Setting, Term, Workday, WorkingHours
from tests.cast import MONDAY_TEN, Cast, call, hours

READ_ONLY = ("clock", "petition", "dispatch", "event", "callback")
EDITABLE = ("term", "rung", "setting", "channel", "workday", "workinghours")


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(cast.admin)
    return client


def change(client: Client, row: Any, **values: Any) -> str:
    """The row's form as it stands, with these values changed and sent."""
    address = reverse(f"admin:petitions_{row._meta.model_name}_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    sent = {name: value for name in form.fields if (value := form[name].value()) is not None} | values
    answer = client.post(address, sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, model: str, action: str, *pks: Any) -> str:
    sent = {"action": action, "_selected_action": pks}
    return client.post(reverse(f"admin:petitions_{model}_changelist"), sent, follow=True).content.decode()


@pytest.mark.parametrize("model", [*READ_ONLY, *EDITABLE])
def test_every_list_opens_in_chinese(admin: Client, cast: Cast, model: str) -> None:
    call(cast)
    answer = admin.get(reverse(f"admin:petitions_{model}_changelist"))
    assert answer.status_code == 200
    assert 'lang="zh-hans"' in answer.content.decode()


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_happened_is_only_read(admin: Client, cast: Cast, model: str) -> None:
    petition = call(cast)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=MONDAY_TEN + hours(0.1))
    Callback.objects.create(petition=petition, at=MONDAY_TEN + hours(1), reached=False)
    row: Any = {"petition": petition}.get(model) or getattr(
        petition, f"{model}s" if model != "dispatch" else "dispatches"
    ).first()
    assert admin.get(reverse(f"admin:petitions_{model}_add")).status_code == 403
    assert admin.get(reverse(f"admin:petitions_{model}_change", args=[row.pk])).status_code == 200
    for door in ("change", "delete"):
        sent = {"post": "yes", "status": "closed", "note": "改"}
        assert admin.post(reverse(f"admin:petitions_{model}_{door}", args=[row.pk]), sent).status_code == 403
    act(admin, model, "delete_selected", row.pk)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_the_administrator_sees_neither_caller_nor_words(admin: Client, cast: Cast) -> None:
    petition = call(cast, caller_name="不该看见的人", content="不该看见的话")
    words = admin.get(reverse("admin:petitions_petition_change", args=[petition.pk])).content.decode()
    words += admin.get(reverse("admin:petitions_petition_changelist")).content.decode()
    assert petition.number in words
    assert not any(secret in words for secret in ("不该看见", "12000000001", petition.lookup_code))


def test_a_longer_term_holds_for_new_promises_and_moves_no_old_one(
    admin: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    old = call(cast).clocks.get(promise="dispatch")
    term = Term.objects.get(promise_class=old.promise_class, promise="dispatch")
    with django_capture_on_commit_callbacks(execute=True):
        assert "已作出的承诺不变" in change(admin, term, amount=term.amount + 60)
    new = call(cast).clocks.get(promise="dispatch")
    assert new.due_at > old.due_at
    assert Clock.objects.get(pk=old.pk).due_at == old.due_at


def test_a_holiday_written_by_hand_moves_no_running_clock(
    admin: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    petition = call(cast)
    before = dict(petition.clocks.values_list("pk", "due_at"))
    with django_capture_on_commit_callbacks(execute=True):
        change(admin, Workday.objects.get(on=MONDAY_TEN.date()), kind="holiday", note="测试")
    assert dict(petition.clocks.values_list("pk", "due_at")) == before
    assert terms.calendar().days[MONDAY_TEN.date()].note == "测试"


def test_a_published_year_moves_the_promises_that_rested_on_it(admin: Client, cast: Cast) -> None:
    days = Workday.objects.filter(on__gte=MONDAY_TEN.date() - timedelta(days=1), on__lte=date(2026, 12, 31))
    days.update(provisional=True)
    terms.forget()
    petition = call(cast)
    clock = petition.clocks.get(promise="dispatch")
    assert clock.provisional
    Workday.objects.filter(pk=MONDAY_TEN.date()).update(kind="holiday")
    said = act(admin, "workday", "publish", *days.values_list("pk", flat=True))
    assert "1 项以暂定日期推算的期限已重算" in said
    moved = Clock.objects.get(pk=clock.pk)
    assert moved.due_at > clock.due_at
    assert not moved.provisional
    assert petition.events.filter(action="replan").exists()


def test_a_clock_that_was_set_aside_is_wound_again(admin: Client, cast: Cast) -> None:
    clock = call(cast).clocks.get(promise="dispatch")
    Clock.objects.filter(pk=clock.pk).update(next_tick_at=None, fault="坏了")
    assert "1 个时钟已重新上弦" in act(admin, "clock", "rewind", clock.pk)
    wound = Clock.objects.get(pk=clock.pk)
    assert (wound.next_tick_at, wound.fault) == (clock.next_tick_at, "")
    assert clocks.ring_due(clock.due_at + hours(1)).rung > 0
    assert "都没有出错搁置" in act(admin, "clock", "rewind", clock.pk)


@pytest.mark.parametrize("model", [Term, Setting, Channel, Workday])
def test_a_row_that_promises_rest_on_is_not_deleted(admin: Client, model: Any) -> None:
    address = reverse(f"admin:petitions_{model._meta.model_name}_delete", args=[model.objects.first().pk])
    assert admin.post(address, {"post": "yes"}).status_code == 403


def test_the_general_rungs_stay_and_a_particular_one_may_go(admin: Client) -> None:
    general = Rung.objects.filter(promise_class="", promise="").first()
    particular = Rung.objects.create(
        promise_class="complex", promise="review", side="after", amount=1, span="day", effect="report_director"
    )
    assert general is not None
    for rung, status in ((general, 403), (particular, 302)):
        address = reverse("admin:petitions_rung_delete", args=[rung.pk])
        assert admin.post(address, {"post": "yes"}).status_code == status


def test_hours_run_forwards(admin: Client) -> None:
    address = reverse("admin:petitions_workinghours_add")
    sent = {"since": "2027-07-01", "am_start": "9:00", "am_end": "8:00", "pm_start": "14:00", "pm_end": "18:00"}
    assert "上午" in admin.post(address, sent).content.decode()
    assert WorkingHours.objects.count() == 1
    admin.post(address, sent | {"am_end": "12:00"})
    assert WorkingHours.objects.count() == 2


def test_hours_that_have_begun_stay(admin: Client) -> None:
    first = WorkingHours.objects.get()
    address = reverse("admin:petitions_workinghours_delete", args=[first.pk])
    assert admin.post(address, {"post": "yes"}).status_code == 403
