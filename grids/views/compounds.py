"""The door to a compound: its buildings by unit, each with its grid, and the form that says which grid it is."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.signed_in import SignedInRequest
from grids import regrid_preview, workflow
from grids.checks import homes
from grids.checks.check import page_of
from grids.forms.regridding import AssignForm
from grids.models import Compound, Dwelling, Place
from grids.permissions import may_assign
from grids.views.facts import card


@login_required
@require_http_methods(["GET", "POST"])
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = (
        Compound.objects.visible_to(request.user)
        .select_related("community", "property_company")
        .defer("community__boundary")
    )
    compound = get_object_or_404(visible, pk=pk)
    houses = regrid_preview.houses(Q(building__compound=compound), empty_of=compound)
    may = may_assign(request.user, compound.community_id)
    form = AssignForm(request.POST or None, houses=houses, community=compound.community_id) if may else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    if form and form.is_valid():
        return _assign(request, compound, form)
    context = {"compound": compound, "houses": houses, "form": form, "twice": _twice(request, compound)}
    context["card"] = card(compound, timezone.localdate(), may=may)
    context["crumbs"] = _crumbs(compound)
    return render(request, "grids/compound.html", context, status=422 if form and form.errors else 200)


def _assign(request: SignedInRequest, compound: Compound, form: AssignForm) -> HttpResponse:
    grid: Place = form.cleaned_data["grid"]
    key: UUID = form.cleaned_data["key"]
    moved = workflow.assign(form.parts, grid, key=key, by=request.user, at=timezone.now())
    messages.success(request, f"{moved} 套房屋已划入{grid.name}，本社区随即复核。")
    return redirect("coverage:compound", compound.pk)


def _twice(request: SignedInRequest, compound: Compound) -> list[tuple[str, int]]:
    """Whole addresses, for those who may see homes."""
    here = Dwelling.objects.visible_to(request.user).filter(building__compound=compound)
    return homes.said_twice(here, compound.community_id)


def _crumbs(compound: Compound) -> list[tuple[str, str]]:
    community = compound.community
    report = f"{reverse('coverage:report')}?place={community.code}"
    return [(community.name, page_of(community.code)), ("覆盖检查", report), (compound.name, "")]
