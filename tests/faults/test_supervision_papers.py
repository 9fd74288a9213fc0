"""Numbers under many issuers, some of whom fail; a sweep killed at any moment; two people at one notice."""

import re
import signal
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.notnow import NotNow
from petitions import clocks, supervision, workflow
from petitions.models import Briefing, Clock, Event, Petition, Promise, Series, SupervisionNotice, Topic
from petitions.papers import notices
from petitions.supervision import Asked
from tests.cast import MONDAY_TEN, Cast, call, hours
from tests.faults import sessions
from tests.faults.conftest import Programs
from tests.faults.crowd import at_once
from tests.waiting import PATIENCE, wait

AT = MONDAY_TEN
LONG_AFTER = AT + timedelta(days=30)
CROWD = 32


def sent(cast: Cast, count: int) -> list[Petition]:
    petitions = [call(cast) for _ in range(count)]
    for petition in petitions:
        workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.1))
        workflow.sign(petition, by=cast.officer, at=AT + hours(0.2))
    return petitions


def numbers(model: type[SupervisionNotice] | type[Briefing]) -> list[int]:
    issued = model._default_manager.exclude(number=None).values_list("number", flat=True)
    return sorted(int(re.sub(r".*〕|号", "", str(number))) for number in issued)


def all_or_none() -> int:
    """Every notice has its briefing, its topic and its events; nothing stands alone. How many there are."""
    issued = list(SupervisionNotice.objects.select_related("briefing", "topic"))
    assert all(notice.briefing and notice.topic and notice.topic.petition_id == notice.petition_id for notice in issued)
    assert Briefing.objects.filter(duty="leader").count() == len(issued)
    assert {topic.petition_id for topic in Topic.objects.all()} == {notice.petition_id for notice in issued}
    told = Counter(Event.objects.filter(detail__has_key="number").values_list("detail__number", flat=True))
    assert told == Counter(notice.number for notice in issued)
    return len(issued)


class Change(Exception):
    """Somebody changes her mind after the number is taken."""


@pytest.mark.django_db(transaction=True)
def test_thirty_two_issuers_leave_no_gap_and_no_twin_also_when_some_roll_back(cast: Cast) -> None:
    petitions = sent(cast, CROWD)
    clock_of = {petition.pk: petition.clocks.get(promise=Promise.RESOLVE).pk for petition in petitions}

    def issue(n: int) -> bool:
        try:
            with transaction.atomic():
                supervision.supervise([Asked(clock_of[petitions[n].pk], AT + hours(9), 1)], AT + hours(9))
                if n % 4 == 0:
                    raise Change
        except Change:
            return False
        return True

    done = at_once(*[lambda n=n: issue(n) for n in range(CROWD)])
    assert sum(done) == CROWD * 3 // 4
    assert numbers(SupervisionNotice) == list(range(1, sum(done) + 1))
    assert numbers(Briefing) == list(range(1, sum(done) + 1))
    assert all_or_none() == sum(done)


@pytest.mark.django_db(transaction=True)
def test_sweeps_and_people_who_issue_at_once_share_one_series(cast: Cast) -> None:
    petitions = sent(cast, 24)
    drafts = [
        workflow.propose_supervision(petition, by=cast.reviewer, origin="complex", note="部门多", at=AT + hours(1))
        for petition in petitions[:8]
    ]
    for draft in drafts:
        notices.review(draft, by=cast.reviewer, at=AT + hours(1.5))
    director = cast.reviewer

    def issue(mine: list[SupervisionNotice]) -> int:
        for draft in mine:
            notices.issue(draft, by=director, at=AT + hours(2))
        return len(mine)

    sweep = lambda: clocks.ring_due(LONG_AFTER, batch=5).set_aside  # noqa: E731
    results = at_once(lambda: issue(drafts[:4]), lambda: issue(drafts[4:]), sweep, sweep, sweep)
    assert results[2:] == [0, 0, 0]
    clocks.ring_due(LONG_AFTER)
    issued = SupervisionNotice.objects.exclude(number=None)
    assert numbers(SupervisionNotice) == list(range(1, issued.count() + 1))
    times = Counter(issued.values_list("clock", "time"))
    assert set(times.values()) == {1}
    assert {time for _, time in times} == {1, 2, 3}
    assert Series.objects.get(key="寿社治督〔2026〕").last == issued.count()


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_leave_one_signature_and_one_sentence(cast: Cast) -> None:
    sent(cast, 1)
    clocks.ring_due(AT + timedelta(days=2))
    notice = SupervisionNotice.objects.get()
    head = cast.head

    def sign() -> str:
        mine = SupervisionNotice.objects.get(pk=notice.pk)
        try:
            notices.sign(mine, by=head, seen=notice.version)
        except NotNow as refusal:
            return refusal.sentence
        return ""

    said = at_once(sign, sign)
    assert sorted(map(bool, said)) == [False, True]
    assert notice.events.filter(action="sign").count() == 1


