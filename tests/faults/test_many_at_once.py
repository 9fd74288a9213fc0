"""Eight seats typing at the same moment: numbers without gaps, one petition per form, one dispatch per petition."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.notnow import NotNow
from petitions import workflow
from petitions.models import Dispatch, Petition
from tests.cast import MONDAY_TEN, Cast, call
from tests.faults.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Spilled(Exception):
    """Somebody pulls the plug between the number and the commit."""


def test_numbers_taken_at_once_have_no_gaps_and_no_twins(cast: Cast) -> None:
    def shift() -> int:
        done = 0
        for n in range(6):
            try:
                with transaction.atomic():
                    call(cast, at=MONDAY_TEN + timedelta(seconds=n))
                    if n % 3 == 2:
                        raise Spilled
                done += 1
            except Spilled:
                continue
        return done

    assert at_once(*[shift] * 8) == [4] * 8
    numbers = Petition.objects.order_by("number").values_list("number", flat=True)
    assert [int(number[-5:]) for number in numbers] == list(range(1, 33))


def test_one_form_sent_eight_times_at_once_makes_one_petition(cast: Cast) -> None:
    form = Petition._meta.get_field("submission").get_default()

    def send() -> str:
        try:
            return call(cast, submission=form).number
        except IntegrityError:
            return "twin"

    numbers = at_once(*[send] * 8)
    assert numbers.count("twin") == 7
    assert Petition.objects.count() == 1
    call(cast)
    assert sorted(int(p.number[-5:]) for p in Petition.objects.all()) == [1, 2], "the twins used up no number"


def test_two_dispatchers_at_once_make_one_dispatch(cast: Cast) -> None:
    petition = call(cast)
    bureau, dispatcher = cast.bureau, cast.dispatcher

    def send() -> str:
        mine = Petition.objects.get(pk=petition.pk)
        try:
            workflow.dispatch(mine, to=bureau, by=dispatcher, at=MONDAY_TEN, seen=petition.version)
            return "sent"
        except NotNow:
            return "too late"

    works: list[Callable[[], str]] = [send] * 4
    assert sorted(at_once(*works)) == ["sent", "too late", "too late", "too late"]
    assert Dispatch.objects.filter(petition=petition).count() == 1
