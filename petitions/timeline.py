"""The story of a petition in sentences: what happened, when, by whom, and who has it now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from grids.models import Duty
from petitions import askings, ledger, moments
from petitions.models import (
    AGAINST_A_UNIT,
    Dispatch,
    Effect,
    Event,
    Extension,
    Petition,
    Promise,
    Satisfied,
    Solved,
    Status,
    Suspension,
    Termination,
)
from petitions.permissions import (
    CALLERS_BACK,
    DISPATCHERS,
    HANDLERS,
    HEADS,
    LEADERS,
    OPERATORS,
    RECEIVERS,
    REVIEWERS,
    Party,
)
from petitions.rules import AGREES, NOTICE_SENTENCES, RULES, TICK_SENTENCES

TONES = dict.fromkeys(("red_card", *AGAINST_A_UNIT), "red") | {
    "yellow_card": "yellow",
    "redo": "yellow",
    "close": "green",
}
BY_CLOCK = frozenset({"archive", "dispute", "notice_issue", "main_done", "main_reopened", *TICK_SENTENCES})


@dataclass(frozen=True, slots=True)
class Moment:
    action: str
    at: datetime
    sentence: str
    who: str
    note: str
    tone: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # what, from, to


def story(petition: Petition) -> list[Moment]:
    """Newest first."""
    events = petition.events.select_related("by", "unit").order_by("-at", "-id")
    return [_moment(event) for event in events]


def _moment(event: Event) -> Moment:
    return Moment(
        action=event.action,
        at=event.at,
        sentence=sentence(event),
        who=actor(event),
        note=event.note,
        tone=TONES.get(event.action, ""),
        changes=[(name, old, new) for name, (old, new) in event.detail.get("changed", {}).items()],
    )


def actor(event: Event) -> str:
    return str(event.by) if event.by else "系统" if event.action in BY_CLOCK else "群众"


def sentence(event: Event) -> str:
    if event.action in TICK_SENTENCES:
        promise = f"{Promise(event.promise).label}：" if event.promise else ""
        return promise + TICK_SENTENCES[event.action] + _numbered(event)
    if event.action in NOTICE_SENTENCES:
        return NOTICE_SENTENCES[event.action] + _numbered(event)
    more = _MORE.get(event.action)
    return RULES[event.action].sentence + (more(event) if more else "")


def _numbered(event: Event) -> str:
    return f"（{event.detail['number']}）" if event.detail.get("number") else ""


def _urged(event: Event) -> str:
    return f"（接话人：{event.detail['spoken_to']}；承诺：{event.detail['promised']}）"


def _inspected(event: Event) -> str:
    return f"（{event.detail['people']}，{event.detail['place']}）"


def _card(event: Event) -> str:
    return f"：{Promise(event.detail['promise']).label}{Effect(event.detail['card']).label}"


def _to_unit(event: Event) -> str:
    return f"给{event.unit}" if event.unit else ""


def _contact(event: Event) -> str:
    return (
        f"（{Dispatch.Manner(event.detail['manner']).label}，{'已联系上' if event.detail['reached'] else '未联系上'}）"
    )


def _assessment(event: Event) -> str:
    return f"（自评：{Dispatch.Assessment(event.detail['assessment']).label}）"


def _cites(event: Event) -> str:
    return f"（依据知识库《{event.detail['cites']['title']}》）" if "cites" in event.detail else ""


def _direction(event: Event) -> str:
    return f"（去向：{event.detail['direction']}）" if event.detail.get("direction") else ""


def _answers(event: Event) -> str:
    if event.detail.get("reached") is False:
        return "（未接通）"
    said = [Solved(event.detail["solved"]).label, Satisfied(event.detail["satisfied"]).label]
    if "contacted" in event.detail:
        said.insert(0, "按时联系" if event.detail["contacted"] else "没有按时联系")
    return f"（{'，'.join(said)}）"


def _asked(event: Event) -> str:
    """What was asked for or decided, and when the caller was told."""
    detail = event.detail
    said = [detail["length"]] if "length" in detail else []
    if "due" in detail:
        said.append(f"期限由 {_instant(detail['due'][0])} 改为 {_instant(detail['due'][1])}")
    if "reason" in detail:
        said.append(Suspension.Reason(detail["reason"]).label)
    if "ground" in detail:
        said.append(Termination.Ground(detail["ground"]).label)
    if "leader" in detail:
        said.append(f"责任领导 {detail['leader']}")
    if "expected" in detail:
        said.append(f"预计 {detail['expected']} 销账")
    if detail.get("told"):
        said.append(f"已于 {detail['told']} 告知诉求人")
    return f"（{'，'.join(said)}）" if said else ""


def _instant(iso: str) -> str:
    return moments.spelled(datetime.fromisoformat(iso))


def _agreed(event: Event) -> str:
    return f"（{Suspension.Step(event.detail['step']).label}）"


def _proposed(event: Event) -> str:
    return f"，建议由{event.detail['proposed']}承办"


def _ruled(event: Event) -> str:
    words = "、".join(event.detail["words"])
    return f"{event.detail['to']}办理，今后{event.detail['place']}{f'含“{words}”的' if words else '的'}同类诉求照此派单"


def _named_units(event: Event) -> str:
    return "、".join(event.detail["units"])


def _of_unit(event: Event) -> str:
    return f"（{event.unit}）" if event.unit else ""


_MORE: dict[str, Callable[[Event], str]] = {
    "archive": _numbered,
    "urge": _urged,
    "inspect": _inspected,
    "withdraw_card": _card,
    "reassign": _to_unit,
    "hand_back": _proposed,
    "arbitrate": _ruled,
    "involve": _named_units,
    "release": _named_units,
    "assist_sign": _of_unit,
    "assist_reply": _of_unit,
    "ask_extension": _asked,
    "grant_extension": _asked,
    "ask_suspension": _asked,
    "approve_suspension": _agreed,
    "refuse_suspension": _agreed,
    "suspend": _asked,
    "ask_termination": _asked,
    "terminate": _asked,
    "merge": lambda event: f" {event.detail['main']}",
    "unmerge": lambda event: f"（原并入 {event.detail['main']}）",
    "take_in": lambda event: event.detail["number"],
    "call_back_merged": _answers,
    "recheck": lambda event: f"：{event.detail['result']}",
    "propose_exclusion": lambda event: f"（{event.detail['reason']}）",
    "decide_exclusion": lambda event: "同意" if event.detail["agreed"] else "不同意",
    "brief": lambda event: f"{event.detail['to']}（{event.detail['number']}）",
    "record_leak": lambda event: f"{event.detail['unit']}，移送{event.detail['passed_to']}",
    "answer": _cites,
    "dispatch": _to_unit,
    "contact": _contact,
    "reply": _assessment,
    "refuse": _direction,
    "call_back": _answers,
    "rate": _answers,
}

# --- Who has it now -----------------------------------------------------------------------------------

HOLDERS: dict[str, Party] = {
    Status.RECEIVED: OPERATORS,
    Status.AWAITING_DISPATCH: DISPATCHERS,
    Status.AWAITING_SIGN: RECEIVERS,
    Status.RETURN_UNDER_REVIEW: REVIEWERS,
    Status.IN_ARBITRATION: REVIEWERS,
    Status.IN_HAND: HANDLERS,
    Status.SUSPENDED: HANDLERS,
    Status.TERMINATION_UNDER_REVIEW: REVIEWERS,
    Status.AWAITING_APPROVAL: HEADS,
    Status.AWAITING_REVIEW: REVIEWERS,
    Status.AWAITING_CALLBACK: CALLERS_BACK,
}
CENTRE = "热线中心"


@dataclass(frozen=True, slots=True)
class Holder:
    desk: str  # 市综合行政执法局 收件员
    people: list[User]

    def __str__(self) -> str:
        names = "、".join(str(person) for person in self.people[:3])
        return f"{self.desk}（{names}{' 等' if len(self.people) > 3 else ''}）" if names else self.desk


def _whose_turn(petition: Petition) -> Party | None:
    if petition.status == Status.SUSPENSION_UNDER_REVIEW:
        asked = ledger.current().asked(Suspension, petition)
        return AGREES[asked.awaiting] if asked else None
    if petition.status == Status.EXTENSION_UNDER_REVIEW:
        extension = ledger.current().asked(Extension, petition)
        return askings.decides_extension(extension.length) if extension else None
    return HOLDERS.get(petition.status)


def holder(petition: Petition) -> Holder | None:
    """The desk where the petition lies; None when it is finished."""
    party = _whose_turn(petition)
    if party is None:
        return None
    where = str(petition.unit) if party.in_unit else "" if party is LEADERS else CENTRE
    party = party.asked(petition)
    duty = "" if party.beyond else Duty(party.duties[0]).label.removeprefix("单位")
    return Holder(f"{where}{duty}", list(party.people(petition))[:4])
