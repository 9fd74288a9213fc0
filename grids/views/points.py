"""Doors to where buildings stand: which of a community have no point yet, the point of one, and of many at once."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.checks.check import page_of
from grids.checks.homes import compound_page
from grids.forms.point_lists import PointListForm
from grids.forms.points import PointForm
from grids.models import Building, Compound, Place
from grids.models.coverage import READERS
from grids.permissions import may_assign
from grids.point_files import COLUMNS
from grids.scope import holds
from grids.views.facts import card
from grids.workflow.pinpointing import newest

MOVES = 20  # of one building that are shown


@login_required
@require_safe
def of_community(request: SignedInRequest, code: str) -> HttpResponse:
    community = _community(request, code)
    missing = Count("buildings", filter=Q(buildings__longitude=None))
    here = Compound.objects.filter(community=community).annotate(standing=Count("buildings"), missing=missing)
    on = timezone.localdate()
    compounds = [(one, one.committee_ends(on)) for one in here.order_by("-missing", "name")]
    context: dict[str, Any] = {"community": community, "compounds": compounds}
    context |= {"may": may_assign(request.user, code), "crumbs": _crumbs(community)}
    return render(request, "grids/points.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def of_file(request: SignedInRequest, code: str) -> HttpResponse:
    """POST checks; only with 保存 pressed, and nothing wrong, it saves."""
    community = _community(request, code)
    if not may_assign(request.user, code):
        raise PermissionDenied
    form = PointListForm(request.POST or None, request.FILES or None, area=community, seen=newest(code))
    if form.is_valid() and "save" in request.POST and form.may_be_saved():
        return _save(request, code, form)
    wrong = bool(form.errors or (form.proposal and form.proposal.errors))
    context: dict[str, Any] = {"area": community, "form": form, "proposal": form.proposal, "now": _now(code)}
    context["crumbs"] = _crumbs(community, ("从文件导入", ""))
    return render(request, "grids/point_list.html", context, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "POST"])
def of_building(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Compound.objects.visible_to(request.user)
    whole = Building.objects.filter(compound__in=visible).select_related("compound__community")
    building = get_object_or_404(whole.defer("compound__community__boundary"), pk=pk)
    if not may_assign(request.user, building.compound.community_id):
        raise PermissionDenied
    form = PointForm(request.POST or None, instance=building)
    if form.is_valid():
        workflow.pinpoint(building, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, f"{building}的点位已{'保存' if building.point else '清除'}，本社区随即复核。")
        return redirect(compound_page(building.compound_id, building.pk))
    moves = building.moves.select_related("by")[:MOVES]
    compound = building.compound
    here = (compound.name, compound_page(compound.pk)), (building.name, "")
    context = {"building": building, "form": form, "moves": moves, "crumbs": _crumbs(compound.community, *here)}
    context["card"] = card(building, timezone.localdate(), may=True)
    return render(request, "grids/point.html", context, status=422 if form.errors else 200)


def _community(request: SignedInRequest, code: str) -> Place:
    if not holds(request.user, *READERS, place=code):
        raise Http404
    return get_object_or_404(Place.objects.of_kind(Place.Kind.COMMUNITY).defer("boundary"), pk=code)


def _save(request: SignedInRequest, code: str, form: PointListForm) -> HttpResponse:
    assert form.proposal
    said: dict[str, Any] = {"seen": form.cleaned_data["seen"], "by": request.user, "at": timezone.now()}
    moved = workflow.pinpoint_all(code, form.proposal.points, **said)
    messages.success(request, f"{moved} 栋楼的点位已保存，本社区随即复核。")
    return redirect("coverage:points", code)


def _now(code: str) -> str:
    """Every building with what is known of it, in the form in which it is brought back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.label for column in COLUMNS)
    here = Building.objects.filter(compound__community=code).order_by("compound__name", "number", "name")
    writer.writerows(here.values_list("pk", "compound__name", "name", "longitude", "latitude"))
    return out.getvalue()


def _crumbs(community: Place, *below: tuple[str, str]) -> list[tuple[str, str]]:
    href = reverse("coverage:points", args=[community.code]) if below else ""
    return [(community.name, page_of(community.code)), ("楼栋点位", href), *below]
