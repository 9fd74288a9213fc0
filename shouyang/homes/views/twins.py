"""Look-alikes of a household, and what makes one of two: the same home, the same door, or a move."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.twins import Twins, twins_of
from shouyang.homes.finding import home_of, kept_home
from shouyang.homes.press import key_of


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest, pk: int) -> HttpResponse:
    household = home_of(request, pk)
    return render(request, "homes/twins.html", {"household": household, "twins": twins_of(household, request.user)})


@never_cache
@login_required
@require_POST
def merge(request: SignedInRequest, pk: int, kept_pk: int, twin_pk: int) -> HttpResponse:
    """Only a pair that the page shows is merged."""
    household = kept_home(request, pk)
    pairs = {(pair.kept.pk, pair.twin.pk): pair for pair in twins_of(household, request.user)}
    pair = pairs.get((kept_pk, twin_pk))
    if pair is None:
        raise Http404
    messages.success(request, _merge(pair, request))
    return redirect("homes:home", pk)


def _merge(pair: Twins, request: SignedInRequest) -> str:
    press: dict[str, Any] = {"key": key_of(request.POST), "by": request.user, "at": timezone.now()}
    if pair.same_home:
        workflow.merge_residents(pair.twin, pair.kept, **press)
        return "两条登记已合并为一条。"
    if pair.same_door:
        workflow.merge_households(pair.twin, pair.kept, **press)
        return "两户已合并为一户。"
    workflow.merge_across(pair.twin, pair.kept, **press)
    return "已注销另一户里的重复登记。"
