"""Doors to where buildings stand: which of a community have no point yet, and the point of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.checks.check import page_of
from grids.checks.homes import compound_page
from grids.forms.points import PointForm
from grids.models import Building, Compound, Place
from grids.models.coverage import READERS
from grids.permissions import may_assign
from grids.scope import holds

MOVES = 20  # of one building that are shown


@login_required
@require_safe
def of_community(request: SignedInRequest, code: str) -> HttpResponse:
    if not holds(request.user, *READERS, place=code):
        raise Http404
    community = get_object_or_404(Place.objects.of_kind(Place.Kind.COMMUNITY).defer("boundary"), pk=code)
    missing = Count("buildings", filter=Q(buildings__longitude=None))
    here = Compound.objects.filter(community=community).annotate(standing=Count("buildings"), missing=missing)
    context = {"community": community, "compounds": here.order_by("-missing", "name"), "crumbs": _crumbs(community)}
    return render(request, "grids/points.html", context)


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
    crumbs = _crumbs(building.compound.community, building)
    context = {"building": building, "form": form, "moves": moves, "crumbs": crumbs}
    return render(request, "grids/point.html", context, status=422 if form.errors else 200)


def _crumbs(community: Place, building: Building | None = None) -> list[tuple[str, str]]:
    above = [(community.name, page_of(community.code)), ("楼栋点位", reverse("coverage:points", args=[community.code]))]
    if building is None:
        return [*above[:1], ("楼栋点位", "")]
    return [*above, (building.compound.name, compound_page(building.compound_id)), (building.name, "")]
