"""The same matter is worked on once, and every caller is answered."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import lookalikes, workflow
from petitions.facets import FACETS
from petitions.models import Petition, Promise, Satisfied, Solved, Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours
from tests.petitions.stages import awaiting_callback, in_hand, satisfied

DONE = AT + hours(24)
SOON_AFTER = AT + hours(25)


def merged(cast: Cast, main: Petition, **said: Any) -> Petition:
    petition = call(cast, at=AT + hours(1), **{"caller_name": "李国强", "caller_phone": "12000000002"} | said)
    workflow.merge(petition, into=main, by=cast.operator, note="同一家烧烤店", at=AT + hours(1))
    return petition


def untold(at: datetime = SOON_AFTER) -> list[Petition]:
    return list(Petition.objects.filter(FACETS["merged_untold"].where(at)))


def answered(petition: Petition, cast: Cast, **answers: Any) -> None:
    said: dict[str, Any] = {
        "contacted": True,
        "solved": Solved.YES,
        "satisfied": Satisfied.YES,
        "at": DONE + hours(2),
    } | answers
    workflow.call_back_merged(petition, by=cast.caller, **said)


def test_a_merged_petition_points_to_its_main_one_and_owes_nothing(cast: Cast) -> None:
    main = in_hand(cast)
    petition = merged(cast, main)
    assert (petition.status, petition.merged_into) == (Status.MERGED, main)
    assert not petition.clocks.running().exists()
    assert main.events.get(action="take_in").detail["number"] == petition.number
    version = main.version
    main.refresh_from_db()
    assert main.version == version, "whoever writes the main one's reply is not interrupted"


def test_every_caller_is_told_when_the_main_one_is_done(cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition, nobody = merged(cast, main), merged(cast, main, caller_phone="", anonymous=True)
    with pytest.raises(NotNow, match="还没有办完"):
        answered(petition, cast, at=AT + hours(5))
    satisfied(main, cast, at=DONE)
    assert untold() == [petition], nobody
    answered(petition, cast)
    assert untold() == []
    assert petition.status == Status.MERGED
    assert petition.callbacks.get().satisfied == Satisfied.YES
    with pytest.raises(NotNow, match="已经告知"):
        answered(petition, cast)


def test_a_main_petition_that_is_opened_again_is_told_again(cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition = merged(cast, main)
    satisfied(main, cast, at=DONE)
    answered(petition, cast)
    workflow.reopen(main, by=None, note="又摆出来了", at=DONE + timedelta(days=2))
    workflow.refuse(
        main, by=cast.dispatcher, reason="已进入诉讼", direction="请向法院反映", at=DONE + timedelta(days=3)
    )
    assert untold(DONE + timedelta(days=4)) == [petition]


def test_a_caller_who_is_not_satisfied_reaches_the_reviewer_who_may_part_them(cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition = merged(cast, main)
    satisfied(main, cast, at=DONE)
    answered(petition, cast, solved=Solved.NO, satisfied=Satisfied.NO, note="我家门口是另一家")
    assert Notice.objects.filter(person=cast.reviewer, title__startswith="并单诉求人不满意").exists()
    with pytest.raises(PermissionDenied):
        workflow.unmerge(petition, by=cast.operator, note="另一家", at=DONE + hours(3))
    workflow.unmerge(petition, by=cast.reviewer, note="不是同一家店", at=DONE + hours(3))
    assert (petition.status, petition.merged_into, petition.concluded_at) == (Status.AWAITING_DISPATCH, None, None)
    assert [clock.promise for clock in petition.clocks.running()] == [Promise.DISPATCH]
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=DONE + hours(4))


def test_what_a_unit_had_is_taken_from_it(cast: Cast) -> None:
    main, other = in_hand(cast), in_hand(cast)
    workflow.merge(other, into=main, by=cast.reviewer, note="同一家", at=AT + hours(2))
    assert not other.dispatches.filter(ended_at=None).exists()
    assert not other.clocks.running().exists()


def test_what_may_not_be_a_main_petition(cast: Cast) -> None:
    main = in_hand(cast)
    petition, another = merged(cast, main), call(cast)
    for into, why in ((another, "不能并入自己"), (petition, "自己已并入")):
        with pytest.raises(NotNow, match=why):
            workflow.merge(another, into=into, by=cast.operator, at=AT + hours(2))
    with pytest.raises(NotNow, match="已有 1 件并入本件"):
        workflow.merge(main, into=another, by=cast.reviewer, at=AT + hours(2))
    done = call(cast)
    workflow.refuse(done, by=cast.operator, reason="已进入诉讼", direction="请向法院反映", at=AT)
    with pytest.raises(NotNow, match="只能并入还在办的"):
        workflow.merge(another, into=done, by=cast.operator, at=AT + hours(2))


def test_three_vain_calls_are_enough_here_too(cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition = merged(cast, main)
    satisfied(main, cast, at=DONE)
    for days, hour in ((1, 0), (2, 5), (3, 9)):
        assert untold(DONE + timedelta(days=days)) == [petition]
        workflow.call_back_merged(petition, by=cast.caller, reached=False, at=DONE + timedelta(days=days, hours=hour))
    assert untold(DONE + timedelta(days=4)) == []


def test_the_portal_proposes_what_it_may_be_merged_into(cast: Cast) -> None:
    main, petition = in_hand(cast), call(cast, at=AT + hours(1), caller_phone="12000000002")
    (found,) = lookalikes.mains_for(petition, at=AT + hours(2))
    assert found.petition == main
    assert "7 天内同一网格同一事项" in found.reasons
