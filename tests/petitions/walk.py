"""What each verb is told on a random walk, and what has to hold wherever it leads."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from petitions.models import FINISHED, Dispatch, Effect, Petition, Suspension, Termination
from petitions.rules import UNANSWERED
from tests.cast import Cast

PEOPLE = ("operator", "dispatcher", "reviewer", "caller", "officer", "head", "housing", "street", "leader", "worker")
TOLD = {"told_manner": "phone", "told_words": "已电话说明"}
LADDER = [str(effect) for effect in Effect]


def words_for(action: str, cast: Cast, petition: Petition, at: datetime, draw: Any) -> dict[str, Any] | None:
    """The keywords of the verb; None for those that need a paper or a second petition beside."""
    either = draw(st.sampled_from([cast.bureau, cast.construction]))
    told = TOLD | {"told_at": at}
    match action:
        case "dispatch":
            return {"to": cast.bureau, "assisting": draw(st.sampled_from([[], [cast.construction]]))}
        case "hand_back":
            return {"basis": "权责清单", "proposed_unit": either, "material": "不在范围内"}
        case "uphold_return":
            return {"to": either}
        case "arbitrate":
            return {"to": either, "basis": "三定规定", "place": petition.place}
        case "involve":
            return {"units": [either], "opinion": "请配合"}
        case "release":
            return {"unit": either, "note": "不涉及"}
        case "contact":
            return {"manner": "phone", "reached": draw(st.booleans()), "note": "已联系"}
        case "reply":
            return {"result": "已办好", "basis": "条例", "assessment": "solved"}
        case "assist_reply":
            return {"result": "已配合"}
        case "call_back":
            bad = draw(st.booleans())
            return {"contacted": True, "solved": "no" if bad else "yes", "satisfied": "no" if bad else "yes"}
        case "ask_extension":
            return {"amount": 1, "reason": "材料未到", "progress": "已完成一半"} | told
        case "ask_suspension":
            reason = draw(st.sampled_from(Suspension.Reason.values))
            fields = {
                "work_done": "已制定方案",
                "next_step": "待批复",
                "leader": "局长",
                "expected_on": date(2027, 5, 31),
            }
            return {"reason": reason} | fields | told
        case "ask_termination":
            return {"ground": draw(st.sampled_from(Termination.Ground.values)), "evidence": "已三次说明"} | told
        case "urge":
            return {"spoken_to": "马俊峰", "promised": "明天办好"}
        case "brief":
            return {"reason": "多次协调未果", "digest": "店外经营", "proposal": "请阅示"}
        case "amend":
            return {"title": "门口塌陷"}
        case (
            "answer"
            | "refuse"
            | "merge"
            | "attach"
            | "inspect"
            | "propose_supervision"
            | "propose_exclusion"
            | "record_leak"
        ):
            return None
        case "accept" | "sign" | "assist_sign" | "approve" | "pass_review":
            return {}
        case _:
            return {"note": "说明理由"}


def holds_together(petition: Petition, registered_at: datetime) -> None:
    """Whatever was done by whomever, in whatever order."""
    petition.refresh_from_db()
    assert petition.registered_at == registered_at  # the resident's time begins once
    _the_history_equals_the_status(petition)
    _each_promise_runs_once(petition)
    _every_part_is_somebodys(petition)
    _the_ladder_is_in_order(petition)


def _the_history_equals_the_status(petition: Petition) -> None:
    told = [event for event in petition.events.order_by("id") if event.to_status]
    for before, after in pairwise(told):
        assert before.to_status == after.from_status, (before.action, after.action)
    assert told[-1].to_status == petition.status


def _each_promise_runs_once(petition: Petition) -> None:
    running = list(petition.clocks.running())
    assert len({(clock.promise, clock.unit_id) for clock in running}) == len(running)
    if petition.status in FINISHED:
        assert not running, [clock.promise for clock in running]


def _every_part_is_somebodys(petition: Petition) -> None:
    open_ones = list(petition.dispatches.filter(ended_at=None))
    leads = [one for one in open_ones if one.role == Dispatch.Role.LEAD]
    owing = {one.unit_id for one in open_ones if one.role == Dispatch.Role.ASSISTING}
    assert set(petition.assisting or ()) == owing
    assert not (owing & {petition.unit_id})
    if petition.status in UNANSWERED:
        assert [one.unit_id for one in leads] == [petition.unit_id]
        assert petition.contact_unit_id is not None
    else:
        assert not owing or petition.status == "suspended"
    if petition.status in FINISHED:
        assert not open_ones
    returns = list(petition.returns.all())
    assert len({one.unit_id for one in returns}) == len(returns)


def _the_ladder_is_in_order(petition: Petition) -> None:
    for clock in petition.clocks.all():
        rung = [event.action for event in petition.events.filter(clock=clock).order_by("id") if event.action in LADDER]
        assert rung == sorted(set(rung), key=LADDER.index), rung
