"""People who move both ways at the same moment, and one number entered in two homes: one waits, and hears why not."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.notnow import NotNow
from grids import workflow
from grids.models import Household, Resident
from grids.workflow import NumberTaken
from tests.cast import MONDAY_TEN, Cast
from tests.faults.sessions import waiting
from tests.grids.homes import WANG, home, lives
from tests.waiting import wait

pytestmark = pytest.mark.django_db(transaction=True)


def begun(crowd: ThreadPoolExecutor, verb: Any, *things: Any, **said: Any) -> Future[None]:
    """On a connection of its own, and by now it waits for a lock."""

    def run() -> None:
        try:
            verb(*things, key=uuid4(), at=MONDAY_TEN, **said)
        finally:
            connection.close()

    before = waiting()
    work = crowd.submit(run)
    wait(lambda: work.done() or waiting() > before)
    return work


def test_of_crossing_moves_both_are_done(cast: Cast) -> None:
    one, two = home(cast, "501"), home(cast, "502")
    wang, li = lives(cast, one, id_number=WANG), lives(cast, two, "李建国")
    lives(cast, one, "王小明")
    lives(cast, two, "李小明")
    with ThreadPoolExecutor(2) as crowd:
        with transaction.atomic():
            Household.objects.select_for_update(no_key=True).get(pk=one.pk)
            there = begun(crowd, workflow.move_over, li, one, by=cast.worker)
            back = begun(crowd, workflow.move_over, wang, two, by=cast.worker)
        there.result(60)
        back.result(60)
    assert sorted(who.name for who in one.members()) == ["李建国", "王小明"]
    assert sorted(who.name for who in two.members()) == ["李小明", "王秀英"]


def test_of_households_that_are_merged_both_ways_at_once_one_stays(cast: Cast) -> None:
    one, two = home(cast, "501"), home(cast, "502")
    Household.objects.filter(pk=two.pk).update(dwelling=one.dwelling)
    wang, twin = lives(cast, one), lives(cast, Household.objects.get(pk=two.pk))
    with ThreadPoolExecutor(2) as crowd:
        with transaction.atomic():
            Household.objects.select_for_update(no_key=True).get(pk=one.pk)
            there = begun(crowd, workflow.merge_households, twin, wang, by=cast.worker)
            back = begun(crowd, workflow.merge_households, wang, twin, by=cast.worker)
        there.result(60)
        assert isinstance(back.exception(60), NotNow)
    assert Household.objects.living().get() == one


def test_of_one_number_entered_in_two_homes_at_once_the_second_is_refused(cast: Cast) -> None:
    one, two = home(cast, "501"), home(cast, "502")
    second = Resident(name="王秀英", id_number=WANG, since=MONDAY_TEN.date())
    with ThreadPoolExecutor(1) as crowd:
        with transaction.atomic():
            lives(cast, one, id_number=WANG)
            late = begun(crowd, workflow.move_in, two, second, by=cast.worker)
        assert isinstance(late.exception(60), NumberTaken)
    assert Resident.objects.living_here().numbered(WANG).get().household == one
