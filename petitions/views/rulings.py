"""The dispatch catalogue: what was ruled, where it comes from, and who may change it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.notnow import NotNow
from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions import workflow
from petitions.forms.rulings import EndForm, RulingForm
from petitions.models import Ruling
from petitions.models.ruling import KEEPERS, READERS
from petitions.workflow.catalogue import GONE

SHOWN = 200


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    if not duties_of(request.user) & set(READERS):
        raise Http404
    ended = request.GET.get("ended") == "1"
    words = request.GET.get("q", "").strip()[:60]
    rulings = Ruling.objects.visible_to(request.user).narrowed(ended=ended, words=words).with_names()
    keeps = bool(duties_of(request.user) & set(KEEPERS))
    context = {"rulings": rulings[:SHOWN], "ended": ended, "words": words, "keeps": keeps, "shown": SHOWN}
    return render(request, "petitions/rulings/page.html", context)


@never_cache
@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    ruling = _find(request, pk)
    form = RulingForm(request.POST or None, ruling=ruling)
    if request.method == "POST" and form.is_valid():
        workflow.word_ruling(ruling, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(
            request, f"派单目录已改写：{form.cleaned_data['item'].name} 由{form.cleaned_data['unit']}承办。"
        )
        return redirect("petitions:rulings")
    return _show(request, ruling, form, EndForm())


@never_cache
@login_required
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    ruling, form = _find(request, pk), EndForm(request.POST)
    if form.is_valid():
        workflow.end_ruling(ruling, by=request.user, at=timezone.now(), why=form.cleaned_data["why"])
        messages.success(request, f"派单目录已停用：{ruling.item.name} 不再建议{ruling.unit}。")
        return redirect("petitions:rulings")
    return _show(request, ruling, RulingForm(ruling=ruling), form)


def _find(request: SignedInRequest, pk: int) -> Ruling:
    ruling = get_object_or_404(Ruling.objects.visible_to(request.user).with_names(), pk=pk)
    if not duties_of(request.user) & set(KEEPERS):
        raise PermissionDenied
    if not ruling.active:
        raise NotNow(GONE)
    return ruling


def _show(request: SignedInRequest, ruling: Ruling, form: RulingForm, ending: EndForm) -> HttpResponse:
    wrong = bool(form.errors or ending.errors)
    context: dict[str, Any] = {"ruling": ruling, "form": form, "ending": ending}
    return render(request, "petitions/rulings/edit.html", context, status=422 if wrong else 200)
