"""The sample of satisfied petitions: who is to be asked again, and what was found, by unit and month."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from petitions import workflow
from petitions.forms.rechecks import RecheckForm
from petitions.models import Petition, Recheck
from petitions.step import check

SHOWN = 100


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    hers = Recheck.objects.visible_to(request.user).select_related("petition", "unit", "callback")
    units = (
        hers.order_by()
        .values("month", "unit__name")
        .annotate(
            drawn=Count("pk"),
            done=Count("pk", filter=~Q(result="")),
            deviating=Count("pk", filter=Q(result__in=Recheck.DEVIATIONS)),
        )
        .order_by("-month", "-deviating", "unit__name")[:SHOWN]
    )
    context = {
        "waiting": hers.waiting().exclude(callback__by=request.user).order_by("month", "unit", "id")[:SHOWN],
        "deviating": hers.filter(result__in=Recheck.DEVIATIONS).select_related("done_by")[:SHOWN],
        "units": units,
    }
    return render(request, "petitions/callbacks/rechecks.html", context)


@never_cache
@login_required
def recheck(request: SignedInRequest, number: str) -> HttpResponse:
    petition = get_object_or_404(
        Petition.objects.visible_to(request.user).select_related("item", "unit"), number=number
    )
    check("recheck", petition, by=request.user, at=timezone.now())
    form = RecheckForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, petition, form)
    workflow.recheck(petition, by=request.user, **form.cleaned_data)
    messages.success(request, f"{number} 的抽查回访已登记。")
    return redirect("petitions:rechecks")


def _ask(request: SignedInRequest, petition: Petition, form: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "petition": petition,
        "form": form,
        "drawn": petition.rechecks.waiting().select_related("callback").get(),
        "done": petition.dispatches.filter(replied_at__isnull=False).order_by("-id").first(),
    }
    return render(request, "petitions/callbacks/recheck.html", context, status=422 if request.method == "POST" else 200)
