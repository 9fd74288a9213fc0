"""Doors to the import: upload, say what the columns mean, look at the dry run, bring it in."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import exports, sheets
from accounts.row_keys import row_key
from accounts.signed_in import SignedInRequest
from grids.forms.importing import MappingForm, UploadForm
from grids.importing import reporting, running
from grids.importing.files import Unreadable
from grids.importing.lines import KEPT, Asked, facets_of, page_of
from grids.models import Import
from grids.models.importing import IMPORTERS
from grids.scope import holds

SHOWN, PROBLEMS_SHOWN = 20, 50
CANCELLED, STAYS = "上传的文件已删除，可以重新上传。", "取消以前已经导入的社区保留，见上表。"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def page(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *IMPORTERS):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            run = running.receive(said["file"], said["place"], token=said["token"], by=request.user, at=timezone.now())
            return redirect("keeping:import", run.pk)
        except Unreadable as why:
            form.add_error("file", str(why))
    runs = Import.objects.visible_to(request.user).select_related("place", "by").order_by("-id")
    if before := row_key(request.GET.get("before", "")):
        runs = runs.filter(pk__lt=before)
    shown = list(runs[: SHOWN + 1])
    earlier = shown[SHOWN - 1].pk if len(shown) > SHOWN else None
    context = {"form": form, "runs": shown[:SHOWN], "earlier": earlier, "kept": running.KEPT_FOR.days}
    return render(request, "homes/importing/page.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    run = _find(request, pk)
    form = MappingForm(run=run) if run.state in (Import.State.MAPPING, Import.State.FAILED) else None
    context = _about(run) | {"form": form, "mine": run.by_id == request.user.pk}
    return render(request, "homes/importing/one.html", context)


@never_cache
@login_required
@require_safe
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The moving part of the page; when the work is done, the browser is sent to the whole of it."""
    run = _find(request, pk)
    answer = render(request, "homes/importing/_progress.html", {"run": run, "percent": running.percent(run)})
    if not run.busy:
        answer["HX-Refresh"] = "true"
    return answer


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET opens the columns once more, after a look at what the dry run found."""
    run = _find(request, pk, to_act=True)
    form = MappingForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("mapping", "manner", "makes_buildings")}
        running.check(run, at=timezone.now(), **said)
        return redirect("keeping:import", run.pk)
    return render(
        request, "homes/importing/columns.html", {"run": run, "form": form}, status=422 if form.errors else 200
    )


@never_cache
@login_required
@require_POST
def go(request: SignedInRequest, pk: int) -> HttpResponse:
    run = _find(request, pk, to_act=True)
    running.go(run, at=timezone.now())
    return redirect("keeping:import", run.pk)


@never_cache
@login_required
@require_POST
def let_go(request: SignedInRequest, pk: int) -> HttpResponse:
    run = _find(request, pk, to_act=True)
    running.let_go(run, at=timezone.now())
    stays = f"；此前已导入的 {len(run.settled)} 个社区保留" if run.settled else ""
    messages.success(request, f"“{run.name}”已取消，上传的文件已删除{stays}。")
    return redirect("keeping:imports")


@never_cache
@login_required
@require_safe
def lines(request: SignedInRequest, pk: int) -> HttpResponse:
    """Those that one of the figures counts."""
    run = _find(request, pk)
    asked = Asked.read(request.GET, run)
    rows, more, total = page_of(run, asked)
    context = {"run": run, "asked": asked, "rows": rows, "more": more, "total": total, **_around(run, asked)}
    return render(request, "homes/importing/lines.html", context)


@never_cache
@login_required
@require_safe
def report(request: SignedInRequest, pk: int) -> FileResponse:
    run, at = _find(request, pk), timezone.now()
    file = exports.at_once(reporting.REPORT, reporting.lines(run), by=request.user, at=at)
    return FileResponse(file, as_attachment=True, filename=sheets.name_of(f"{run.name}的问题", at))


@login_required
@require_safe
def template(request: SignedInRequest) -> FileResponse:
    if not holds(request.user, *IMPORTERS):
        raise Http404
    return FileResponse(
        BytesIO(reporting.template()), as_attachment=True, filename="户情导入模板.xlsx", content_type=EXCEL
    )


def _find(request: SignedInRequest, pk: int, *, to_act: bool = False) -> Import:
    runs = Import.objects.visible_to(request.user).select_related("place", "by")
    run: Import = get_object_or_404(runs, pk=pk)
    if to_act and run.by_id != request.user.pk:
        raise PermissionDenied
    return run


def _around(run: Import, asked: Asked) -> dict[str, Any]:
    """The other lists of the same lines."""
    of = {"community": asked.community} if asked.community else {}
    tabs = [
        (facet.label, f"?{urlencode({'which': facet.name, **of})}", facet == asked.facet) for facet in facets_of(run)
    ]
    here = next((one.name for one in reporting.communities(run) if one.key == asked.community), "")
    left_out = reporting.left_out(run) if asked.facet.bad else 0
    return {
        "tabs": tabs,
        "kept": run.state in KEPT,
        "here": here,
        "left_out": left_out,
        "listed": reporting.MOST_PROBLEMS,
    }


def _about(run: Import) -> dict[str, Any]:
    ready = running.ready(run) if run.state == Import.State.CHECKED else []
    return {
        "run": run,
        "ready": ready,
        "communities": reporting.communities(run),
        "nameless": run.counts.get("communities", {}).get("", {}).get("bad", 0),
        "left_out": reporting.left_out(run),
        "cancelled": CANCELLED + (STAYS if run.settled else ""),
        "problems": run.problems.order_by("-stops", "number", "id")[:PROBLEMS_SHOWN],
        "shown": PROBLEMS_SHOWN,
        "kept": run.state in KEPT,
        "percent": running.percent(run) if run.busy else 0,
    }
