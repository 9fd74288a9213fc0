"""My desk: what waits for me, oldest promise first; for leaders, whether the city keeps its promises."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import drawn
from accounts.models import User
from accounts.signed_in import SignedInRequest
from grids.models import Duty
from grids.permissions import VISITORS
from grids.scope import duties_of
from petitions import knowledge, periods, reports
from petitions.facets import queues_of
from petitions.models import Handover, SavedFilter
from petitions.models.petition import sees_all
from petitions.paper_queues import waiting_papers
from petitions.queues import Queue, queues
from petitions.reports import Figure
from petitions.rows import names

TOP = 5
SHIFTS = 3  # left by others and not taken over yet
TO_READ = ("briefings-to_read", "briefings-to_read_final")  # a leader on a phone sees them before anything else
SEES_THE_CITY = frozenset({Duty.LEADER, Duty.PRINCIPAL_LEADER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR})
SEES_ODD_UNITS = SEES_THE_CITY | {Duty.REVIEWER}
KEPT_FOR = 60  # seconds


@dataclass(frozen=True, slots=True)
class Month:
    """How the month went, as of `at`."""

    at: datetime
    figures: list[Figure]
    odd: list[tuple[str, list[str]]]


@never_cache
@login_required
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    user, at, duties = request.user, timezone.now(), duties_of(request.user)
    facets = queues_of(user)
    waiting = queues(user, facets, at, top=TOP)
    papers = waiting_papers(user, at, top=TOP)
    month = month_of(user, at) if duties & SEES_ODD_UNITS else Month(at, [], [])
    first = bool(duties & SEES_THE_CITY)
    context = {
        "odd": month.odd,
        "odd_href": f"{reverse('petitions:rates')}?by=unit&period={periods.month_of(at)}&sort=satisfied",
        "at": at,
        "duties": [Duty(duty).label for duty in Duty.values if duty in duties],
        "queues": waiting,
        "lists": each_once(waiting),
        "letters": [queue for queue in papers if queue.name in TO_READ],
        "papers": [queue for queue in papers if queue.name not in TO_READ],
        "waiting": sum(queue.total for queue in waiting) + sum(queue.total for queue in papers),
        "figures": [*(month.figures if first else []), *(reports.today(user, at) if facets else [])],
        "figures_first": first,
        "figures_at": month.at if first else at,
        "registers": Duty.OPERATOR in duties,
        "visits": bool(duties & set(VISITORS)),
        "shelf": knowledge.shelf(user, timezone.localdate(at)),
        "saved": SavedFilter.objects.visible_to(user),
        "handovers": Handover.objects.waiting_for(user).select_related("written_by", "read_by")[:SHIFTS],
    }
    return render(request, "shouyang/desk.html", context)


def month_of(user: User, at: datetime) -> Month:
    """Every promise of the month is looked at for this, so it is reckoned once a minute for all who see the same."""
    whose = "" if sees_all(user) else user.pk
    return drawn.once(f"month-{whose}", lambda: Month(at, reports.month(user, at), odd_units(user, at)), KEPT_FOR)


def odd_units(user: User, at: datetime) -> list[tuple[str, list[str]]]:
    """Units of this month whose callers are nearly all content and nearly never heard."""
    found = reports.odd_units(user, periods.read(periods.month_of(at), at), at)
    named = names().units
    return [
        (
            named.get(line.key, ""),
            [reports.percent(rate.value) for rate in line.rates if rate.measure.name in ("satisfied", "answered")],
        )
        for line in found
    ]


def each_once(waiting: list[Queue]) -> list[Queue]:
    """What is overdue is also open, and may have a red card: its row stands in the narrowest list alone."""
    lists, seen = [], set[str]()
    for queue in sorted(waiting, key=lambda queue: queue.name == "open"):
        fresh = [row for row in queue.rows if row.number not in seen]
        seen.update(row.number for row in fresh)
        lists.append(replace(queue, rows=fresh))
    return lists
