"""The people of a grid: who answers for it, and the buttons for whoever may change that."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.notnow import NotNow
from accounts.signed_in import SignedInRequest
from grids import people, workflow
from grids.forms.staffing import AppointForm, LeaveForm, RelieveForm, ReturnForm
from grids.models import OF_A_GRID, Duty, Leave, Place, Posting
from grids.permissions import may_appoint, may_arrange_leave
from grids.workflow.staffing import postings_of_worker

NO_LONGER = "她已不是本网格的专职网格员，请刷新后再看。"


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest, code: str) -> HttpResponse:
    grid = _grid(request, code)
    context = people.context(request.user, grid, timezone.localdate())
    return render(request, "staffing/people.html", context | {"press": ReturnForm()})


@never_cache
@login_required
def appoint(request: SignedInRequest, code: str, duty: str) -> HttpResponse:
    grid = _grid(request, code)
    if duty not in OF_A_GRID:
        raise Http404
    if not may_appoint(request.user, duty, grid.code):
        raise PermissionDenied
    form = AppointForm(request.POST or None, grid=grid, duty=Duty(duty), on=timezone.localdate())
    if not form.is_valid():
        return _ask(request, grid, form, f"{Duty(duty).label}：任职", "登记任职")
    workflow.appoint(form.posting, key=form.cleaned_data["key"], by=request.user, at=timezone.now())
    messages.success(request, f"{form.posting.user}自 {form.posting.since} 起担任{grid}{Duty(duty).label}。")
    return redirect("staffing:people", code)


@never_cache
@login_required
def relieve(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    grid, posting = _grid(request, code), _posting(request, code, pk)
    if not may_appoint(request.user, posting.duty, grid.code):
        raise PermissionDenied
    form = RelieveForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, grid, form, f"{posting.user}：卸任{posting.get_duty_display()}", "确认卸任")
    until = workflow.relieve(posting, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, f"{posting.user}自 {until or '今日'} 起不再担任{posting.get_duty_display()}。")
    return redirect("staffing:people", code)


@never_cache
@login_required
def take_leave(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    grid, posting, on = _grid(request, code), _posting(request, code, pk), timezone.localdate()
    held = postings_of_worker(posting.user, on)
    if not all(may_arrange_leave(request.user, one.place_id) for one in held):
        raise PermissionDenied
    if grid.code not in {one.place_id for one in held}:
        raise NotNow(NO_LONGER)
    form = LeaveForm(request.POST or None, worker=posting.user, held=held, on=on)
    if not form.is_valid():
        return _ask(request, grid, form, f"{posting.user}：请假", "登记请假和代管")
    workflow.take_leave(form.leave, key=form.cleaned_data["key"], by=request.user, at=timezone.now())
    messages.success(request, f"已登记：{form.leave}。")
    return redirect("staffing:people", code)


@never_cache
@login_required
@require_POST
def come_back(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    _grid(request, code)
    leave = get_object_or_404(Leave.objects.visible_to(request.user).select_related("user", "deputy"), pk=pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        raise NotNow("表单已失效，请刷新页面后再按一次。")
    workflow.return_from_leave(leave, key=form.cleaned_data["key"], by=request.user, at=timezone.now())
    messages.success(request, f"{leave.user}已返岗，{leave.deputy}不再代管。")
    return redirect("staffing:people", code)


def _grid(request: SignedInRequest, code: str) -> Place:
    return get_object_or_404(people.grids_of(request.user), pk=code)


def _posting(request: SignedInRequest, code: str, pk: int) -> Posting:
    hers = Posting.objects.visible_to(request.user).filter(place=code)
    return get_object_or_404(hers.select_related("user", "unit", "place"), pk=pk)


def _ask(request: SignedInRequest, grid: Place, form: Form, title: str, button: str) -> HttpResponse:
    context: dict[str, Any] = {"grid": grid, "form": form, "title": title, "button": button}
    return render(request, "staffing/form.html", context, status=422 if form.errors else 200)
