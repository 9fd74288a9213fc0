"""The page of one household: see it, write down a visit and what has changed, look at one hidden field."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.notnow import NotNow
from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.models import Hazard, Visit, VisitClock
from grids.permissions import may_see
from grids.workflow import Clashing
from grids.workflow.visiting import KEEPS
from shouyang.homes import mark
from shouyang.homes.finding import home_of
from shouyang.homes.masked import UnmaskForm
from shouyang.homes.needs_form import SettleForm
from shouyang.homes.page import HomePage, editable
from shouyang.homes.row_forms import RowForm, form_of
from shouyang.homes.story import story
from shouyang.homes.submission import Submitted, carried, questions
from shouyang.homes.visit_form import VisitForm
from shouyang.kept_page import KEY, kept_page


@never_cache
@login_required
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _kept(request, pk)
    page = HomePage(home_of(request, pk), request.user, timezone.now())
    if not page.visits and page.household.lives:
        raise PermissionDenied
    sent = Submitted(page.household, request.POST, page.at)
    page.key = str(sent.key)
    if request.POST.get("do") == "open":  # without script: the fields are opened, and what was typed stays
        return _show(request, page, visit=sent.visit, rows=sent.rows or _rows(request, page), opening=True)
    if not sent.is_valid():
        return _refused(request, page, sent, status=422)
    return _take(request, page, sent)


@never_cache
@login_required
@require_safe
def fields(request: SignedInRequest, pk: int) -> HttpResponse:
    """The fields of everybody and everything of this home, fetched when somebody wants to change one."""
    page = HomePage(home_of(request, pk), request.user, timezone.now())
    if not page.keeps:
        raise PermissionDenied
    return render(request, "homes/_rows.html", {"page": page, "rows": _rows(request, page)})


@never_cache
@login_required
@require_safe
def past(request: SignedInRequest, pk: int) -> HttpResponse:
    """What happened here: a part of the page, or, without script, the page with it."""
    household = home_of(request, pk)
    lines = story(household)
    if request.htmx:
        return render(request, "homes/_story.html", {"story": lines})
    return _show(request, HomePage(household, request.user, timezone.now()), story=lines)


@never_cache
@login_required
@require_POST
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """One field, one look, one row of record; the words are in this answer and in no later one."""
    page = HomePage(home_of(request, pk), request.user, timezone.now())
    if not page.keeps:
        raise PermissionDenied
    form = UnmaskForm(request.POST, page.secrets)
    if not form.is_valid():
        return _show(request, page, unmask=form, asking=page.block_of(form["field"].value()), status=422)
    page.shown = form.record(by=request.user, at=page.at)
    return _show(request, page)


@never_cache
@login_required
@require_POST
def settle(request: SignedInRequest, pk: int, need_pk: int) -> HttpResponse:
    household = home_of(request, pk)
    need = get_object_or_404(household.needs.all(), pk=need_pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _show(request, HomePage(household, request.user, timezone.now()), settling=(need_pk, form), status=422)
    workflow.settle_need(need, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, f"已记下这条{need.get_kind_display()}的结果。")
    return redirect("homes:home", pk)


def _take(request: SignedInRequest, page: HomePage, sent: Submitted) -> HttpResponse:
    try:
        found = sent.take(request.user)
    except Clashing as clashing:
        context = {"page": page, "questions": questions(clashing), "carried": carried(request.POST, clashing)}
        return render(request, "homes/clash.html", context, status=409)
    except NotNow as why:  # what was typed stays on the page
        sent.refuse(why)
        return _refused(request, page, sent, status=409)
    return _done(request, page, sent, found)


def _refused(request: SignedInRequest, page: HomePage, sent: Submitted, *, status: int) -> HttpResponse:
    return _show(request, page, visit=sent.visit, rows=sent.rows, wrong=sent.wrong, status=status)


def _kept(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page as it is opened, of whoever answers for the home."""
    at, edited = timezone.now(), "edit" in request.GET
    found = mark.of_household(pk, timezone.localdate(at), edited=edited)
    if found is None or not may_see(request.user, found.place):
        raise Http404

    def context() -> dict[str, Any]:
        page = HomePage(home_of(request, pk), request.user, at, new_key=lambda: KEY)
        return _context(request, page, rows=_rows(request, page) if edited else [])

    return kept_page(request, "homes/home.html", found.mark, context)


def _done(request: SignedInRequest, page: HomePage, sent: Submitted, found: list[Hazard]) -> HttpResponse:
    dwelling = page.household.dwelling
    if sent.only_edits:
        messages.success(request, f"{dwelling}的资料已保存。")
        return redirect("homes:home", page.household.pk)
    messages.success(request, f"{dwelling}的走访已记下{_promised(page, sent.visit.cleaned_data['met'])}。")
    for hazard in found:
        where = f"{reverse('hazards:one', args=[hazard.pk])}#photograph"
        messages.info(request, format_html('隐患已记下，还在现场的，<a href="{}">拍一张照片</a>。', where))
    if sent.visit.cleaned_data["finding"] == Visit.Finding.DISPUTE:
        visit = page.household.visits.filter(by=request.user, finding=Visit.Finding.DISPUTE).order_by("id").last()
        report = f"{page.report_href}&visit={visit.pk}" if visit else page.report_href
        messages.info(request, format_html('矛盾已记下，要有关单位来办的，<a href="{}">上报为诉求</a>。', report))
    return redirect("today") if request.POST.get("back") == "today" else redirect("homes:home", page.household.pk)


def _promised(page: HomePage, met: str) -> str:
    clock = VisitClock.objects.running().filter(household=page.household.pk).first()
    if clock is None:
        return ""
    if met in KEEPS:
        return f"，下次走访不晚于 {clock.due_on:%Y-%m-%d}"
    late = (timezone.localdate(page.at) - clock.due_on).days
    when = f"已逾期 {late} 天，请尽快再去" if late > 0 else f"请不晚于 {clock.due_on:%Y-%m-%d} 再去"
    return f"：无人应答，这次走访还没有完成，{when}"


def _rows(request: SignedInRequest, page: HomePage) -> list[RowForm]:
    return [form_of(row, page.team) for row in editable(page, request.GET.get("who", ""))] if page.keeps else []


def _show(
    request: SignedInRequest,
    page: HomePage,
    *,
    visit: VisitForm | None = None,
    status: int = 200,
    opening: bool = False,
    **more: Any,
) -> HttpResponse:
    if visit and opening:
        visit.forget_errors()
    return render(request, "homes/home.html", _context(request, page, visit=visit, **more), status=status)


def _context(
    request: SignedInRequest, page: HomePage, *, visit: VisitForm | None = None, **more: Any
) -> dict[str, Any]:
    back = request.POST.get("back") or request.GET.get("back", "")
    return {"page": page, "visit": visit or VisitForm(now=page.at), "back": "today" if back == "today" else "", **more}
