"""Doors to what is known of a compound and of its buildings: read beside the pages of both, edited here."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.checks.check import page_of
from grids.forms.facts import BuildingForm, CompoundForm
from grids.models import Building, Compound
from grids.permissions import may_assign
from grids.workflow import facts
from grids.workflow.spelling import words

SHOWN = 20  # of what was changed


@login_required
@require_http_methods(["GET", "POST"])
def of_compound(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Compound.objects.visible_to(request.user).select_related("community", "property_company")
    compound = get_object_or_404(visible.defer("community__boundary"), pk=pk)
    return _edit(request, compound, CompoundForm, reverse("coverage:compound", args=[pk]))


@login_required
@require_http_methods(["GET", "POST"])
def of_building(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Building.objects.filter(compound__in=Compound.objects.visible_to(request.user))
    whole = visible.select_related("compound__community").defer("compound__community__boundary")
    return _edit(request, get_object_or_404(whole, pk=pk), BuildingForm, reverse("coverage:building", args=[pk]))


def card(row: facts.Row, on: date, *, may: bool) -> dict[str, Any]:
    """What the card of facts shows: what is known, what was changed, and for whom may, the way to edit it."""
    of = "compound" if isinstance(row, Compound) else "building"
    return {
        "facts": [(facts.label(row, name), words(row, name)) for name in facts.names(row)],
        "warning": row.committee_ends(on) if isinstance(row, Compound) else None,
        "changes": facts.changes(row).select_related("by")[:SHOWN],
        "href": reverse(f"coverage:{of}_facts", args=[row.pk]) if may else "",
    }


def _edit(request: SignedInRequest, row: facts.Row, of: type[Any], back: str) -> HttpResponse:
    compound, building = facts.of(row)
    if not may_assign(request.user, compound.community_id):
        raise PermissionDenied
    form = of(request.POST or None, row=row)
    if form.is_valid():
        changed = workflow.edit_facts(row, form.values(), seen=form.since, by=request.user, at=timezone.now())
        messages.success(request, f"{row}的资料已保存。" if changed else "没有改动。")
        return redirect(back)
    crumbs = [(compound.community.name, page_of(compound.community_id))]
    if building:
        crumbs.append((compound.name, reverse("coverage:compound", args=[compound.pk])))
    crumbs += [(building.name if building else compound.name, back), ("资料", "")]
    context = {"row": row, "form": form, "crumbs": crumbs}
    return render(request, "grids/facts.html", context, status=422 if form.errors else 200)
