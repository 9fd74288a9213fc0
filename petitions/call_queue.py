"""Who is to be called back now: the oldest promise first, of those whose next try would count."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import FilteredRelation, Q

from accounts.models import User
from petitions import terms, timeleft, turns
from petitions.facets import merged_untold
from petitions.models import Callback, Dispatch, Petition, Promise, ScriptLine, Status
from petitions.timeleft import TimeLeft

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Turn:
    petition: Petition
    left: TimeLeft | None
    said: str  # which tries there were
    waits: str  # why not now; empty: now

    @property
    def action(self) -> str:
        return "call_back_merged" if self.petition.status == Status.MERGED else "call_back"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that is to be called, in the few words that decide whose turn it is."""

    pk: int
    said: str
    waits: str


@dataclass(frozen=True, slots=True)
class Turns:
    shown: list[Turn]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


def turns_of(user: User, at: datetime, number: str = "") -> tuple[Turns, Turns, Turn | None]:
    """To call now, to call later, and the one of this number or the next: never one that she worked on herself."""
    waiting = waiting_for(user, at)
    now = [one for one in waiting if not one.waits]
    later = [one for one in waiting if one.waits]
    asked = [one for one in waiting if number and one.pk == _pk_of(number)]
    found = _turns([*now[:SHOWN], *later[:SHOWN], *asked], at)
    chosen = asked[0] if asked else now[0] if now and not number else None
    return (
        Turns([found[one.pk] for one in now[:SHOWN]], len(now)),
        Turns([found[one.pk] for one in later[:SHOWN]], len(later)),
        found[chosen.pk] if chosen else None,
    )


def _pk_of(number: str) -> int | None:
    return Petition.objects.filter(number=number).values_list("pk", flat=True).first()


def waiting_for(user: User, at: datetime) -> list[Waiting]:
    """All of them, the oldest promise first, whatever their number: two queries."""
    mine = Dispatch.objects.filter(Q(handled_by=user) | Q(signed_by=user) | Q(approved_by=user)).values("petition")
    promise = FilteredRelation("clocks", condition=Q(clocks__promise=Promise.CALL_BACK, clocks__stopped_at=None))
    to_call = Q(status=Status.AWAITING_CALLBACK) | merged_untold(at)
    rows = list(
        Petition.objects.visible_to(user)
        .filter(to_call)
        .exclude(pk__in=mine)
        .exclude(merged_into__in=mine)
        .annotate(promise=promise)
        .order_by("promise__due_at", "pk")
        .values_list("pk", "status", "redo_count", "promise__started_at")
    )
    vain: dict[int, list[Callback]] = defaultdict(list)
    for callback in Callback.objects.filter(petition__in=[pk for pk, *_ in rows], reached=False):
        vain[callback.petition_id].append(callback)
    cooldown = timedelta(hours=terms.setting("callback_cooldown"))
    found = []
    for pk, status, redo_count, since in rows:
        tried = turns.tried((one for one in vain[pk] if since is None or one.at >= since), redo_count + 1)
        said, waits = tried.said(at), ""
        # The main petition has cooled down already when its other callers are to be told.
        if since and status != Status.MERGED and at < since + cooldown:
            waits = turns.too_soon_until(since + cooldown)
        elif not tried.would_count(at):
            waits = said
        found.append(Waiting(pk, said, waits))
    return found


def _turns(waiting: list[Waiting], at: datetime) -> dict[int, Turn]:
    keys = [one.pk for one in waiting]
    petitions = Petition.objects.select_related("item", "unit", "place", "merged_into").in_bulk(keys)
    due = timeleft.first_due(keys)
    return {
        one.pk: Turn(
            petitions[one.pk],
            timeleft.time_left(due[one.pk], at) if one.pk in due else None,
            one.said,
            one.waits,
        )
        for one in waiting
        if one.pk in petitions
    }


def script() -> dict[str, str]:
    return dict(ScriptLine.objects.values_list("part", "words"))
