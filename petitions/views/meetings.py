"""Calling a meeting, raising and withdrawing topics, and the yearly counters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.scope import holds
from petitions.forms.meetings import ArrangeForm, MatterForm, WithdrawForm
from petitions.models import Meeting, Topic
from petitions.models.meeting import SEE_EVERY_MEETING
from petitions.papers import meetings, seats, topics, years


@never_cache
@login_required
def convene(request: SignedInRequest, kind: str) -> HttpResponse:
    blank = Meeting(kind=kind)
    if not seats.secretary(request.user, blank):
        raise PermissionDenied
    form = ArrangeForm(request.POST if request.method == "POST" else None, paper=blank, user=request.user)
    if request.method == "POST" and form.is_valid():
        meeting = meetings.convene(form.meeting(), by=request.user)
        messages.success(request, f"{meeting.number} 已发起。接下来排议程、通知参会单位。")
        return redirect("petitions:meeting", meeting.pk)
    context = {"form": form, "kind": Meeting.Kind(kind).label}
    return render(request, "papers/convene.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
def raise_matter(request: SignedInRequest) -> HttpResponse:
    """A topic that comes from no petition."""
    if not holds(request.user, *SEE_EVERY_MEETING):
        raise PermissionDenied
    form = MatterForm(request.POST or None, auto_id="do_%s")
    if request.method == "POST" and form.is_valid():
        topic = topics.raise_matter(**form.cleaned_data, by=request.user)
        messages.success(request, f"议题“{topic}”已提请{topic.get_level_display()}。")
        return redirect(f"/topics/?facet={topic.level}")
    return render(request, "papers/raise.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("petition"), pk=pk)
    form = WithdrawForm(request.POST or None, auto_id="do_%s")
    if request.method == "POST" and form.is_valid():
        topics.withdraw(topic, by=request.user, **form.cleaned_data)
        messages.success(request, f"议题“{topic}”已撤回。")
        return redirect(f"/topics/?facet={topic.level}")
    return render(request, "papers/withdraw.html", {"form": form, "topic": topic}, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def counters(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *SEE_EVERY_MEETING):
        raise PermissionDenied
    return render(request, "papers/years.html", {"years": years.counted(), "at": timezone.now()})
