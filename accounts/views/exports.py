"""Lists as Excel sheets: a short one comes at once, a long one is written meanwhile and found under 我的导出."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import exports, sheets
from accounts.forms import DecisionForm, ExportForm
from accounts.listings import AT_ONCE, MOST, open_to
from accounts.models import Export
from accounts.notnow import NotNow
from accounts.signed_in import SignedInRequest

SHOWN = 50
GONE = "文件已经删除或取消，需要的话请回到清单重新导出。"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def take(request: SignedInRequest, name: str) -> HttpResponse | FileResponse:
    """The address is that of the list behind /exports/of/; what it is narrowed to stands in it."""
    if (listing := open_to(request.user, name)) is None:
        raise Http404
    user, at = request.user, timezone.now()
    found = listing.find(user, request.GET, at)
    if (count := found.count()) > MOST:
        raise NotNow(exports.TOO_MANY)
    if count <= AT_ONCE and not listing.with_purpose and listing.approvers is None:
        file = exports.at_once(listing, found, by=user, at=at)
        return FileResponse(file, as_attachment=True, filename=sheets.name_of(listing.title, at))
    form = ExportForm(request.POST or None)
    if form.is_valid():
        query = request.GET.urlencode()
        export = exports.ask(listing, query, found.said, **form.cleaned_data, by=user, at=at)
        return redirect("exports:one", export.pk)
    context = {"form": form, "listing": listing, "said": found.said, "count": count, "kept": exports.KEPT_FOR.days}
    context["approved"] = listing.approvers is not None
    return render(request, "accounts/exports/ask.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    context = {
        "exports": Export.objects.of(request.user)[:SHOWN],
        "asked": exports.waiting_for(request.user),
        "shown": SHOWN,
        "kept": exports.KEPT_FOR.days,
    }
    return render(request, "accounts/exports/mine.html", context)


@never_cache
@login_required
@require_safe
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "accounts/exports/one.html", _about(_find(request, pk)))


@never_cache
@login_required
@require_safe
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The moving part of the page, which asks for itself until the export is finished."""
    return render(request, "accounts/exports/_progress.html", _about(_find(request, pk)))


@never_cache
@login_required
@require_safe
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """Its owner alone, and only while she may see such a list, narrowed as she asked for it."""
    export = _find(request, pk)
    if (listing := open_to(request.user, export.listing)) is None:
        raise Http404
    if export.state != Export.State.DONE or not export.file.is_file():
        raise NotNow(GONE)
    listing.find(request.user, QueryDict(export.query), timezone.now())
    name = sheets.name_of(export.title, export.asked_at)
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name)


@never_cache
@login_required
@require_POST
def let_go(request: SignedInRequest, pk: int) -> HttpResponse:
    export = _find(request, pk)
    said = exports.let_go(export, at=timezone.now())
    messages.success(request, f"“{export.title}”{said}。")
    return redirect("exports:mine")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """For who may agree to what somebody else wants to take along."""
    export = next((one for one in exports.waiting_for(request.user) if one.pk == pk), None)
    if export is None:
        raise Http404
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        exports.decide(export, **form.cleaned_data, by=request.user, at=timezone.now())
        agreed = form.cleaned_data["agreed"]
        messages.success(request, f"{export.by}的“{export.title}”{'已批准' if agreed else '没有批准'}。")
        return redirect("exports:mine")
    context = {"export": export, "form": form}
    return render(request, "accounts/exports/decide.html", context, status=422 if form.errors else 200)


def _find(request: SignedInRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.of(request.user), pk=pk)


def _about(export: Export) -> dict[str, Any]:
    waits = export.state == Export.State.WAITING
    return {"export": export, "ahead": Export.objects.ahead_of(export).count() if waits else 0}
