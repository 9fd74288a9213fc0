"""My desk: what waits for me, oldest promise first; for leaders, whether the city keeps its promises."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grids.models import Duty
from grids.scope import duties_of
from petitions import reports
from petitions.facets import queues_of
from petitions.queues import queues

TOP = 5
SEES_THE_CITY = frozenset({Duty.LEADER, Duty.PRINCIPAL_LEADER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR})


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    user, at, duties = request.user, timezone.now(), duties_of(request.user)
    facets = queues_of(user)
    waiting = queues(user, facets, at, top=TOP)
    context = {
        "at": at,
        "duties": [Duty(duty).label for duty in Duty.values if duty in duties],
        "queues": waiting,
        "waiting": sum(queue.total for queue in waiting),
        "today": reports.today(user, at) if facets else [],
        "month": reports.month(user, at) if duties & SEES_THE_CITY else [],
        "registers": Duty.OPERATOR in duties,
    }
    return render(request, "shouyang/desk.html", context)
