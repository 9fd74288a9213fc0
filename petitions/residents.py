"""What a resident with a number and a look-up code may read and do: plain words, no personal data, no inner notes."""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils import timezone

from accounts.models import Unit
from accounts.notnow import NotNow
from grids.models import Visibility
from petitions import choices, timeleft, workflow
from petitions.hindrances import hindrance
from petitions.models import (
    Callback,
    Clock,
    Direction,
    Event,
    Petition,
    Promise,
    Satisfied,
    Solved,
    Status,
    Suspension,
    Termination,
)
from petitions.rules import ASKED, IN_CHARGE, RULES

SALT, STANDS_FOR = "public petition", 30 * 60  # seconds
NO_CODE = "0" * 6  # no code has a zero

# Only what stands here is told, and never a free text: those are written for colleagues, and may name people.
TOLD: dict[str, Callable[[Event], str]] = {
    "register": lambda event: "诉求已登记",
    "accept": lambda event: "热线中心已受理",
    "answer": lambda event: f"热线中心已直接答复您{_cited(event)}",
    "refuse": lambda event: f"不予受理{_direction(event)}",
    "dispatch": lambda event: f"已派给{_unit(event)}办理",
    "hand_back": lambda event: f"{_unit(event)}提出不属其职责，热线中心正在核定，期限照常计算",
    "reject_return": lambda event: f"经核定，仍由{_unit(event)}办理",
    "dispute": lambda event: "热线中心正在会商，确定由谁办理",
    "arbitrate": lambda event: f"经会商，确定由{event.detail['to']}办理",
    "reassign": lambda event: f"已改派给{_unit(event)}办理",
    "involve": lambda event: f"已请{'、'.join(event.detail['units'])}协助办理",
    "assist_reply": lambda event: f"{_unit(event)}已完成协助办理的部分",
    "sign": lambda event: f"{_unit(event)}已签收，开始办理",
    "contact": lambda event: f"{_unit(event)}{'已与您联系' if event.detail.get('reached') else '联系过您，没有接通'}",
    "reply": lambda event: f"{_unit(event)}已提交办理结果，正在审核",
    "ask_extension": lambda event: f"{_unit(event)}申请延长办理时间",
    "grant_extension": lambda event: f"同意延长办理时间，最迟 {_day(event.detail['due'][1])}",
    "refuse_extension": lambda event: "没有同意延长办理时间，原期限不变",
    "stage_feedback": lambda event: f"{_unit(event)}反馈阶段进展",
    "ask_suspension": lambda event: f"{_unit(event)}申请暂缓办理（挂账），正在审批",
    "refuse_suspension": lambda event: "没有同意暂缓，继续办理",
    "suspend": lambda event: (
        f"经审批暂缓办理（挂账）：{Suspension.Reason(event.detail['reason']).label}，"
        f"预计 {event.detail['expected']} 前恢复，期间定期复核"
    ),
    "review_suspension": lambda event: "已复核，仍在推进",
    "resume": lambda event: f"{_unit(event)}恢复办理",
    "ask_termination": lambda event: f"{_unit(event)}申请终止办理，正在审批",
    "refuse_termination": lambda event: "没有同意终止，继续办理",
    "terminate": lambda event: f"终止办理：{Termination.Ground(event.detail['ground']).label}",
    "merge": lambda event: "与另一件相同的诉求合并办理",
    "unmerge": lambda event: "改为单独办理",
    "call_back_merged": lambda event: (
        "已告知结果并回访，听取了您的意见" if event.detail.get("reached") else "回访电话没有接通"
    ),
    "approve": lambda event: f"{_unit(event)}审核通过，热线中心正在核查",
    "correct": lambda event: f"热线中心要求{_unit(event)}补充办理",
    "pass_review": lambda event: "热线中心核查通过，等待回访",
    "call_back": lambda event: "已回访，听取了您的意见" if event.detail.get("reached") else "回访电话没有接通",
    "redo": lambda event: f"根据您的意见，由{_unit(event)}重新办理",
    "close": lambda event: "已办结",
    "conclude": lambda event: "经审定办结",
    "rate": lambda event: "您已作出评价",
    "invite": lambda event: "给您发送了评价链接",
    "publish_case": lambda event: "办理情况已作为案例公开，认不出是谁反映的",
    "withdraw_case": lambda event: "公开的案例已撤下",
    "recheck": lambda event: "热线中心又听取了您的意见",
    "reopen": lambda event: "您反映没有解决，已重新打开",
    "archive": lambda event: "已归档",
}


