"""What stands in the way of an action that the table allows: a sentence for the button, the API and the guard alike."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import User
from petitions import ledger, terms
from petitions.models import Petition

Question = Callable[[Petition, User | None, datetime], str]


def hindrance(action: str, petition: Petition, *, by: User | None, at: datetime) -> str:
    """Why not now, and what to do first; empty when nothing stands in the way."""
    question = _QUESTIONS.get(action)
    return question(petition, by, at) if question else ""


def _not_contacted(petition: Petition, by: User | None, at: datetime) -> str:
    lead = ledger.current().lead(petition)
    if petition.reachable and lead is not None and lead.contacted_at is None:
        return "还没有登记联系诉求人的记录，请先“登记联系”。"
    return ""


def _is_the_handler(petition: Petition, by: User | None, at: datetime) -> str:
    lead = ledger.current().lead(petition)
    if by is not None and lead is not None and by.pk == lead.handled_by_id:
        return "回访人不能是承办人，请换一位回访员。"
    return ""


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


_QUESTIONS: dict[str, Question] = {
    "reply": _not_contacted,
    "call_back": _is_the_handler,
    "conclude": _redos_left,
    "rate": _rated,
    "reopen": _concluded_long_ago,
}
