"""Handing over between shifts: the notes, the next one to write, and who has read which."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions import workflow
from petitions.forms.shifts import HandoverForm
from petitions.models import Handover
from petitions.models.handover import HANDOVER_READERS, ON_SHIFT

ON_A_PAGE = 20


@never_cache
@login_required
def page(request: SignedInRequest) -> HttpResponse:
    """GET shows the notes with an empty form for who is on shift, POST hands over."""
    held = duties_of(request.user)
    if not held & set(HANDOVER_READERS):
        raise Http404
    writes = bool(held & set(ON_SHIFT))
    if request.method == "POST" and not writes:
        raise PermissionDenied
    form = HandoverForm(request.POST or None, user=request.user, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        note = workflow.hand_over(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, f"{note}已交班，等接班的人签。")
        return redirect("petitions:handovers")
    notes = Handover.objects.visible_to(request.user).select_related("written_by", "read_by")
    notes = notes.prefetch_related("petitions")
    shown = Paginator(notes, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "form": form if writes else None, "writes": writes}
    return render(request, "petitions/handovers.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Handover.objects.visible_to(request.user), pk=pk)
    workflow.take_over(note, by=request.user, at=timezone.now())
    messages.success(request, f"已接班：{note}。")
    return redirect("/" if request.POST.get("back") == "/" else "petitions:handovers")
