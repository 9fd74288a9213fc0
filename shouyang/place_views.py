"""Doors to the place pages: open to everybody who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.models import CITY_CODE, Place
from shouyang import place_page


@require_safe
@login_required
def city(request: SignedInRequest) -> HttpResponse:
    return _page(request, CITY_CODE)


@require_safe
@login_required
def place(request: SignedInRequest, code: str) -> HttpResponse:
    return redirect("grids:city") if code == CITY_CODE else _page(request, code)


@require_safe
@login_required
@cache_control(private=True, max_age=300)
def boundaries(request: SignedInRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Place.objects.only("code", "kind", "name"), pk=code)
    return JsonResponse(place_page.boundaries(found))


def _page(request: SignedInRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Place.objects.select_related("unit").defer("boundary"), pk=code)
    context = place_page.context(request.user, found, timezone.now(), request.GET.get("show", ""))
    return render(request, "places/place.html", context)
