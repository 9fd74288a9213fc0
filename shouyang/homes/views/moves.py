"""Doors to the small forms: somebody moves in or out, is born, dies, is looked after; a household comes to be."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.masking import mask_name
from accounts.notnow import NotNow
from accounts.signed_in import SignedInRequest
from grids import workflow
from grids.models import Care, Household, Resident
from grids.permissions import KEEPERS
from grids.scope import holds
from shouyang.homes.finding import kept_home, member_of, sees_homes
from shouyang.homes.forms import OF_RESIDENT, VERBS, CareForm, Verb
from shouyang.homes.masked import secrets_of
from shouyang.homes.new_home import NewHomeForm
from shouyang.homes.press import key_of


@never_cache
@login_required
def new(request: SignedInRequest) -> HttpResponse:
    sees_homes(request.user)
    if not holds(request.user, *KEEPERS):
        raise PermissionDenied
    form = NewHomeForm(request.POST or None, user=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        household = form.do(timezone.now())
        if not form.errors:
            messages.success(request, "已建户，请登记住在这里的人。" if household else "这一户已经建过了。")
            return redirect("homes:verb", household.pk, "move-in") if household else redirect("homes:list")
    return render(request, "homes/new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
def verb(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    household = kept_home(request, pk)
    if action not in VERBS:
        raise Http404
    form = VERBS[action](request.POST or None, household=household, today=timezone.localdate())
    return _doing(request, household, form)


@never_cache
@login_required
def of_resident(request: SignedInRequest, pk: int, resident_pk: int, action: str) -> HttpResponse:
    household = kept_home(request, pk)
    if action not in OF_RESIDENT:
        raise Http404
    resident = member_of(household, resident_pk)
    form = OF_RESIDENT[action](request.POST or None, household=household, today=timezone.localdate(), resident=resident)
    return _doing(request, household, form, resident)


@never_cache
@login_required
@require_POST
def end_care(request: SignedInRequest, pk: int, care_pk: int) -> HttpResponse:
    household = kept_home(request, pk)
    cares = Care.objects.filter(resident__household=household).select_related("resident__household__dwelling")
    care = get_object_or_404(cares, pk=care_pk)
    workflow.end_care(care, key=key_of(request.POST), by=request.user, at=timezone.now())
    messages.success(request, f"重点关爱 {care.number} 已结束。")
    return redirect("homes:home", pk)


def _doing(
    request: SignedInRequest, household: Household, form: Verb, resident: Resident | None = None
) -> HttpResponse:
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            form.do(request.user, timezone.now())
        except NotNow as why:  # what was typed stays on the page
            form.add_error(None, why.sentence)
            status = 409
        else:
            messages.success(request, form.done)
            return redirect("homes:home", household.pk)
    who = mask_name(resident.name) if resident else ""
    cares = list(form.person.cares.filter(ended_at=None).select_related("helper")) if isinstance(form, CareForm) else []
    context = {"form": form, "household": household, "who": who, "resident": resident}
    context |= {"cares": cares, "secrets": secrets_of(cares)}
    return render(request, "homes/one_form.html", context, status=status)
