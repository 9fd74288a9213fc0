"""The knowledge base: searched by everybody at the centre, written by some, checked by another than its writer."""

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

from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions import choices, knowledge, workflow
from petitions.forms.knowledge import EndForm, EntryForm
from petitions.models import Entry
from petitions.models.entry import ENTRY_CHECKERS, ENTRY_READERS, ENTRY_WRITERS

ON_A_PAGE = 30


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    _readers_only(request)
    asked = knowledge.Asked.read(request.GET)
    page = Paginator(asked.entries(request.user, timezone.localdate()), ON_A_PAGE).get_page(request.GET.get("page"))
    unchecked = Entry.objects.visible_to(request.user).unchecked()
    context = {
        "page": page,
        "tabs": [(name, label, name == asked.tab) for name, label in knowledge.TABS.items()],
        "asked": asked,
        "items": sorted(choices.items().values(), key=lambda one: one.code),
        "writes": _may(request, ENTRY_WRITERS),
        "unchecked": not page.object_list and unchecked.exists(),
    }
    return render(request, "petitions/knowledge/page.html", context)


@never_cache
@login_required
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@never_cache
@login_required
def write(request: SignedInRequest) -> HttpResponse:
    _readers_only(request)
    if not _may(request, ENTRY_WRITERS):
        raise PermissionDenied
    return _writing(request, None, EntryForm(request.POST or None, valid_from=timezone.localdate()))


@never_cache
@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = _find(request, pk)
    if not _may(request, ENTRY_WRITERS):
        raise PermissionDenied
    return _writing(request, entry, EntryForm(request.POST or None, entry=entry))


@never_cache
@login_required
@require_POST
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = _find(request, pk)
    workflow.check_entry(entry, by=request.user, at=timezone.now())
    messages.success(request, f"已核对“{entry.title}”，直接答复可以引用了。")
    return redirect("petitions:entry", pk)


@never_cache
@login_required
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    entry, form = _find(request, pk), EndForm(request.POST)
    if not form.is_valid():
        return _show(request, entry, ending=form)
    workflow.end_entry(entry, by=request.user, at=timezone.now(), why=form.cleaned_data["why"])
    messages.success(request, f"已停用“{entry.title}”，以后不能再引用。")
    return redirect("petitions:knowledge")


def _writing(request: SignedInRequest, entry: Entry | None, form: EntryForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        written = workflow.write_entry(**form.cleaned_data, by=request.user, at=at, instead_of=entry)
        messages.success(request, f"已写入“{written.title}”，等另一个人核对后生效。")
        return redirect("petitions:entry", written.pk)
    context = {"entry": entry, "form": form}
    return render(request, "petitions/knowledge/edit.html", context, status=422 if form.errors else 200)


def _show(request: SignedInRequest, entry: Entry, **more: Any) -> HttpResponse:
    standing = entry.ended_at is None
    context: dict[str, Any] = {
        "entry": entry,
        "in_force": entry.in_force(timezone.localdate()),
        "later": entry.later.filter(ended_at=None).first(),
        "writes": standing and _may(request, ENTRY_WRITERS),
        "checks": standing and entry.checked_at is None and _may(request, ENTRY_CHECKERS),
        "own": entry.written_by_id == request.user.pk,
        "ending": EndForm(),
    }
    status = 422 if more else 200
    return render(request, "petitions/knowledge/entry.html", context | more, status=status)


def _find(request: SignedInRequest, pk: int) -> Entry:
    entries = Entry.objects.visible_to(request.user).select_related(*knowledge.RELATED).prefetch_related("items")
    return get_object_or_404(entries, pk=pk)


def _readers_only(request: SignedInRequest) -> None:
    if not _may(request, ENTRY_READERS):
        raise Http404


def _may(request: SignedInRequest, duties: tuple[str, ...]) -> bool:
    return bool(duties_of(request.user) & set(duties))
