"""Several petitions to one unit: what would happen, and what did, line by line; each is a step of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.models import Unit, User
from accounts.notnow import NotNow
from petitions import proposals, workflow
from petitions.models import Petition
from petitions.permissions import why_not_ordered
from petitions.step import check


@dataclass(frozen=True, slots=True)
class Line:
    petition: Petition
    goes: bool
    said: str


def would_dispatch(petitions: Iterable[Petition], to: Unit, *, by: User, at: datetime) -> list[Line]:
    """Nothing is written."""
    lines = []
    for petition in petitions:
        try:
            check("dispatch", petition, by=by, at=at)
            if why_not := why_not_ordered(petition.item, to):
                raise NotNow(why_not)
        except (NotNow, PermissionDenied) as why:
            lines.append(Line(petition, False, _why(why)))
        else:
            lines.append(Line(petition, True, f"派给{to}{_other(petition, to)}"))
    return lines


def dispatch_each(
    petitions: Iterable[Petition], to: Unit, *, opinion: str, by: User, at: datetime, seen: Mapping[str, int]
) -> list[Line]:
    """One that fails does not stop the others. `seen` is the version of each that was on the screen."""
    lines = []
    for petition in petitions:
        try:
            workflow.dispatch(petition, to=to, opinion=opinion, by=by, at=at, seen=seen.get(petition.number))
        except (NotNow, PermissionDenied) as why:
            lines.append(Line(petition, False, _why(why)))
        else:
            lines.append(Line(petition, True, f"已派给{to}"))
    return lines


def _why(why: Exception) -> str:
    return str(why) or "您没有派这一件的权限。"


def _other(petition: Petition, to: Unit) -> str:
    proposal = proposals.unit_for(petition.item, petition.place, f"{petition.title} {petition.content}")
    return f"；系统建议的是 {proposal.unit}：{proposal.reason}" if proposal and proposal.unit != to else ""
