"""Who is to be called back now: the oldest promise first, of those whose next try would count."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, FilteredRelation, Q

from accounts.models import User
from petitions import terms, timeleft, turns
from petitions.models import Callback, Dispatch, Petition, Promise, ScriptLine, Status
from petitions.timeleft import TimeLeft

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Turn:
    petition: Petition
    left: TimeLeft | None
    tried: turns.Tried
    said: str
    waits: str  # why not now; empty: now
    since: datetime


def turns_of(user: User, at: datetime) -> tuple[list[Turn], list[Turn]]:
    """Those to call now, and those to call later: the oldest promise first. Never one that she handled herself."""
    mine = Dispatch.objects.filter(Q(handled_by=user) | Q(signed_by=user) | Q(approved_by=user)).values("petition")
    waiting = (
        Petition.objects.visible_to(user)
        .filter(status=Status.AWAITING_CALLBACK)
        .exclude(pk__in=mine)
        .annotate(
            promise=FilteredRelation("clocks", condition=Q(clocks__promise=Promise.CALL_BACK, clocks__stopped_at=None))
        )
        .annotate(due_at=F("promise__due_at"), asked_since=F("promise__started_at"))
        .select_related("item", "unit", "place")
        .order_by("due_at", "pk")[:SHOWN]
    )
    rows = list(waiting)
    vain: dict[int, list[Callback]] = defaultdict(list)
    for callback in Callback.objects.filter(petition__in=rows, reached=False):
        vain[callback.petition_id].append(callback)
    clocks = timeleft.first_due([row.pk for row in rows])
    found = [_turn(row, vain[row.pk], clocks.get(row.pk), at) for row in rows]
    return [turn for turn in found if not turn.waits], [turn for turn in found if turn.waits]


def _turn(petition: Petition, vain: list[Callback], due: timeleft.Due | None, at: datetime) -> Turn:
    tried = turns.tried(vain, petition.redo_count + 1)
    since: datetime = getattr(petition, "asked_since", None) or petition.registered_at
    fresh_until = since + timedelta(hours=terms.setting("callback_cooldown"))
    waits = turns.too_soon_until(fresh_until) if at < fresh_until else ""
    if not waits and not tried.would_count(at):
        waits = tried.said(at)
    left = timeleft.time_left(due, at) if due else None
    return Turn(petition, left, tried, tried.said(at), waits, since)


def script() -> dict[str, str]:
    return dict(ScriptLine.objects.values_list("part", "words"))
