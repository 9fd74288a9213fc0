"""What one's unit holds: to sign, in hand, to approve, come back, and the cards of today."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Unit
from accounts.signed_in import SignedInRequest
from grids.models import Duty
from grids.scope import units_of
from petitions.facets import FACETS
from petitions.permissions import UNIT_PEOPLE
from petitions.queues import queues

GROUPS = ("awaiting_sign", "returned", "in_hand", "awaiting_approval", "carded_today")
SHOWN = 20


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    signing = units_of(request.user, *(duty for party in UNIT_PEOPLE for duty in party.duties))
    looking = units_of(request.user, Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY)
    units = Unit.objects.filter(pk__in=[*signing, *looking])
    held = queues(
        request.user,
        [FACETS[name] for name in GROUPS],
        timezone.now(),
        top=SHOWN,
        within=Q(unit__in=units),
        units=[unit.pk for unit in units],
    )
    context = {"units": units, "queues": held if units else [], "signs": bool(signing)}
    return render(request, "petitions/tray.html", context)
