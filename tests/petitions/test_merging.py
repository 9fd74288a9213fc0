"""The same matter is worked on once, and every caller is answered."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import call_queue, clocks, lookalikes, workflow
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
    assert untold(DONE + timedelta(days=2)) == []
    workflow.refuse(
        main, by=cast.dispatcher, reason="已进入诉讼", direction="请向法院反映", at=DONE + timedelta(days=3)
    )
    assert untold(DONE + timedelta(days=4)) == [petition]


def test_what_was_tried_before_it_was_opened_again_counts_no_more(cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition = merged(cast, main)
    satisfied(main, cast, at=DONE)
    for days, hour in ((1, 0), (2, 5)):
        workflow.call_back_merged(petition, by=cast.caller, reached=False, at=DONE + timedelta(days=days, hours=hour))
    workflow.reopen(main, by=None, note="又摆出来了", at=DONE + timedelta(days=3))
    assert not petition.clocks.running().exists(), "nothing to tell while it goes on"
    workflow.refuse(
        main, by=cast.dispatcher, reason="已进入诉讼", direction="请向法院反映", at=DONE + timedelta(days=4)
    )
    workflow.call_back_merged(petition, by=cast.caller, reached=False, at=DONE + timedelta(days=5, hours=9))
    assert untold(DONE + timedelta(days=6)) == [petition]


def test_the_promise_to_tell_the_other_caller_has_a_clock_that_rings(cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition, nobody = merged(cast, main), merged(cast, main, caller_phone="", anonymous=True)
    assert not petition.clocks.running().exists()
    satisfied(main, cast, at=DONE)
    (clock,) = petition.clocks.running()
    assert (clock.promise, clock.started_at, clock.unit) == (Promise.CALL_BACK, DONE, None)
    assert not nobody.clocks.running().exists()
    clocks.ring_due(clock.due_at + hours(1))
    assert petition.events.filter(action="red_card", promise=Promise.CALL_BACK).exists()
    assert Notice.objects.filter(person=cast.caller, title=f"红牌超期：{petition.number} 回访").exists()
    answered(petition, cast, at=clock.due_at + hours(2))
    clock.refresh_from_db()
    assert clock.stopped_at == clock.due_at + hours(2)


def test_the_other_caller_stands_in_the_queue_of_call_backs(client: Client, cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition = merged(cast, main)
    main.dispatches.update(result="已请店家收回桌椅")
    satisfied(main, cast, at=DONE)
    main.dispatches.update(handled_by=cast.caller)
    assert call_queue.turns_of(cast.caller, SOON_AFTER)[2] is None, "nobody asks about her own work"
    main.dispatches.update(handled_by=cast.officer)
    client.force_login(cast.caller)
    with time_machine.travel(SOON_AFTER, tick=False):
        page = client.get("/callbacks/").content.decode()
        assert f"已并入主单 {main.number}" in page
        assert "已请店家收回桌椅" in page
        said = {"way": "phone", "reached": "yes", "contacted": "yes", "solved": "yes", "satisfied": "yes"}
        client.post(f"/petitions/{petition.number}/do/call_back_merged/", said)
    petition.refresh_from_db()
    assert petition.informed_at == SOON_AFTER


def test_the_other_caller_answers_by_a_link_of_her_own(client: Client, cast: Cast) -> None:
    main = awaiting_callback(cast)
    petition = merged(cast, main)
    with pytest.raises(NotNow, match="还没有办完"):
        workflow.invite(petition, by=cast.caller, at=AT + hours(5))
    satisfied(main, cast, at=DONE)
    _, token = workflow.invite(petition, by=cast.caller, at=SOON_AFTER)
    said = {"contacted": "yes", "solved": "partly", "satisfied": "basically"}
    with time_machine.travel(SOON_AFTER + hours(1), tick=False):
        page = Client().get(f"/public/answer/{token}/").content.decode()
        assert "三、对办理是否满意" in page
        for of_the_first_caller in ("王秀英", "12000000001", main.number, main.title):
            assert of_the_first_caller not in page
        assert Client().post(f"/public/answer/{token}/", said).status_code == 200
        assert Client().post(f"/public/answer/{token}/", said).status_code == 404
    answer = petition.callbacks.get()
    assert (answer.way, answer.solved, answer.unit) == ("self", "partly", main.unit)
    assert not petition.clocks.running().exists()
    with pytest.raises(NotNow, match="已经告知"):
        workflow.invite(petition, by=cast.caller, at=SOON_AFTER + hours(2))


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
