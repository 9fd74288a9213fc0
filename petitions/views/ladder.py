"""The ladder of a class, drawn, and tried on a date: what would ring when, for a petition that is dispatched then."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.models import Duty
from grids.scope import holds
from petitions import ladders
from petitions.forms.ladder import TrialForm


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    form = TrialForm(request.GET or None)
    trial = ladders.trial(**form.said(timezone.now()))
    context = {"form": form, "trial": trial, "edits": holds(request.user, Duty.ADMINISTRATOR)}
    return render(request, "petitions/ladder.html", context, status=422 if form.errors else 200)
