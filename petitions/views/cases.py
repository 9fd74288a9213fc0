"""The reviewer's desk of published cases: what may become one, its words, and taking it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions import workflow
from petitions.cases import candidates, counted
from petitions.forms.cases import PublishForm, WithdrawForm
from petitions.models import Petition, Publication
from petitions.models.publication import PUBLICATION_READERS, PUBLISHERS
from petitions.step import check
from petitions.views.petition import find

SHOWN = 100


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    duties = duties_of(request.user)
    if not duties & set(PUBLICATION_READERS):
        raise Http404
    hers = Publication.objects.visible_to(request.user).select_related("petition__item", "published_by", "withdrawn_by")
    context = {
        "shown": SHOWN,
        "publishes": bool(duties & set(PUBLISHERS)),
        "candidates": candidates(request.user).for_list()[:SHOWN],
        "standing": hers.standing()[:SHOWN],
        "withdrawn": hers.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at")[:SHOWN],
    }
    return render(request, "petitions/cases/page.html", context)


@never_cache
@login_required
def publish(request: SignedInRequest, number: str) -> HttpResponse:
    petition = find(request, number)
    check("publish_case", petition, by=request.user, at=timezone.now())
    form, sent = PublishForm(request.POST or None, petition=petition), request.method == "POST"
    if not (sent and form.is_valid()):
        return _write(request, petition, form, status=422 if sent else 200)
    if "look" in request.POST:
        return _write(request, petition, form, look=form.cleaned_data)
    form.take("publish_case", request.user)
    messages.success(request, f"{number} 已公开为案例。")
    return redirect("petitions:cases")


@never_cache
@login_required
def withdraw(request: SignedInRequest, number: str) -> HttpResponse:
    petition = find(request, number)
    check("withdraw_case", petition, by=request.user, at=timezone.now())
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.withdraw_case(petition, by=request.user, **form.cleaned_data)
        messages.success(request, f"{number} 的公开案例已撤下。")
        return redirect("petitions:cases")
    context = {"petition": petition, "form": form, "case": petition.publications.standing().get()}
    return render(request, "petitions/cases/withdraw.html", context, status=422 if form.errors else 200)


def _write(
    request: SignedInRequest, petition: Petition, form: PublishForm, *, status: int = 200, look: Any = None
) -> HttpResponse:
    texts = form.originals.values()
    context = {"petition": petition, "form": form, "originals": texts, "counted": counted(texts), "look": look}
    return render(request, "petitions/cases/publish.html", context, status=status)
