"""Doors to the boundaries of a community: what stands, what is brought, what was."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.checks.check import page_of
from grids.forms.boundaries import BoundaryForm
from grids.models import Place, PlaceVersion
from grids.permissions import may_redraw
from grids.workflow.redrawing import newest


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, code: str) -> HttpResponse:
    """POST checks; only with 保存 pressed, and nothing wrong, it saves."""
    area = get_object_or_404(Place.objects.of_kind(Place.Kind.COMMUNITY).defer("boundary"), pk=code)
    if not may_redraw(request.user, code):
        raise PermissionDenied
    form = BoundaryForm(request.POST or None, request.FILES or None, area=area, seen=newest())
    if form.is_valid() and "save" in request.POST and form.may_be_saved():
        return _save(request, area, form)
    wrong = bool(form.errors or (form.proposal and form.proposal.errors))
    context: dict[str, Any] = {"area": area, "form": form, "proposal": form.proposal, "now": _now(area)}
    context["crumbs"] = _crumbs(area, "边界")
    return render(request, "grids/boundaries.html", context, status=422 if wrong else 200)


@login_required
@require_safe
def versions(request: SignedInRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.select_related("parent").defer("boundary"), pk=code)
    known = PlaceVersion.objects.filter(place=place).select_related("by").defer("boundary").order_by("-number")
    context = {"place": place, "versions": known, "crumbs": _crumbs(place, "版本")}
    return render(request, "grids/versions.html", context)


def _save(request: SignedInRequest, area: Place, form: BoundaryForm) -> HttpResponse:
    assert form.proposal
    said, at = form.cleaned_data, timezone.now()
    reason = f"{said['reason']}（已核对提示）"[:200] if form.proposal.warnings else said["reason"]
    places = workflow.redraw(form.proposal.drawn, seen=said["seen"], reason=reason, by=request.user, at=at)
    messages.success(request, f"已保存{'、'.join(place.name for place in places[:5])}等 {len(places)} 个网格的新边界。")
    return redirect("coverage:boundaries", area.code)


def _now(area: Place) -> str:
    """What stands, in the form in which it is brought back."""
    rows = Place.objects.standing().within(area.code).exclude(boundary=None).order_by("code")
    features = [
        {"type": "Feature", "properties": {"code": one.code, "name": one.name}, "geometry": one.boundary}
        for one in rows.only("code", "name", "boundary")
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def _crumbs(place: Place, here: str) -> list[tuple[str, str]]:
    path = Place.objects.filter(code__in=place.path_codes).only("code", "name")
    return [*((above.name, page_of(above.code)) for above in path), (here, reverse("grids:city"))]
