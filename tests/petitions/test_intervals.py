"""Whatever people do, in whichever order: no due date moves except by an approved interval."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.notnow import NotNow
from petitions import clocks, workflow
from petitions.models import FINISHED, Clock, Extension, Interval, Petition, Promise, Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import contacted

Verb = Callable[[Petition, Cast, datetime, Petition], None]

TOLD = {"told_manner": "phone", "told_at": AT, "told_words": "已说明"}
BOOKS: dict[str, Any] = {
    "reason": "policy",
    "work_done": "方案",
    "next_step": "批复",
    "leader": "局长",
    "expected_on": date(2027, 6, 1),
    **TOLD,
}
REPLY = {"result": "已清理", "basis": "条例", "assessment": "solved"}


def does(verb: str, who: str, **words: Any) -> Verb:
    def do(petition: Petition, cast: Cast, at: datetime, main: Petition) -> None:
        getattr(workflow, verb)(petition, by=getattr(cast, who), at=at, **words)

    return do


def merges(petition: Petition, cast: Cast, at: datetime, main: Petition) -> None:
    workflow.merge(petition, into=main, by=cast.operator, at=at)


def dispatches(petition: Petition, cast: Cast, at: datetime, main: Petition) -> None:
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=at)


def goes_on_the_books(petition: Petition, cast: Cast, at: datetime, main: Petition) -> None:
    workflow.ask_suspension(petition, by=cast.officer, at=at, **BOOKS)
    for who in (cast.head, cast.reviewer, cast.leader):
        workflow.approve_suspension(petition, by=who, at=at)


VERBS: list[Verb] = [
    goes_on_the_books,
    *(does("ask_extension", "officer", amount=n, reason="等材料", progress="已下单", **TOLD) for n in (1, 5, 9)),
    does("grant_extension", "reviewer"),
    does("refuse_extension", "reviewer", note="不必"),
    does("stage_feedback", "officer", note="在办"),
    does("ask_suspension", "officer", **BOOKS),
    *(does("approve_suspension", who) for who in ("head", "reviewer", "leader")),
    does("refuse_suspension", "head", note="不必"),
    does("review_suspension", "head", note="仍需等"),
    does("resume", "officer", note="恢复"),
    does("contact", "officer", manner="phone", reached=True, note="已联系"),
    does("reply", "officer", **REPLY),
    does("approve", "head"),
    does("send_back", "head", note="补充"),
    does("correct", "reviewer", note="补正"),
    does("pass_review", "reviewer"),
    does("call_back", "caller", contacted=True, solved="no", satisfied="no", note="又来了"),
    merges,
    does("unmerge", "reviewer", note="不是同一件"),
    dispatches,
    does("sign", "officer"),
]
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 4000)), min_size=4, max_size=20)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_due_date_is_what_its_intervals_make_of_it(cast: Cast, steps: list[tuple[Verb, int]]) -> None:
    with transaction.atomic():
        petition, main, at = contacted(cast), call(cast), AT + hours(2)
        for verb, minutes in steps:
            at += timedelta(minutes=minutes)
            before = _promised(petition)
            try:
                with transaction.atomic():
                    verb(petition, cast, at, main)
            except (NotNow, PermissionDenied):
                petition.refresh_from_db()
                assert _promised(petition) == before
            _holds(petition, before)
        transaction.set_rollback(True)


def _promised(petition: Petition) -> dict[int, tuple[str, datetime]]:
    return {clock.pk: (clock.promise, clock.due_at) for clock in petition.clocks.all()}


def _holds(petition: Petition, before: dict[int, tuple[str, datetime]]) -> None:
    petition.refresh_from_db()
    all_clocks = list(petition.clocks.select_related("after__stopped", "petition__item"))
    running = [clock for clock in all_clocks if clock.stopped_at is None]
    assert before.items() <= _promised(petition).items(), "no clock is edited or lost"
    assert len({(clock.promise, clock.unit_id) for clock in running}) == len(running)
    for clock in all_clocks:
        assert clock.provisional or clock.due_at == clocks.worked_out(clock)
    _intervals_hold(petition, all_clocks)
    suspended = petition.status == Status.SUSPENDED
    assert any(clock.promise == Promise.SUSPENSION_REVIEW for clock in running) == suspended
    assert Interval.objects.filter(petition=petition, until_at=None).exists() == suspended
    if petition.status in FINISHED:
        assert not running
    last = petition.events.exclude(to_status="").order_by("at", "id").last()
    assert last is not None
    assert last.to_status == petition.status, "history is what the status says"


def _intervals_hold(petition: Petition, all_clocks: list[Clock]) -> None:
    intervals = list(Interval.objects.filter(petition=petition))
    continued = [clock.after_id for clock in all_clocks if clock.after_id]
    assert sorted(continued) == sorted(one.pk for one in intervals if one.until_at)
    begun = [clock.started_at for clock in all_clocks if clock.promise == Promise.RESOLVE and clock.after_id is None]
    assert len(begun) == petition.dispatches.count(), "each dispatch promises once"
    assert all(one.approved_by_id and one.reason for one in intervals)
    rounds = [one.round for one in Extension.objects.filter(petition=petition)]
    assert len(rounds) == len(set(rounds))
