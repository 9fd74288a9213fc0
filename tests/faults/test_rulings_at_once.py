"""Reviewers who rule at the same moment: one ruling is in force on a matter, and who came late is told so."""

import pytest

from accounts.notnow import NotNow
from grids.models import Item, Place
from petitions import workflow
from petitions.models import Petition, Ruling
from tests.cast import CITY_CODE, Cast
from tests.cast import MONDAY_TEN as AT
from tests.faults.crowd import at_once
from tests.petitions.test_returns import handed_back, with_bureau

pytestmark = pytest.mark.django_db(transaction=True)


def test_rulings_on_one_matter_stand_in_a_line(cast: Cast) -> None:
    item, place = Item.objects.get(code="A08"), Place.objects.get(code=CITY_CODE)
    unit, reviewer = cast.bureau, cast.reviewer

    def rule() -> bool:
        return workflow.enter_ruling(
            item=item, place=place, words=["塌陷"], unit=unit, basis="纪要", by=reviewer, at=AT
        ).active

    assert at_once(*[rule] * 6) == [True] * 6
    assert Ruling.objects.count() == 6
    assert Ruling.objects.active().count() == 1
    assert Ruling.objects.filter(replaces=None).count() == 1


def test_of_two_who_decide_about_a_return_one_is_late(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    reviewer, housing = cast.reviewer, cast.construction

    def decide() -> str:
        mine = Petition.objects.get(pk=petition.pk)
        try:
            workflow.uphold_return(mine, to=housing, by=reviewer, at=AT, seen=petition.version)
            return "upheld"
        except NotNow:
            return "too late"

    assert sorted(at_once(*[decide] * 4)) == ["too late", "too late", "too late", "upheld"]
    assert petition.dispatches.count() == 2
