"""More time: asked for before the deadline, once, with proof that the caller was told; granted by an interval."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction

from accounts.models import Notice
from accounts.notnow import NotNow
from grids.models import Posting
from petitions import clocks, promises, terms, workflow
from petitions.models import Clock, Interval, Petition, Promise, Setting, Status, Tag
from petitions.promises import Length
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import contacted, in_hand

TOLD = {"told_manner": "phone", "told_at": AT + hours(1), "told_words": "已说明需要等材料，王女士表示理解"}


def ask(petition: Petition, cast: Cast, amount: int = 5, **values: Any) -> None:
    said: dict[str, Any] = {
        "reason": "等待施工材料到货",
        "progress": "已现场勘查，下单",
        "at": AT + hours(2),
        **TOLD,
    } | values
    workflow.ask_extension(petition, by=cast.officer, amount=amount, **said)


def due(petition: Petition) -> Clock:
    return petition.clocks.running().get(promise=Promise.RESOLVE)


def test_a_granted_extension_moves_the_due_date_by_an_interval_and_edits_nothing(cast: Cast) -> None:
    petition = contacted(cast)
    before = due(petition)
    ask(petition, cast, 5)
    assert petition.status == Status.EXTENSION_UNDER_REVIEW
    assert due(petition) == before, "the clock runs while it is looked at"
    workflow.grant_extension(petition, by=cast.reviewer, note="同意", at=AT + hours(3))

    assert petition.status == Status.IN_HAND
    after, old = due(petition), Clock.objects.get(pk=before.pk)
    assert after.due_at == promises.due(before.due_at, Length(5, "working_day"), terms.calendar())
    assert (old.due_at, old.stopped_at, old.next_tick_at) == (before.due_at, AT + hours(3), None)
    interval = Interval.objects.get()
    assert (interval.stopped, interval.from_at, interval.until_at) == (old, before.due_at, after.due_at)
    assert (interval.asked_by, interval.approved_by, after.after) == (cast.officer, cast.reviewer, interval)
    assert (after.started_at, after.length) == (before.started_at, before.length)
    assert clocks.worked_out(after) == after.due_at


def test_a_refused_extension_moves_nothing(cast: Cast) -> None:
    petition = contacted(cast)
    before = due(petition)
    ask(petition, cast)
    workflow.refuse_extension(petition, by=cast.reviewer, note="材料已到", at=AT + hours(3))
    assert petition.status == Status.IN_HAND
    assert due(petition) == before
    assert not Interval.objects.exists()
    assert Notice.objects.filter(title__startswith="延期没有批准", person=cast.officer).exists()


def test_it_is_asked_once_in_every_round(cast: Cast) -> None:
    petition = contacted(cast)
    ask(petition, cast)
    workflow.refuse_extension(petition, by=cast.reviewer, note="材料已到", at=AT + hours(3))
    with pytest.raises(NotNow, match="只能申请一次"):
        ask(petition, cast, at=AT + hours(3))


def test_it_is_asked_before_the_deadline_and_after_a_contact(cast: Cast) -> None:
    late = contacted(cast)
    with pytest.raises(NotNow, match="已经超期"):
        ask(late, cast, at=due(late).due_at + timedelta(minutes=1))
    with pytest.raises(NotNow, match="登记联系"):
        ask(in_hand(cast), cast)


def test_the_cap_is_that_of_the_class(cast: Cast) -> None:
    with pytest.raises(NotNow, match="最多延期 10 工作日"):
        ask(contacted(cast), cast, 11)
    with pytest.raises(NotNow, match="不予延期"):
        ask(contacted(cast, urgency="critical"), cast, 1)
    with pytest.raises(NotNow, match="不予延期"):
        ask(contacted(cast, channel_id="LEAD"), cast, 1)
    ask(contacted(cast, urgency="urgent"), cast, 24)
    ask(contacted(cast, tags=[Tag.BUSINESS]), cast, 15)


def test_above_five_days_the_director_decides_and_the_five_is_a_row(cast: Cast) -> None:
    Posting.objects.filter(user=cast.reviewer, duty="centre_director").delete()
    petition = contacted(cast)
    ask(petition, cast, 6)
    with pytest.raises(NotNow, match="须由中心主任审批"):
        workflow.grant_extension(petition, by=cast.reviewer, at=AT + hours(3))
    Setting.objects.filter(key="extension_reviewer_days").update(value=6)
    terms.forget()
    workflow.grant_extension(petition, by=cast.reviewer, at=AT + hours(3))
    assert petition.status == Status.IN_HAND


@pytest.mark.parametrize("who", ["operator", "reviewer", "street", "leader"])
def test_only_the_unit_asks(cast: Cast, who: str) -> None:
    petition = contacted(cast)
    with pytest.raises(PermissionDenied):
        workflow.ask_extension(petition, by=getattr(cast, who), amount=1, reason="等", progress="等", at=AT + hours(2))


def test_no_due_date_is_edited(cast: Cast) -> None:
    petition = contacted(cast)
    clock = due(petition)
    changes: dict[str, Any]
    for changes in (
        {"due_at": clock.due_at + hours(1)},
        {"started_at": clock.started_at + hours(1)},
        {"amount": 99},
        {"promise": Promise.REVIEW},
    ):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            Clock.objects.filter(pk=clock.pk).update(**changes)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Clock.objects.filter(pk=clock.pk)._raw_delete("default")
    ask(petition, cast)
    workflow.grant_extension(petition, by=cast.reviewer, at=AT + hours(3))
    for changes in ({"until_at": AT}, {"reason": "另有理由"}, {"approved_by": cast.operator}):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            Interval.objects.update(**changes)


def test_who_gets_more_time_in_time_is_warned_again_before_the_new_deadline(cast: Cast) -> None:
    petition = contacted(cast, tags=[Tag.BUSINESS], item="C01")
    clock = due(petition)
    warned = clock.next_tick_at
    assert warned is not None
    clocks.ring_due(warned)
    ask(petition, cast, at=warned, told_at=AT)
    workflow.grant_extension(petition, by=cast.reviewer, at=warned)
    again = due(petition).next_tick_at
    assert again is not None
    assert clock.due_at < again < due(petition).due_at


def test_stage_feedback_is_on_record_while_it_is_under_review(cast: Cast) -> None:
    petition = contacted(cast)
    ask(petition, cast)
    workflow.stage_feedback(petition, by=cast.officer, note="材料周三到货，周四施工", at=AT + hours(3))
    assert petition.status == Status.EXTENSION_UNDER_REVIEW
    assert petition.events.get(action="stage_feedback").note == "材料周三到货，周四施工"
