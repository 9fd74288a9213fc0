"""What a resident with a number and a look-up code may read and do: plain words, no personal data, no inner notes."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from accounts.models import Unit
from accounts.notnow import NotNow
from grids.models import Visibility
from petitions import workflow
from petitions.hindrances import hindrance
from petitions.models import Callback, Clock, Direction, Event, Petition, Promise, Satisfied, Solved, Status
from petitions.rules import IN_CHARGE, RULES

SALT, STANDS_FOR = "public petition", 30 * 60  # seconds
NO_CODE = "0" * 6  # no code has a zero

# Only what stands here is told, and never a free text: those are written for colleagues, and may name people.
TOLD: dict[str, Callable[[Event], str]] = {
    "register": lambda event: "诉求已登记",
    "accept": lambda event: "热线中心已受理",
    "answer": lambda event: "热线中心已直接答复您",
    "refuse": lambda event: f"不予受理{_direction(event)}",
    "dispatch": lambda event: f"已派给{_unit(event)}办理",
    "sign": lambda event: f"{_unit(event)}已签收，开始办理",
    "contact": lambda event: f"{_unit(event)}{'已与您联系' if event.detail.get('reached') else '联系过您，没有接通'}",
    "reply": lambda event: f"{_unit(event)}已提交办理结果，正在审核",
    "approve": lambda event: f"{_unit(event)}审核通过，热线中心正在核查",
    "correct": lambda event: f"热线中心要求{_unit(event)}补充办理",
    "pass_review": lambda event: "热线中心核查通过，等待回访",
    "call_back": lambda event: "已回访，听取了您的意见" if event.detail.get("reached") else "回访电话没有接通",
    "redo": lambda event: f"根据您的意见，由{_unit(event)}重新办理",
    "close": lambda event: "已办结",
    "conclude": lambda event: "经审定办结",
    "rate": lambda event: "您已作出评价",
    "reopen": lambda event: "您反映没有解决，已重新打开",
    "archive": lambda event: "已归档",
}


PLAINLY: dict[str, str] = {
    Status.RECEIVED: "已收到，等待受理",
    Status.REFUSED: "不予受理",
    Status.ANSWERED: "已直接答复",
    Status.AWAITING_DISPATCH: "已受理，正在分派",
    Status.AWAITING_SIGN: "已派单，等待承办单位签收",
    Status.IN_HAND: "承办单位正在办理",
    Status.AWAITING_APPROVAL: "已有办理结果，正在审核",
    Status.AWAITING_REVIEW: "已有办理结果，正在核查",
    Status.AWAITING_CALLBACK: "办理完毕，等待回访",
    Status.CLOSED: "已办结",
    Status.ARCHIVED: "已办结归档",
}


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Openly:
    """A petition as its resident sees it."""

    number: str
    status: str
    finished: bool
    about: str  # item and community; empty when only the status may be told
    holder: str
    phone: str
    until: datetime | None
    story: list[Told]
    may_say_unsolved: bool
    may_rate: bool
    why_not: str


def opened(number: str, code: str) -> Petition | None:
    """The petition, for who knows its code. Takes the same time whether the number or the code is wrong."""
    petition = _numbered(number)
    known = petition.lookup_code if petition else NO_CODE
    fits = hmac.compare_digest(code.encode(), known.encode())
    return petition if fits else None


def token_for(petition: Petition) -> str:
    """Stands for number and code for half an hour, so that they need not stand in addresses."""
    return signing.dumps(petition.number, salt=SALT)


def behind(token: str) -> Petition | None:
    try:
        return _numbered(signing.loads(token, salt=SALT, max_age=STANDS_FOR))
    except signing.BadSignature:
        return None


def _numbered(number: str) -> Petition | None:
    return Petition.objects.select_related("item", "unit", "place__parent").filter(number=number).first()


def openly(petition: Petition, at: datetime) -> Openly:
    public = petition.item.visibility == Visibility.PUBLIC
    unit = _holder(petition) if public else None
    unsolved, rate = _way_to_say_unsolved(petition, at), _way_to_rate(petition, at)
    return Openly(
        number=petition.number,
        status=PLAINLY[petition.status],
        finished=not petition.is_open,
        about=f"{petition.item.name} · {_community(petition)}" if public else "",
        holder=unit.name if unit else "",
        phone=unit.phone if unit else "",
        until=_until(petition) if public else None,
        story=_story(petition) if public else [],
        may_say_unsolved=bool(unsolved),
        may_rate=bool(rate),
        why_not=_hindered("reopen", petition, at) if not unsolved else "",
    )


def say_unsolved(petition: Petition, *, note: str, at: datetime) -> None:
    way = _way_to_say_unsolved(petition, at)
    if way == "call_back":
        _answer(petition, solved=Solved.NO, satisfied=Satisfied.NO, contacted=None, note=note, at=at)
    elif way == "reopen":
        workflow.reopen(petition, by=None, note=note, at=at)
    else:
        raise NotNow(_hindered("reopen", petition, at) or "这件诉求正在办理，请等待办理结果。")


def rate(petition: Petition, *, solved: str, satisfied: str, contacted: bool | None, note: str, at: datetime) -> None:
    way = _way_to_rate(petition, at)
    if way == "call_back":
        _answer(petition, solved=solved, satisfied=satisfied, contacted=contacted, note=note, at=at)
    elif way == "rate":
        workflow.rate(petition, solved=solved, satisfied=satisfied, note=note, at=at)
    else:
        raise NotNow(_hindered("rate", petition, at) or "这件诉求还没有办完，办理结果出来后再评价。")


def _answer(petition: Petition, *, at: datetime, **answers: object) -> None:
    workflow.call_back(petition, by=None, way=Callback.Way.SELF, reached=True, at=at, **answers)  # type: ignore[arg-type]


def _way_to_say_unsolved(petition: Petition, at: datetime) -> str:
    return _first_open(("call_back", "reopen"), petition, at)


def _way_to_rate(petition: Petition, at: datetime) -> str:
    return _first_open(("call_back", "rate"), petition, at)


def _first_open(actions: tuple[str, ...], petition: Petition, at: datetime) -> str:
    """The first of these verbs that the table and the moment allow a resident."""
    for action in actions:
        rule = RULES[action]
        if rule.by_resident and petition.status in rule.sources and not hindrance(action, petition, by=None, at=at):
            return action
    return ""


def _hindered(action: str, petition: Petition, at: datetime) -> str:
    return hindrance(action, petition, by=None, at=at) if petition.status in RULES[action].sources else ""


def _story(petition: Petition) -> list[Told]:
    events = petition.events.select_related("unit").order_by("at", "id")
    return [Told(event.at, TOLD[event.action](event)) for event in events if event.action in TOLD]


def _holder(petition: Petition) -> Unit | None:
    """The unit while it has the petition; otherwise the centre, as long as anybody has it."""
    if petition.is_open:
        with_unit = (Status.AWAITING_SIGN, Status.IN_HAND, Status.AWAITING_APPROVAL)
        if petition.status in with_unit and petition.unit:
            return petition.unit
        return Unit.objects.filter(kind=Unit.Kind.CENTRE).first()
    return petition.unit


def _until(petition: Petition) -> datetime | None:
    """When the matter itself should be done; before it is in a unit's hands, when the next step should be."""
    running = {clock.promise: clock for clock in Clock.objects.running().filter(petition=petition)}
    order = [Promise.RESOLVE, *(promise for promise in IN_CHARGE if promise != Promise.RESOLVE)]
    return next((running[promise].due_at for promise in order if promise in running), None)


def _community(petition: Petition) -> str:
    place = petition.place
    return place.parent.name if place.parent and len(place.code) == 15 else place.name


def _unit(event: Event) -> str:
    return str(event.unit) if event.unit else "承办单位"


def _direction(event: Event) -> str:
    direction = event.detail.get("direction", "")
    return f"，请{direction}" if direction in Direction.values and direction != Direction.NONE else ""
