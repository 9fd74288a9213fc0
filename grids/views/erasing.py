"""Doors to what is to be erased: the list of proposals, and the decision on one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signed_in import SignedInRequest
from grids import retention
from grids.forms.erasing import KeepForm
from grids.models import Erasure
from grids.scope import holds

SHOWN = 200


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *retention.DECIDERS):
        raise Http404
    erasures = Erasure.objects.visible_to(request.user).select_related("place", "decided_by")
    context = {"open": erasures.open()[:SHOWN], "decided": erasures.exclude(decided_at=None)[:SHOWN], "shown": SHOWN}
    return render(request, "homes/erasing/page.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    erasure = get_object_or_404(Erasure.objects.visible_to(request.user).select_related("place", "decided_by"), pk=pk)
    keeps = request.POST.get("do") == "keep"
    form = KeepForm(request.POST if keeps else None)
    if request.method == "POST" and (not keeps or form.is_valid()):
        messages.success(request, _decide(request, erasure, form.cleaned_data["why"] if keeps else None))
        return redirect("keeping:erasures")
    context: dict[str, Any] = {"erasure": erasure, "form": form}
    return render(request, "homes/erasing/one.html", context, status=422 if form.errors else 200)


def _decide(request: SignedInRequest, erasure: Erasure, why: str | None) -> str:
    """Erased, or kept for this reason; says what was done."""
    if why is not None:
        retention.keep(erasure, why=why, by=request.user, at=timezone.now())
        return f"{erasure.place}的{erasure.get_kind_display()}暂不删除，明年再提出。"
    count = retention.erase(erasure, by=request.user, at=timezone.now())
    return f"{erasure.place}的{erasure.get_kind_display()}已删除，共 {count} 条；条数保留，内容不能恢复。"
