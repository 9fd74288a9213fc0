"""Doors to splitting and merging grids: first what would come of it, then the confirmation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.signed_in import SignedInRequest
from grids import locate, regrid_preview, workflow
from grids.checks.check import page_of
from grids.forms.regridding import MergeForm, SplitForm
from grids.models import Place
from grids.permissions import may_redraw
from grids.regrid_preview import less, load, more


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def split(request: SignedInRequest, code: str) -> HttpResponse:
    grid = _grid(request, code)
    houses = regrid_preview.houses(Q(place=grid))
    form = SplitForm(request.POST or None, houses=houses, community=grid.code[:12])
    if not form.is_valid():
        return _page(request, "split", grid, form, houses=houses)
    if not _as_previewed(request, form.chosen):
        whole, part = load(Q(dwelling__place=grid)), load(regrid_preview.homes_in(form.parts) & Q(dwelling__place=grid))
        return _preview(request, "split", grid, form, form.chosen, houses=houses, rest=less(whole, part), part=part)
    said = form.cleaned_data
    words = {"name": said["name"], "reason": said["reason"], "key": said["key"]}
    new = workflow.split(grid, form.parts, **words, by=request.user, at=timezone.now())
    locate.forget()
    messages.success(request, f"已从{grid.name}分出{said['name']}，请为两个网格画边界、配齐人员。")
    return redirect(page_of(new.code if new else grid.code[:12]))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def merge(request: SignedInRequest, code: str) -> HttpResponse:
    grid = _grid(request, code)
    form = MergeForm(request.POST or None, grid=grid)
    if not form.is_valid():
        return _page(request, "merge", grid, form)
    into: Place = form.cleaned_data["into"]
    if not _as_previewed(request, [into.code]):
        moved, there = load(Q(dwelling__place=grid)), load(Q(dwelling__place=into))
        return _preview(request, "merge", grid, form, [into.code], into=into, moved=moved, both=more(moved, there))
    said = form.cleaned_data
    workflow.merge(grid, into, reason=said["reason"], key=said["key"], by=request.user, at=timezone.now())
    locate.forget()
    messages.success(request, f"{grid.name}已并入{into.name}，{grid.name}的任职今日结束。")
    return redirect(page_of(into.code))


def _grid(request: SignedInRequest, code: str) -> Place:
    grids = Place.objects.standing().of_kind(Place.Kind.GRID).select_related("parent").defer("boundary")
    grid = get_object_or_404(grids, pk=code)
    if not may_redraw(request.user, code):
        raise PermissionDenied
    return grid


def _as_previewed(request: SignedInRequest, chosen: list[str]) -> bool:
    """Done is what was shown: the choice goes along with its preview, and comes back with the press."""
    return "confirm" in request.POST and sorted(request.POST.getlist("previewed")) == chosen


def _preview(
    request: SignedInRequest, name: str, grid: Place, form: Any, chosen: list[str], **more: Any
) -> HttpResponse:
    return _page(request, name, grid, form, chosen=chosen, differs="confirm" in request.POST, **more)


def _page(request: SignedInRequest, name: str, grid: Place, form: Any, **more: Any) -> HttpResponse:
    assert grid.parent
    crumbs = [
        (grid.parent.name, page_of(grid.parent.code)),
        (grid.name, page_of(grid.code)),
        ("拆分" if name == "split" else "合并", ""),
    ]
    context = {"grid": grid, "form": form, "crumbs": crumbs, **more}
    return render(request, f"grids/{name}.html", context, status=422 if form.errors else 200)
