"""The story of a petition in sentences: what happened, when, by whom, and who has it now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from grids.models import Duty
from petitions.models import AGAINST_A_UNIT, Dispatch, Event, Petition, Promise, Satisfied, Solved, Status
from petitions.permissions import CALLERS_BACK, DISPATCHERS, HANDLERS, HEADS, OPERATORS, RECEIVERS, REVIEWERS, Party
from petitions.rules import RULES, TICK_SENTENCES

TONES = dict.fromkeys(("red_card", *AGAINST_A_UNIT), "red") | {"yellow_card": "yellow", "redo": "yellow", "close": "green"}
BY_CLOCK = frozenset({"archive", *TICK_SENTENCES})


@dataclass(frozen=True, slots=True)
class Moment:
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
        at=event.at,
        sentence=sentence(event),
        who=str(event.by) if event.by else "系统" if event.action in BY_CLOCK else "群众",
        note=event.note,
        tone=TONES.get(event.action, ""),
        changes=[(name, old, new) for name, (old, new) in event.detail.get("changed", {}).items()],
    )


def sentence(event: Event) -> str:
    if event.action in TICK_SENTENCES:
        promise = f"{Promise(event.promise).label}：" if event.promise else ""
        return promise + TICK_SENTENCES[event.action]
    more = _MORE.get(event.action)
    return RULES[event.action].sentence + (more(event) if more else "")


def _to_unit(event: Event) -> str:
    return f"给{event.unit}" if event.unit else ""


def _contact(event: Event) -> str:
    return (
        f"（{Dispatch.Manner(event.detail['manner']).label}，{'已联系上' if event.detail['reached'] else '未联系上'}）"
    )


def _assessment(event: Event) -> str:
    return f"（自评：{Dispatch.Assessment(event.detail['assessment']).label}）"


def _direction(event: Event) -> str:
    return f"（去向：{event.detail['direction']}）" if event.detail.get("direction") else ""


def _answers(event: Event) -> str:
    if event.detail.get("reached") is False:
        return "（未接通）"
    said = [Solved(event.detail["solved"]).label, Satisfied(event.detail["satisfied"]).label]
    if "contacted" in event.detail:
        said.insert(0, "按时联系" if event.detail["contacted"] else "没有按时联系")
    return f"（{'，'.join(said)}）"


_MORE: dict[str, Callable[[Event], str]] = {
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
    Status.IN_HAND: HANDLERS,
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


def holder(petition: Petition) -> Holder | None:
    """The desk where the petition lies; None when it is finished."""
    party = HOLDERS.get(petition.status)
    if party is None:
        return None
    where = str(petition.unit) if party.in_unit else CENTRE
    duty = Duty(party.duties[0]).label.removeprefix("单位")
    return Holder(f"{where}{duty}", list(party.people(petition))[:4])
