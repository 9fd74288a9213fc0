"""A petition brought to a stage of its way by the cast, from Monday at ten."""

from typing import Any

from petitions import workflow
from petitions.models import Petition, Satisfied, Solved
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours


def in_hand(cast: Cast, **said: Any) -> Petition:
    petition = call(cast, **said)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    workflow.sign(petition, by=cast.officer, at=AT + hours(0.5))
    return petition


def contacted(cast: Cast, **said: Any) -> Petition:
    petition = in_hand(cast, **said)
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已说明情况", at=AT + hours(1))
    return petition


def replied(cast: Cast, **said: Any) -> Petition:
    petition = contacted(cast, **said)
    workflow.reply(
        petition, by=cast.officer, result="已清理店外桌椅", basis="市容条例", assessment="solved", at=AT + hours(1.5)
    )
    return petition


def awaiting_callback(cast: Cast, **said: Any) -> Petition:
    petition = replied(cast, **said)
    workflow.approve(petition, by=cast.head, at=AT + hours(2))
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(4))
    return petition


def satisfied(petition: Petition, cast: Cast, **answers: Any) -> None:
    values: dict[str, Any] = {
        "contacted": True,
        "solved": Solved.YES,
        "satisfied": Satisfied.YES,
        "at": AT + hours(24),
    } | answers
    workflow.call_back(petition, by=cast.caller, **values)


def dissatisfied(petition: Petition, cast: Cast, **answers: Any) -> None:
    satisfied(petition, cast, **{"solved": Solved.NO, "satisfied": Satisfied.NO, "note": "桌子又摆出来了"} | answers)
