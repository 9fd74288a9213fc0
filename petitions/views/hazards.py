"""Hazards as the grid's own people see them: the lists, one with its history, and the form that fits into a hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.row_keys import row_key
from accounts.signed_in import SignedInRequest
from grids.hazard_facets import FACETS, FIRST, counts
from grids.models import Hazard, Household, ListedItem, Premises
from grids.permissions import VISITORS
from grids.scope import holds
from grids.workflow import hazards
from petitions import keyset, patrols
from petitions.forms.hazards import FORMS, HazardForm, Seeing
from petitions.views.list import Link

ON_A_PAGE = 30
ORDER = keyset.Order("found_at", "id", newest_first=True)


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    user, on, asked = request.user, timezone.localdate(), request.GET
    facet = asked.get("facet", FIRST) if asked.get("facet", FIRST) in FACETS else FIRST
    place = patrols.place_named(asked.get("place", ""))
    here = patrols.listed(Hazard.objects.visible_to(user), place)
    counted = counts(here, user, on)
    rows = here.filter(FACETS[facet].where(user, on)).values(*patrols.COLUMNS, **patrols.NAMES)
    cursor = {"after": asked.get("after", ""), "before": asked.get("before", "")}
    beside = f"&place={place.code}" if place else ""
    context = {
        "page": keyset.page(rows, ORDER, size=ON_A_PAGE, **cursor),
        "tabs": [
            (Link(f"{one.label}", f"?facet={name}{beside}", name == facet), counted[name])
            for name, one in FACETS.items()
        ],
        "facet": facet,
        "beside": beside,
        "place": place,
        "on": on,
        "states": dict(Hazard.State.choices),
        "finds": holds(user, *VISITORS),
    }
    return render(request, "hazards/list.html", context)


@never_cache
@login_required
def new(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *VISITORS):
        raise Http404
    at, asked = timezone.now(), request.GET
    items = ListedItem.objects.in_force(timezone.localdate(at)).select_related("item")
    where: dict[str, Any] = {"household": _household(request), "premises": _premises(request)}
    sent = (request.POST or None, request.FILES or None)
    form = HazardForm(*sent, user=request.user, items=items, place=asked.get("place", ""), **where)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(patrols.write_down(form, by=request.user, at=at, tell=_teller(request)))
        except ValidationError as problem:
            form.add_error(None, problem)
    return render(request, "hazards/new.html", {"form": form, **where}, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@never_cache
@login_required
@require_POST
def act(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    if action not in FORMS:
        raise Http404
    hazard = _find(request, pk)
    form = FORMS[action](request.POST, request.FILES, hazard=hazard)
    if not hazards.may(action, request.user, hazard):
        raise PermissionDenied
    if form.is_valid():
        try:
            told = patrols.act(action, hazard, form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, told)
            return redirect("hazards:one", pk)
        except ValidationError as problem:
            form.add_error(None, problem)
    return _show(request, _find(request, pk), {action: form}, status=422)


def _find(request: SignedInRequest, pk: int) -> Hazard:
    related = ("item", "place__parent", "household__dwelling", "premises", "found_by")
    return get_object_or_404(Hazard.objects.visible_to(request.user).select_related(*related), pk=pk)


def _household(request: SignedInRequest) -> Household | None:
    pk = request.GET.get("household", "")
    homes = Household.objects.visible_to(request.user).living().select_related("dwelling__place__parent")
    return get_object_or_404(homes, pk=row_key(pk)) if pk else None


def _premises(request: SignedInRequest) -> Premises | None:
    pk = request.GET.get("premises", "")
    shops = Premises.objects.visible_to(request.user).open().select_related("place__parent")
    return get_object_or_404(shops, pk=row_key(pk)) if pk else None


def _teller(request: SignedInRequest) -> Any:
    return lambda words: messages.success(request, words)


def _show(
    request: SignedInRequest, hazard: Hazard, sent: dict[str, Seeing] | None = None, status: int = 200
) -> HttpResponse:
    file = patrols.open_file(hazard, to=request.user, at=timezone.now(), sent=sent or {})
    crumbs = [("隐患排查", reverse("hazards:list")), (f"隐患 {hazard.pk}", "")]
    return render(request, "hazards/one.html", {"hazard": hazard, "file": file, "crumbs": crumbs}, status=status)
