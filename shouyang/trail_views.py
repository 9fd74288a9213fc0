"""The doors to the audit trail: for the auditor, the centre's director and the administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errands import soon
from accounts.signed_in import SignedInRequest
from grids.scope import holds
from petitions.permissions import AUDITS
from shouyang import records
from shouyang.trail import page
from shouyang.trail_form import TrailForm

ON_A_PAGE = 50


@never_cache
@login_required
@require_safe
def trail(request: SignedInRequest) -> HttpResponse:
    _auditors_only(request)
    form, after = TrailForm(request.GET), request.GET.get("after", "")
    lines, older = page(request.user, form.asked(), size=ON_A_PAGE, after=after) if form.is_valid() else ([], "")
    context = {"form": form, "said": form.said(), "lines": lines, "older": older, "after": after}
    context |= records.state()
    return render(request, "shouyang/trail.html", context, status=200 if form.is_valid() else 422)


@never_cache
@login_required
@require_POST
def check(request: SignedInRequest) -> HttpResponse:
    """All seals are looked at again by a worker, which may take a minute."""
    _auditors_only(request)
    records.ask(request.user, timezone.now())
    soon("shouyang.seal_records")
    messages.success(request, "已开始核验，稍后刷新本页看结果。")
    return redirect("trail")


def _auditors_only(request: SignedInRequest) -> None:
    if not holds(request.user, *AUDITS):
        raise Http404
