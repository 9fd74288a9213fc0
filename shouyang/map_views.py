"""Doors to the map of the grids."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from shouyang import map_outlines, map_page


@login_required
@require_safe
def show(request: SignedInRequest) -> HttpResponse:
    asked = {"by": request.GET.get("by", ""), "level": request.GET.get("level", "")}
    return render(request, "map/map.html", map_page.context(request.user, **asked, at=timezone.now()))


@login_required
@require_safe
@cache_control(private=True, max_age=3600)
def outlines(request: SignedInRequest) -> HttpResponse:
    """The address names the edition, so a browser may keep it."""
    level = "grid" if request.GET.get("level") == "grid" else "community"
    return JsonResponse(map_outlines.outlines(level))