# What another caller about the same matter may hear of the main petition: its progress, nothing of whoever rang first.
SHARED: dict[str, Callable[[Event], str]] = {
    action: TOLD[action]
    for action in (
        *("dispatch", "sign", "reply", "approve", "correct", "pass_review", "close", "conclude", "archive"),
        *("grant_extension", "stage_feedback", "suspend", "review_suspension", "resume", "terminate"),
    )
} | {
    "redo": lambda event: f"由{_unit(event)}重新办理",
    "reopen": lambda event: "重新打开",
}

# What anybody may hear of a matter that is public.
PUBLISHED: dict[str, Callable[[Event], str]] = SHARED | {
    "register": TOLD["register"],
    "accept": TOLD["accept"],
    "answer": lambda event: "热线中心已直接答复",
    "refuse": TOLD["refuse"],
    "merge": TOLD["merge"],
}

PLAINLY: dict[str, str] = {
    Status.RECEIVED: "已收到，等待受理",
    Status.REFUSED: "不予受理",
    Status.ANSWERED: "已直接答复",
    Status.AWAITING_DISPATCH: "已受理，正在分派",
    Status.AWAITING_SIGN: "已派单，等待承办单位签收",
    Status.RETURN_UNDER_REVIEW: "正在核定由哪个单位办理",
    Status.IN_ARBITRATION: "正在会商，确定由哪个单位办理",
    Status.IN_HAND: "承办单位正在办理",
    Status.EXTENSION_UNDER_REVIEW: "承办单位正在办理，申请延长时间",
    Status.SUSPENSION_UNDER_REVIEW: "承办单位申请暂缓办理，正在审批",
    Status.SUSPENDED: "暂缓办理（挂账），定期复核",
    Status.TERMINATION_UNDER_REVIEW: "承办单位申请终止办理，正在审批",
    Status.MERGED: "已合并办理",
    Status.TERMINATED: "已终止办理",
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
    words: str = ""  # written for this caller to read


@dataclass(frozen=True, slots=True)
class Openly:
    """A petition as its resident sees it."""

    number: str
    status: str
    finished: bool
    about: str  # item and community; empty when only the status may be told
    holder: str
    phone: str
    contact: str  # who keeps in touch with the resident, where it is not the holder
    until: datetime | None
    story: list[Told]
    total: str  # since it was registered; no extension and no suspension takes anything off
    waits: bool  # on the books
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
    related = (
        "item",
        "unit",
        "contact_unit",
        "place__parent",
        "merged_into__item",
        "merged_into__unit",
        "merged_into__contact_unit",
    )
    return Petition.objects.select_related(*related).filter(number=number).first()


def openly(petition: Petition, at: datetime) -> Openly:
    main = petition.merged_into if petition.status == Status.MERGED else None
    shown = main or petition
    public = all(one.item.visibility == Visibility.PUBLIC or one.item.unsorted for one in (petition, shown))
    unit = holder(shown) if public else None
    unsolved, rate = _way_to_say_unsolved(petition, at), _way_to_rate(petition, at)
    return Openly(
        number=petition.number,
        status=f"{PLAINLY[petition.status]}，{PLAINLY[main.status]}" if main else PLAINLY[petition.status],
        finished=not shown.is_open,
        about=f"{petition.item.name} · {community(petition)}" if public else "",
        holder=unit.name if unit else "",
        phone=unit.phone if unit else "",
        contact=_other_contact(shown, unit),
        until=due(shown) if public else None,
        story=_story(petition, main) if public else [],
        total=timeleft.total(petition, at),
        waits=shown.status == Status.SUSPENDED,
        may_say_unsolved=bool(unsolved),
        may_rate=bool(rate),
        why_not=_hindered("reopen", petition, at) if not unsolved else "",
    )


# By which verb a caller answers the three questions; on a petition that was merged, about the main one.
CALLS_BACK: dict[str, Callable[..., None]] = {
    "call_back": workflow.call_back,
    "call_back_merged": workflow.call_back_merged,
}


def _other_contact(petition: Petition, holder: Unit | None) -> str:
    keeper = petition.contact_unit if petition.is_open and holder else None
    return keeper.name if keeper and keeper != holder else ""


def say_unsolved(petition: Petition, *, note: str, at: datetime) -> None:
    way = _way_to_say_unsolved(petition, at)
    if way in CALLS_BACK:
        _answer(way, petition, solved=Solved.NO, satisfied=Satisfied.NO, contacted=None, note=note, at=at)
    elif way == "reopen":
        workflow.reopen(petition, by=None, note=note, at=at)
    else:
        raise NotNow(_hindered("reopen", petition, at) or "这件诉求正在办理，请等待办理结果。")


def rate(petition: Petition, *, solved: str, satisfied: str, contacted: bool | None, note: str, at: datetime) -> None:
    way = _way_to_rate(petition, at)
    if way in CALLS_BACK:
        _answer(way, petition, solved=solved, satisfied=satisfied, contacted=contacted, note=note, at=at)
    elif way == "rate":
        workflow.rate(petition, solved=solved, satisfied=satisfied, note=note, at=at)
    else:
        raise NotNow(_hindered("rate", petition, at) or "这件诉求还没有办完，办理结果出来后再评价。")


def _answer(verb: str, petition: Petition, *, at: datetime, **answers: object) -> None:
    CALLS_BACK[verb](petition, by=None, way=Callback.Way.SELF, reached=True, at=at, **answers)


def _way_to_say_unsolved(petition: Petition, at: datetime) -> str:
    return _first_open((*CALLS_BACK, "reopen"), petition, at)


def _way_to_rate(petition: Petition, at: datetime) -> str:
    return _first_open((*CALLS_BACK, "rate"), petition, at)


def _first_open(actions: tuple[str, ...], petition: Petition, at: datetime) -> str:
    """The first of these verbs that the table and the moment allow a resident."""
    for action in actions:
        rule = RULES[action]
        if rule.by_resident and petition.status in rule.sources and not hindrance(action, petition, by=None, at=at):
            return action
    return ""


def _hindered(action: str, petition: Petition, at: datetime) -> str:
    return hindrance(action, petition, by=None, at=at) if petition.status in RULES[action].sources else ""


def _story(petition: Petition, main: Petition | None) -> list[Told]:
    told = [
        Told(event.at, TOLD[event.action](event), event.note if event.action == "stage_feedback" else "")
        for event in _events(petition)
        if event.action in TOLD
    ]
    if main:
        told += [Told(event.at, SHARED[event.action](event)) for event in _events(main) if event.action in SHARED]
    return sorted(told, key=lambda one: one.at)


def _events(petition: Petition) -> Iterable[Event]:
    return petition.events.select_related("unit").order_by("at", "id")


def progress(events: Iterable[Event]) -> list[Told]:
    return [Told(event.at, PUBLISHED[event.action](event)) for event in events if event.action in PUBLISHED]


def holder(petition: Petition) -> Unit | None:
    """The unit while it has the petition; otherwise the centre, as long as anybody has it."""
    if petition.is_open:
        with_unit = (Status.AWAITING_SIGN, Status.IN_HAND, Status.AWAITING_APPROVAL, Status.SUSPENDED, *ASKED)
        if petition.status in with_unit and petition.unit:
            return petition.unit
        return next((unit for unit in choices.units().values() if unit.kind == Unit.Kind.CENTRE), None)
    return petition.unit


def due(petition: Petition) -> datetime | None:
    running = Clock.objects.running().filter(petition=petition).values_list("promise", "due_at")
    return until(petition, dict(running))


def until(petition: Petition, running: dict[str, datetime]) -> datetime | None:
    """When the matter itself should be done; before it is in a unit's hands, when the next step should be."""
    if petition.status == Status.SUSPENDED:
        return None
    order = [Promise.RESOLVE, *(promise for promise in IN_CHARGE if promise != Promise.RESOLVE)]
    return next((running[promise] for promise in order if promise in running), None)


def whereabouts(code: str) -> str:
    """Street and community; of what lies in none, the city."""
    places = choices.places()
    above = dict.fromkeys((code[:9], code[:12]))
    return "".join(places[one].name for one in above if one in places)


def community(petition: Petition) -> str:
    place = petition.place
    return place.parent.name if place.parent and len(place.code) == 15 else place.name


def _day(iso: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(iso)):%Y-%m-%d %H:%M}"


def _unit(event: Event) -> str:
    return str(event.unit) if event.unit else "承办单位"


def _cited(event: Event) -> str:
    return f"，依据《{event.detail['cites']['title']}》" if "cites" in event.detail else ""


def _direction(event: Event) -> str:
    direction = event.detail.get("direction", "")
    return f"，请{direction}" if direction in Direction.values and direction != Direction.NONE else ""
