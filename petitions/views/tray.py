"""What one's unit holds: to sign, in hand, to approve, come back, and the cards of today."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Unit, User
from accounts.signed_in import SignedInRequest
from grids.models import Duty
from grids.scope import units_of
from petitions.facets import FACETS
from petitions.permissions import UNIT_PEOPLE
from petitions.queues import Queue, queues

# What the unit is to the petition, and what then waits for it.
GROUPS = {
    "unit": ("awaiting_sign", "returned", "in_hand", "awaiting_approval", "carded_today"),
    "assisting": ("assisting",),
    "contact_unit": ("keeping_contact",),
}
SHOWN = 20


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    signing = units_of(request.user, *(duty for party in UNIT_PEOPLE for duty in party.duties))
    looking = units_of(request.user, Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY)
    units = Unit.objects.filter(pk__in=[*signing, *looking])
    held = list(_held(request.user, [unit.pk for unit in units], timezone.now())) if units else []
    return render(request, "petitions/tray.html", {"units": units, "queues": held, "signs": bool(signing)})


def _held(user: User, units: list[int], at: datetime) -> Iterator[Queue]:
    for role, names in GROUPS.items():
        within = Q(assisting__overlap=units) if role == "assisting" else Q(**{f"{role}__in": units})
        query = "".join(f"&{role}={pk}" for pk in units)
        yield from queues(user, [FACETS[name] for name in names], at, top=SHOWN, within=within, query=query)
