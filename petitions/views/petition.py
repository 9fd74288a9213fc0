"""The page of one petition: see it, do the next thing, look at one masked field with a reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models.access import OF_PETITION
from accounts.signed_in import SignedInRequest
from petitions import intake, timeline
from petitions.dossier import CALLER_FIELDS, open_dossier
from petitions.forms.action import ActionForm
from petitions.forms.actions import FORMS
from petitions.forms.templates import inserted, offered
from petitions.forms.unmask import UnmaskForm
from petitions.models import Petition, Template
from petitions.permissions import sees_identity
from petitions.rules import NOT_BUTTONS, RULES
from petitions.step import check


def find(request: SignedInRequest, number: str) -> Petition:
    related = ("item", "unit", "contact_unit", "place", "channel", "registered_by", "merged_into")
    return get_object_or_404(Petition.objects.visible_to(request.user).select_related(*related), number=number)


@never_cache
@login_required
@require_safe
def detail(request: SignedInRequest, number: str) -> HttpResponse:
    petition = find(request, number)
    if "registered" in request.GET and petition.registered_by == request.user:
        messages.success(request, intake.told(petition))
    return _show(request, petition)


@never_cache
@login_required
def act(request: SignedInRequest, number: str, action: str) -> HttpResponse:
    """GET opens the action's form on the page, POST does it."""
    if action not in RULES or action in NOT_BUTTONS:
        raise Http404
    petition = find(request, number)
    check(action, petition, by=request.user, at=timezone.now())
    templates = offered(action, petition, request.user)
    form, sent = _filled(request, petition, action, templates)
    if sent and form.is_valid():
        form.take(action, request.user)
        return _done(request, petition, action)
    status = 409 if form.stale else 422 if sent else 200
    more: dict[str, Any] = {"form": form, "action": action, "label": RULES[action].label, "templates": templates}
    return _show(request, petition, status=status, **more)


@never_cache
@login_required
@require_POST
def unmask(request: SignedInRequest, number: str) -> HttpResponse:
    """One field, one look, one row of record; the words are in this answer and in no later one."""
    petition, form = find(request, number), UnmaskForm(request.POST)
    if not sees_identity(request.user, petition):
        raise PermissionDenied
    if not form.is_valid():
        return _show(request, petition, status=422, unmask=form)
    field = form.cleaned_data["field"]
    form.record(by=request.user, subject=f"{OF_PETITION}{number}", label=CALLER_FIELDS[field][0], at=timezone.now())
    return _show(request, petition, shown=field)


def _filled(
    request: SignedInRequest, petition: Petition, action: str, templates: list[Template]
) -> tuple[ActionForm, bool]:
    """The action's form, and whether it was sent; pressing 插入 only puts ready words into it."""
    form_class = FORMS.get(action, ActionForm)
    if request.method != "POST":
        return form_class(petition=petition), False
    if "insert" not in request.POST:
        return form_class(request.POST, request.FILES, petition=petition), True
    form = form_class(inserted(request.POST, action, templates), petition=petition)
    form.forget_errors()
    return form, False


def _show(
    request: SignedInRequest, petition: Petition, *, status: int = 200, shown: str = "", **more: Any
) -> HttpResponse:
    dossier = open_dossier(petition, to=request.user, at=timezone.now(), shown=shown)
    template = "petitions/_petition.html" if request.htmx else "petitions/detail.html"
    return render(request, template, {"dossier": dossier, "petition": petition, **more}, status=status)


def _done(request: SignedInRequest, petition: Petition, action: str) -> HttpResponse:
    """Say what happened and who has it now."""
    holder = timeline.holder(petition)
    now = f"现在由{holder}处理" if holder else f"现在是“{petition.get_status_display()}”"
    messages.success(request, f"{petition.number} {RULES[action].sentence}。{now}。")
    back = request.POST.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    if request.htmx:
        return _show(request, find(request, petition.number))
    return redirect(reverse("petitions:detail", args=[petition.number]))
