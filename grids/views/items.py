"""The list of what may be asked of a grid, its versions, and the applications by which it changes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Unit
from accounts.signed_in import SignedInRequest
from grids import catalogues
from grids.forms.items import ApprovalForm, Asking, ItemForm, NoteForm, PublishForm
from grids.models import CITY_CODE, Admission, CatalogueVersion, Duty, ListedItem
from grids.models.catalogue import APPLICANTS, READERS
from grids.scope import holds, units_of
from grids.workflow import admitting

ON_A_PAGE = 30
REVIEWS: dict[str, tuple[str, type[Any]]] = {
    "approve": ("审核通过", ApprovalForm),
    "send_back": ("退回补正", NoteForm),
    "refuse": ("不予准入", NoteForm),
}


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    on = timezone.localdate()
    lines = ListedItem.objects.in_force(on).select_related("lead", "item__lead")
    units = Unit.objects.filter(pk__in=units_of(request.user, *APPLICANTS))
    context = {
        "version": CatalogueVersion.objects.in_force(),
        "domains": catalogues.by_domain(lines),
        "count": len(lines),
        "applies": holds(request.user, *APPLICANTS),
        "follows": holds(request.user, *APPLICANTS, *READERS),
        "mine": {line.pk for unit in units for line in lines if admitting.leads(unit, line)},
    }
    return render(request, "items/page.html", context)


@never_cache
@login_required
@require_safe
def version(request: SignedInRequest, name: str) -> HttpResponse:
    versions = list(CatalogueVersion.objects.select_related("published_by"))
    shown = next((one for one in versions if one.name == name), None)
    if shown is None:
        raise Http404
    older = [one for one in versions if one.pk < shown.pk]
    against = next((one for one in older if one.name == request.GET.get("against")), older[0] if older else None)
    context = {
        "shown": shown,
        "versions": versions,
        "older": older,
        "against": against,
        "difference": catalogues.difference(against, shown) if against else None,
        "domains": catalogues.by_domain(shown.items.select_related("lead")),
    }
    return render(request, "items/version.html", context)


@never_cache
@login_required
def apply(request: SignedInRequest) -> HttpResponse:
    unit, asked = _unit(request), request.GET
    kind = asked.get("kind", "add") if asked.get("kind", "add") in Admission.Kind else "add"
    listed = None if kind == "add" else _listed(asked.get("item", ""))
    form = _form(request, unit=unit, kind=kind, listed=listed)
    if request.method == "POST" and form.is_valid():
        admission = form.admission()
        made = admitting.apply(admission, key=form.cleaned_data["key"], by=request.user, at=timezone.now())
        messages.success(request, "已申请，等中心审核。" if made else "这份申请刚才已经提交过了。")
        return redirect("items:admission", made.pk) if made else redirect("items:admissions")
    context = {"form": form, "kind": Admission.Kind(kind), "listed": listed, "unit": unit}
    return render(request, "items/apply.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def admissions(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *APPLICANTS, Duty.HANDLER, *READERS):
        raise Http404
    return _queue(request)


@never_cache
@login_required
@require_safe
def admission(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@never_cache
@login_required
def resubmit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    if not admitting.may("resubmit", request.user, found):
        raise PermissionDenied
    form = _form(request, unit=found.unit, kind=found.kind, listed=_line(found), again=found, **_first(found))
    if request.method == "POST" and form.is_valid():
        admitting.resubmit(found, form.values(), by=request.user, at=timezone.now())
        messages.success(request, "已补正，等中心审核。")
        return redirect("items:admission", pk)
    context = {"form": form, "kind": Admission.Kind(found.kind), "listed": found, "unit": found.unit, "again": True}
    return render(request, "items/apply.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_POST
def review(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    found = _find(request, pk)
    if action not in REVIEWS:
        raise Http404
    form = REVIEWS[action][1](request.POST, auto_id=f"{action}_%s")
    if not form.is_valid():
        return _show(request, found, {action: form})
    getattr(admitting, action)(found, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
    messages.success(request, f"“{found.name}”现在是“{found.get_state_display()}”。")
    return redirect("items:admission", pk)


@never_cache
@login_required
@require_POST
def publish(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *admitting.DIRECTORS, place=CITY_CODE):
        raise PermissionDenied
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _queue(request, form)
    made = admitting.publish(note=form.cleaned_data["note"], by=request.user, at=timezone.now())
    messages.success(request, f"已公布 {made.name}，即日起施行。")
    return redirect("items:version", made.name)


def _queue(request: SignedInRequest, publishing: PublishForm | None = None) -> HttpResponse:
    tab = "approved" if publishing else request.GET.get("tab", "waiting")
    tab = tab if tab in catalogues.TABS else "waiting"
    found = Admission.objects.visible_to(request.user).filter(state__in=catalogues.TABS[tab][1])
    page = Paginator(found.select_related("unit", "item", "version"), ON_A_PAGE).get_page(request.GET.get("page"))
    directs = holds(request.user, *admitting.DIRECTORS, place=CITY_CODE)
    context = {
        "page": page,
        "tabs": [(name, label, name == tab) for name, (label, _) in catalogues.TABS.items()],
        "publishing": (publishing or PublishForm()) if directs and tab == "approved" and page.paginator.count else None,
        "applies": holds(request.user, *APPLICANTS),
    }
    return render(request, "items/admissions.html", context, status=422 if publishing else 200)


def _show(request: SignedInRequest, found: Admission, sent: dict[str, Any] | None = None) -> HttpResponse:
    reviews = [
        (name, label, (sent or {}).get(name) or form(auto_id=f"{name}_%s"))
        for name, (label, form) in REVIEWS.items()
        if admitting.may(name, request.user, found)
    ]
    context = {
        "admission": found,
        "listed": _line(found),
        "events": found.events.select_related("by"),
        "reviews": reviews,
        "resubmits": admitting.may("resubmit", request.user, found),
    }
    return render(request, "items/admission.html", context, status=422 if sent else 200)


def _find(request: SignedInRequest, pk: int) -> Admission:
    related = ("unit", "item", "lead", "version")
    return get_object_or_404(Admission.objects.visible_to(request.user).select_related(*related), pk=pk)


def _listed(code: str) -> ListedItem:
    in_force = ListedItem.objects.in_force(timezone.localdate()).select_related("item__lead", "lead")
    found = next((line for line in in_force if line.code == code), None)
    if found is None:
        raise Http404
    return found


def _unit(request: SignedInRequest) -> Unit:
    """For whom she applies; who serves in several units applies for the first."""
    mine = units_of(request.user, *APPLICANTS)
    if not mine:
        raise Http404
    return Unit.objects.get(pk=mine[0])


def _line(found: Admission) -> ListedItem | None:
    """How the list said it when the application was made; nothing for a new matter."""
    if found.kind == Admission.Kind.ADD:
        return None
    lines = ListedItem.objects.filter(item=found.item).select_related("item__lead", "lead")
    before = lines.filter(version__lt=found.version_id) if found.version_id else lines
    return before.order_by("-version").first()


def _first(found: Admission) -> dict[str, Any]:
    return {**found.values(), "temporary": found.temporary, "until": found.until, "reason": found.reason}


def _form(request: SignedInRequest, *, unit: Unit, kind: str, listed: ListedItem | None, **first: Any) -> Asking:
    on = timezone.localdate()
    asked: dict[str, Any] = {"unit": unit, "kind": kind, "listed": listed, "on": on, **first}
    if kind == Admission.Kind.WITHDRAW:
        return Asking(request.POST or None, **asked)
    domains = ListedItem.objects.in_force(on).order_by("domain").values_list("domain", flat=True).distinct()
    return ItemForm(request.POST or None, domains=list(domains), **asked)
