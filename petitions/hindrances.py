"""What stands in the way of an action that the table allows: a sentence for the button, the API and the guard alike."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import Unit, User
from grids.models import Visibility
from petitions import askings, ledger, moments, parts, terms, turns
from petitions.models import Dispatch, Petition, Promise, Return, Status, Topic
from petitions.permissions import why_not_ordered
from petitions.supervision import LAST

Question = Callable[[Petition, User | None, datetime], str]


def hindrance(action: str, petition: Petition, *, by: User | None, at: datetime) -> str:
    """Why not now, and what to do first; empty when nothing stands in the way."""
    question = _QUESTIONS.get(action)
    return question(petition, by, at) if question else ""


def _not_sorted(petition: Petition, by: User | None, at: datetime) -> str:
    """No unit is given what nobody has looked at; the dispatch catalogue would learn nonsense from it."""
    return "事项还没有归类，请先“更正登记”选定事项，再派单。" if petition.item.unsorted else ""


def _not_contacted(petition: Petition, by: User | None, at: datetime) -> str:
    lead = ledger.current().lead(petition)
    if petition.reachable and lead is not None and lead.contacted_at is None:
        return "还没有登记联系诉求人的记录，请先“登记联系”。"
    return ""


def _others_owe(petition: Petition, by: User | None, at: datetime) -> str:
    names = "、".join(str(part.unit) for part in parts.owed(petition))
    return f"{names}还没有提交协办结果，暂不能提交办理结果。" if names else ""


def _not_returnable(petition: Petition, by: User | None, at: datetime) -> str:
    """One return per unit and petition, in time, never after a ruling (domain §2.7)."""
    lead = ledger.current().lead(petition)
    until = _return_until(petition, lead)
    if lead is None or until is None:
        return ""
    returns = ledger.current().returns(petition)
    if any(one.arbitrated for one in returns):
        return "本件已经会商裁定，裁定有约束力，不能再退单。"
    if any(one.unit_id == lead.unit_id for one in returns):
        return "本单位已就本件退过一次单，不能再退。"
    if lead.round > 1 and lead.signed_at == lead.dispatched_at:
        return "重办件由原单位办到底，不能退单。"
    if at > until:
        hours = terms.setting("return_hours")
        return f"退单须在派单后 {hours} 工作时且不超过办理时限四分之一内提出，已于 {moments.spelled(until)} 截止。"
    return ""


def return_until(petition: Petition) -> datetime | None:
    """Until when the unit that has it may hand it back."""
    return _return_until(petition, ledger.current().lead(petition))


def _return_until(petition: Petition, lead: Dispatch | None) -> datetime | None:
    resolve = ledger.current().last_clock(petition, Promise.RESOLVE)
    return terms.return_until(lead.dispatched_at, resolve.length) if lead and resolve else None


def assists_already(unit: Unit) -> str:
    return f"{unit}正在协办本件，请先取消协办，再派为主办。"


def why_not_to(petition: Petition, unit: Unit) -> str:
    """Why a petition that was handed back cannot go to this unit."""
    if unit.pk in (petition.assisting or ()):
        return assists_already(unit)
    if unit.pk == petition.unit_id:
        return f"{unit}就是退单的单位，请选另一家；认为应由它办理的，请“不同意退单”。"
    if any(
        one.unit_id == unit.pk and one.verdict == Return.Verdict.UPHELD for one in ledger.current().returns(petition)
    ):
        return f"{unit}的退单已经成立，不能再派给它；有争议的请转会商。"
    return why_not_ordered(petition.item, unit)


def _already_signed(petition: Petition, by: User | None, at: datetime) -> str:
    unsigned = by is not None and parts.owed_by(by, petition, signed=False)
    return "" if unsigned else "协办任务已经签收。"


def _not_signed(petition: Petition, by: User | None, at: datetime) -> str:
    signed = by is not None and parts.owed_by(by, petition, signed=True)
    return "" if signed else "请先签收协办任务。"


def _nobody_assists(petition: Petition, by: User | None, at: datetime) -> str:
    return "" if petition.assisting else "现在没有尚未完成的协办。"


def _not_to_be_called(petition: Petition, by: User | None, at: datetime) -> str:
    """A resident may speak at any time; who calls her may not be the handler, nor call too soon."""
    return turns.worked_on_it(petition, by) or ("" if by is None else turns.too_soon(petition, at))


def _not_to_be_invited(petition: Petition, by: User | None, at: datetime) -> str:
    if not petition.reachable:
        return "诉求人没有留联系方式，发不了链接。"
    if petition.status == Status.MERGED:
        return askings.main_goes_on(petition, by, at)
    return _not_to_be_called(petition, by, at) or _rated(petition, by, at)


def _not_hers_to_recheck(petition: Petition, by: User | None, at: datetime) -> str:
    drawn = petition.rechecks.waiting().select_related("callback").first()
    if drawn is None:
        return "这件诉求没有抽到，或已经复核过。"
    if by is not None and drawn.callback.by_id == by.pk:
        return "复核人不能是原回访人，请换一位。"
    return turns.worked_on_it(petition, by)


def _excluded_already(petition: Petition, by: User | None, at: datetime) -> str:
    standing = next((one for one in petition.exclusions.all() if one.agreed is not False), None)
    if standing is None:
        return ""
    return "已经不计入考核。" if standing.agreed else "已有人提出，等另一人复核。"


def _not_hers_to_exclude(petition: Petition, by: User | None, at: datetime) -> str:
    proposed = petition.exclusions.proposed().first()
    if proposed is None:
        return "没有待复核的剔除提议，可能刚被别人复核过。"
    return "提出人不能自己复核，须由另一个人决定。" if by is not None and proposed.proposed_by_id == by.pk else ""


def _redos_left(petition: Petition, by: User | None, at: datetime) -> str:
    limit = terms.setting("redo_limit")
    return f"重办满 {limit} 次后才能审定办结，请先回访。" if petition.redo_count < limit else ""


def _rated(petition: Petition, by: User | None, at: datetime) -> str:
    rated = any(c.reached and c.round == petition.redo_count + 1 for c in ledger.current().callbacks(petition))
    return "这件诉求已经评价过了，感谢您的反馈。" if rated else ""


def _concluded_long_ago(petition: Petition, by: User | None, at: datetime) -> str:
    days = terms.setting("reopen_days")
    if petition.concluded_at is None or at - petition.concluded_at > timedelta(days=days):
        return f"办结超过 {days} 天，不能重新打开，请重新登记一件诉求。"
    return ""


def _topic_waits(petition: Petition, by: User | None, at: datetime) -> str:
    unheard = any(one.state in (Topic.State.WAITING, Topic.State.ON_AGENDA) for one in petition.topics.all())
    return "这件诉求已经在待上会的议题里，等会议研究。" if unheard else ""


def _not_to_be_supervised(petition: Petition, by: User | None, at: datetime) -> str:
    """One draft at a time, three notices in all, and only what some unit has promised."""
    clock = ledger.current().last_clock(petition, Promise.RESOLVE)
    if clock is None or clock.unit_id is None:
        return "还没有单位承诺办结期限，不能督办。"
    notices = [one for one in petition.supervision.all() if one.clock.started_at == clock.started_at]
    if any(one.unsigned for one in notices):
        return "已有一份待签发的督办通知单。"
    issued = sum(one.number is not None for one in notices)
    return "已发过三次督办通知单，请报主要领导批示。" if issued >= LAST else ""


def _not_publishable(petition: Petition, by: User | None, at: datetime) -> str:
    if petition.confidential:
        return "诉求人要求保密，不能公开。"
    if petition.item.visibility != Visibility.PUBLIC:
        return f"“{petition.item.name}”是不公开的事项。"
    if not petition.events.filter(action__in=("close", "conclude", "answer")).exists():
        return "没有办理结果，不能作为案例公开。"
    published = petition.publications.standing().exists()
    return "已经公开。要改文字，请先撤下，再重新公开。" if published else ""


def _not_published(petition: Petition, by: User | None, at: datetime) -> str:
    return "" if petition.publications.standing().exists() else "现在没有公开，可能刚被别人撤下。"


_QUESTIONS: dict[str, Question] = {
    "dispatch": _not_sorted,
    "propose_supervision": _not_to_be_supervised,
    "reply": lambda petition, by, at: _not_contacted(petition, by, at) or _others_owe(petition, by, at),
    "hand_back": _not_returnable,
    "ask_extension": lambda petition, by, at: (
        _not_contacted(petition, by, at) or askings.not_extendable(petition, by, at)
    ),
    "grant_extension": askings.not_hers_to_extend,
    "refuse_extension": askings.not_hers_to_extend,
    "ask_suspension": _not_contacted,
    "approve_suspension": askings.not_her_turn,
    "refuse_suspension": askings.not_her_turn,
    "ask_termination": lambda petition, by, at: (
        _not_contacted(petition, by, at) or askings.no_evidence(petition, by, at)
    ),
    "merge": askings.has_others,
    "call_back_merged": askings.main_goes_on,
    "assist_sign": _already_signed,
    "assist_reply": _not_signed,
    "release": _nobody_assists,
    "call_back": _not_to_be_called,
    "invite": _not_to_be_invited,
    "publish_case": _not_publishable,
    "withdraw_case": _not_published,
    "recheck": _not_hers_to_recheck,
    "propose_exclusion": _excluded_already,
    "decide_exclusion": _not_hers_to_exclude,
    "conclude": _redos_left,
    "rate": _rated,
    "reopen": _concluded_long_ago,
    "raise_topic": _topic_waits,
}
