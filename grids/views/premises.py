"""Shops and other premises of one's grids: which are to be patrolled, what is known of one, and what happened there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Access
from accounts.signed_in import SignedInRequest
from grids import shops
from grids.forms.premises import ClosingForm, PatrolForm, PremisesForm, UnmaskForm
from grids.forms.pressed import Pressed
from grids.models import OF_HOMES, Place, Premises
from grids.permissions import KEEPERS, VISITORS, may_keep, may_visit
from grids.scope import holds, places_of
from grids.workflow import premises as verbs

ON_A_PAGE = 30
DONE = {
    "patrol": "已记下这次巡查，下次 {}。",
    "close": "已登记停业，不再提醒巡查。",
    "reopen": "已恢复营业，下次巡查 {}。",
}


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *OF_HOMES):
        raise Http404
    asked = shops.Asked.read(request.GET)
    on = timezone.localdate()
    here = Premises.objects.visible_to(request.user)
    found = asked.narrow(here, on).select_related("place").defer("owner", "contact", "phone")
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "tabs": shops.tabs(here, asked, on),
        "asked": asked,
        "kinds": Premises.Kind.choices,
        "on": on,
        "keeps": holds(request.user, *KEEPERS),
    }
    return render(request, "premises/list.html", context)


@never_cache
@login_required
def new(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *KEEPERS):
        raise Http404
    form = PremisesForm(request.POST or None, places=_grids(request))
    if request.method == "POST" and form.is_valid():
        made = verbs.register(form.new(), key=form.cleaned_data["key"], by=request.user, at=timezone.now())
        messages.success(request, f"已登记“{made}”，{made.promised}。" if made else "这家刚才已经登记过了。")
        return redirect("premises:one", made.pk) if made else redirect("premises:list")
    return _form(request, form, None)


@never_cache
@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    if not may_keep(request.user, found.place_id):
        raise PermissionDenied
    form = PremisesForm(request.POST or None, places=[], premises=found)
    if request.method == "POST" and form.is_valid():
        press = {"key": form.cleaned_data["key"], "by": request.user, "at": timezone.now()}
        verbs.edit(found, form.values(), base=form.base_version, **press)
        messages.success(request, "已保存。")
        return redirect("premises:one", pk)
    return _form(request, form, found)


@never_cache
@login_required
@require_safe
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@never_cache
@login_required
@require_POST
def act(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    forms: dict[str, type[Pressed]] = {"patrol": PatrolForm, "close": ClosingForm, "reopen": Pressed}
    if action not in forms:
        raise Http404
    found, form = _find(request, pk), forms[action](request.POST, named=f"{action}_%s")
    if not form.is_valid():
        return _show(request, found, sent={action: form})
    getattr(verbs, action)(found, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, DONE[action].format(found.patrol_due_on))
    return redirect("premises:one", pk)


@never_cache
@login_required
@require_POST
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """One field, one look, one row of record; the words are in this answer and in no later one."""
    found, form = _find(request, pk), UnmaskForm(request.POST)
    if not may_visit(request.user, found.place_id):
        raise PermissionDenied
    if not form.is_valid():
        return _show(request, found, sent={"unmask": form})
    field = form.cleaned_data["field"]
    Access.objects.create(
        by=request.user,
        at=timezone.now(),
        kind=Access.Kind.UNMASK,
        subject=f"premises:{found.pk}",
        field=shops.label_of(field),
        reason=form.cleaned_data["reason"],
    )
    return _show(request, found, shown=field)


def _find(request: SignedInRequest, pk: int) -> Premises:
    return get_object_or_404(Premises.objects.visible_to(request.user).select_related("place__parent"), pk=pk)


def _grids(request: SignedInRequest) -> list[Place]:
    grids = Place.objects.standing().of_kind(Place.Kind.GRID).select_related("parent").defer("boundary")
    return [grid for code in places_of(request.user, *KEEPERS) for grid in grids.filter(code__startswith=code)]


def _form(request: SignedInRequest, form: PremisesForm, found: Premises | None) -> HttpResponse:
    context = {"form": form, "premises": found}
    return render(request, "premises/form.html", context, status=422 if form.errors else 200)


def _show(
    request: SignedInRequest, found: Premises, *, shown: str = "", sent: dict[str, Any] | None = None
) -> HttpResponse:
    """`sent`: a form that came back with something wrong in it."""
    back = sent or {}
    user, open_ = request.user, found.closed_at is None
    keeps, visits = may_keep(user, found.place_id), holds(user, *VISITORS, place=found.place_id)
    context = {
        "premises": found,
        "crumbs": [("单位与商户", reverse("premises:list")), (found.name, "")],
        "sealed": shops.sealed(found, shown),
        "unmask": back.get("unmask"),
        "unmasks": visits,
        "keeps": keeps and open_,
        "patrol": (back.get("patrol") or PatrolForm(named="patrol_%s")) if visits and open_ else None,
        "close": (back.get("close") or ClosingForm(named="close_%s")) if keeps and open_ else None,
        "reopen": Pressed(named="reopen_%s") if keeps and not open_ else None,
        "hazards": found.hazards.select_related("item", "found_by")[: shops.SHOWN],
        "events": found.events.select_related("by").order_by("-at", "-id")[: shops.SHOWN],
        "on": timezone.localdate(),
    }
    return render(request, "premises/one.html", context, status=422 if sent else 200)