SWEEPER = """
import os, django
django.setup()
from datetime import datetime
from petitions import clocks
clocks.ring_due(datetime.fromisoformat(os.environ["SWEEP_AT"]), batch=5)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.1])
def test_a_sweep_killed_between_any_two_statements_leaves_all_papers_or_none(
    cast: Cast, programs: Programs, after: float
) -> None:
    sent(cast, 40)
    Clock.objects.exclude(promise=Promise.RESOLVE).update(next_tick_at=None)
    process = programs.start(
        [sys.executable, "-c", SWEEPER],
        DJANGO_SETTINGS_MODULE="shouyang.settings",
        SWEEP_AT=LONG_AFTER.isoformat(),
    )
    wait(lambda: Event.objects.filter(promise=Promise.RESOLVE).exists() or process.poll() is not None, programs.said)
    wait(lambda: SupervisionNotice.objects.exists() or process.poll() is not None, programs.said)
    time.sleep(after)
    programs.kill(process)
    wait(lambda: not sessions.under_way())
    before = all_or_none()
    assert numbers(SupervisionNotice) == list(range(1, before + 1))

    clocks.ring_due(LONG_AFTER)
    assert all_or_none() == 40 * 3
    assert numbers(SupervisionNotice) == list(range(1, 121))


@pytest.mark.slow
@pytest.mark.parametrize("statement", ["SUPERVISE", "REPORT"])
def test_dying_right_after_the_papers_are_written_takes_the_ring_with_them(
    cast: Cast, programs: Programs, statement: str
) -> None:
    """Killed by itself inside of the transaction, between the ring, the papers and the commit."""
    sent(cast, 6)
    Clock.objects.exclude(promise=Promise.RESOLVE).update(next_tick_at=None)
    name = {"SUPERVISE": "supervise", "REPORT": "report"}[statement]
    dying = SWEEPER.replace(
        "clocks.ring_due",
        "import signal\nfrom petitions import supervision\n"
        f"done = supervision.{name}\n"
        "def die(*words, **more):\n    done(*words, **more)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"clocks.supervision.{name} = die\n"
        "clocks.ring_due",
    )
    process = programs.start(
        [sys.executable, "-c", dying], DJANGO_SETTINGS_MODULE="shouyang.settings", SWEEP_AT=LONG_AFTER.isoformat()
    )
    assert process.wait(PATIENCE) == -signal.SIGKILL, programs.said()
    wait(lambda: not sessions.under_way())
    before = all_or_none()
    assert numbers(SupervisionNotice) == list(range(1, before + 1))
    steps = Counter(Event.objects.filter(promise=Promise.RESOLVE).values_list("clock", "action"))
    assert set(steps.values()) <= {1}
    if statement == "SUPERVISE":
        assert before == 0
    assert not Briefing.objects.filter(duty="principal_leader").exists()
    clocks.ring_due(LONG_AFTER)
    assert all_or_none() == 18
    assert Briefing.objects.filter(duty="principal_leader").count() == 6


def test_a_paper_that_cannot_be_written_sets_its_clock_aside_and_stops_no_other(cast: Cast) -> None:
    sick, *well = call(cast), *sent(cast, 3)
    Clock.objects.filter(petition=sick).update(effects=["supervise"])  # of the centre: there is nobody to write to
    sweep = clocks.ring_due(AT + timedelta(days=2))
    assert sweep.set_aside == 1
    assert SupervisionNotice.objects.filter(petition__in=well, clock__promise=Promise.RESOLVE).count() == 3
    assert not SupervisionNotice.objects.filter(petition=sick).exists()
    assert not Briefing.objects.filter(petition=sick).exists()
    assert numbers(SupervisionNotice) == list(range(1, SupervisionNotice.objects.count() + 1))
