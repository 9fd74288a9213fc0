"""Doors to the report of coverage."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import SignedInRequest
from grids import checks
from grids.checks import report
from grids.models import CITY_CODE, Place, ask_for_checks

SOON = "已安排复核，通常半分钟内完成，请稍后刷新。"


@login_required
@require_safe
def show(request: SignedInRequest) -> HttpResponse:
    found = report.read(request.user, place=request.GET.get("place", ""), check=request.GET.get("check", ""))
    context = {"report": found, "crumbs": _crumbs(found), "shown": report.SHOWN}
    return render(request, "grids/coverage.html", context)


@login_required
@require_POST
def check(request: SignedInRequest) -> HttpResponse:
    """One community at once, while she waits; more of them by a worker."""
    codes, at = report.scope(request.user, request.POST.get("place", "")), timezone.now()
    if len(codes) == 1 and len(codes[0]) == 12:
        messages.success(request, f"检查完成，共发现 {checks.run(codes[0], at)} 个问题。")
    else:
        here = Place.objects.of_kind(Place.Kind.COMMUNITY).filter(report.inside(codes, "code"))
        ask_for_checks(codes if CITY_CODE in codes else here.values_list("code", flat=True), at)
        messages.success(request, SOON)
    return redirect(f"{reverse('coverage:report')}?{request.POST.get('query', '')}")


def _crumbs(found: report.Report) -> list[tuple[str, str]]:
    home = [("覆盖检查", reverse("coverage:report"))]
    if found.place:
        home.append((found.place.name, f"{home[0][1]}?place={found.place.code}"))
    return [*home, (found.check.label, "")] if found.check else home
