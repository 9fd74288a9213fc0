"""The call form's door: opening it, what the portal knows while one types, keeping the draft, saving."""

import uuid
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.notnow import NotNow
from accounts.row_keys import row_key
from accounts.signed_in import SignedInRequest
from grids.models import Duty, Place, Visit
from grids.scope import holds, places_of
from petitions import choices, intake
from petitions.forms import drafts
from petitions.forms.register import CallForm
from petitions.forms.words import day_options
from petitions.hints import hints_for
from petitions.models import Draft, IncomingCall, Petition
from petitions.permissions import REGISTRARS

UNPROCESSABLE = 422


def register(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return sign_in_first(request)
    return _registering(cast(SignedInRequest, request))


def _registering(request: SignedInRequest) -> HttpResponse:
    _registrars_only(request.user)
    if request.method != "POST":
        return _open(request)
    data = _with_pick(request.POST)
    form = CallForm(data, request.FILES, user=request.user)
    if "check" in data or "pick" in request.POST or not form.is_valid():
        return _again(request, form, checked="check" in data or "pick" in request.POST)
    try:
        petition = intake.take(
            form.petition(), form.decision(), form.cleaned_data["files"], by=request.user, at=timezone.now()
        )
    except intake.SavedBefore as before:
        return _saved_before(request, form, before)
    except NotNow as why:  # the main petition was closed while the call was written down
        form.add_error("into", str(why))
        return _again(request, form)
    except ValidationError as problem:
        form.add_error("files", problem)
        return _again(request, form)
    return _to_page_of(petition)


@require_POST
@never_cache
def hints(request: HttpRequest) -> HttpResponse:
    """While one types: the draft is kept, and the portal says what it knows."""
    if not request.user.is_authenticated:
        _rescue(request.POST)
        return _signed_out(request)
    _registrars_only(request.user)
    at = timezone.now()
    kept = _keep(request.POST, request.user, at)
    form = CallForm(request.POST, user=request.user)
    form.is_valid()
    context = {"hints": hints_for(form, at=at), "kept_at": at if kept else None}
    return render(request, "petitions/register/_hints.html", context)


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """The page is being left: keep what stands in it. Sent by the browser on its own, so nobody reads the answer."""
    if request.user.is_authenticated:
        _keep(request.POST, request.user, timezone.now())
    else:
        _rescue(request.POST)
    return HttpResponse(status=204)


@login_required
@require_POST
def discard(request: SignedInRequest) -> HttpResponse:
    if submission := drafts.submission_of(request.POST):
        Draft.objects.filter(by=request.user, submission=submission).delete()
    messages.info(request, "草稿已丢弃。")
    return redirect(f"{reverse('petitions:register')}?fresh=1")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The session is over: what was typed waits as a draft of the one whose form it was."""
    if request.method == "POST" and _rescue(request.POST):
        messages.warning(request, "登录已过期。填写的内容已存为草稿，重新登录后自动恢复。")
    return redirect_to_login(_address(request.POST))


def stale(request: HttpRequest) -> HttpResponse | None:
    """The page is older than the sign-in (another tab signed in anew): its words come back on a page of today."""
    ours = [reverse(f"petitions:{name}") for name in ("register", "hints", "draft")]
    if request.path not in ours or not _rescue(request.POST):
        return None
    if request.path != ours[0]:
        return _signed_out(request)
    messages.warning(request, "页面打开得太久，没有保存。填写的内容都在下面，请核对后再保存。")
    return redirect(_address(request.POST))


# --- In detail ----------------------------------------------------------------------------------------------


def _registrars_only(user: User) -> None:
    if not holds(user, *REGISTRARS.duties):
        raise PermissionDenied


def _open(request: SignedInRequest) -> HttpResponse:
    if "fresh" in request.GET:  # a name of its own, so that reloading the page finds its words again
        known = {name: request.GET[name] for name in ("address", "place", "visit") if name in request.GET}
        return redirect(f"{reverse('petitions:register')}?{urlencode({'draft': uuid.uuid4(), **known})}")
    if "call" in request.GET:  # so is a call's
        return redirect(f"{reverse('petitions:register')}?draft={_call(request).submission}")
    at = timezone.now()
    waiting = list(Draft.objects.of(request.user, at)[:5])
    restored = _restored(request.GET, waiting)
    initial = drafts.initial_from(restored) if restored else _blank(request)
    form = CallForm(initial=initial, user=request.user)
    rang = not restored and initial.get("caller_phone")
    form.fields["caller_phone" if form.of_centre and not rang else "content"].widget.attrs["autofocus"] = True
    others = [one for one in waiting if one != restored]
    context: dict[str, Any] = {"restored": restored, "others": others}
    if restored or rang:
        said = _query(restored) if restored else {"caller_phone": rang}
        bound = CallForm(said, user=request.user)
        bound.is_valid()
        context["hints"] = hints_for(bound, at=at)
    return _render(request, form, context)


def _restored(asked: QueryDict, waiting: list[Draft]) -> Draft | None:
    """The one asked for, or nothing when that has no words yet; unasked, the newest."""
    if "draft" in asked:
        return next((one for one in waiting if str(one.submission) == asked["draft"]), None)
    return next(iter(waiting), None)


def _blank(request: SignedInRequest) -> dict[str, Any]:
    """Who answers for one grid alone reports from there; a page that knows the address has said it in ours."""
    places = choices.places()
    hers = [places[code] for code in places_of(request.user, Duty.GRID_WORKER, Duty.GRID_SECRETARY) if code in places]
    grids = [place.code for place in hers if place.kind == Place.Kind.GRID and place.closed_on is None]
    place = places.get(request.GET.get("place", "") or (grids[0] if len(grids) == 1 else ""))
    submission = _unused(request.GET)
    rang = IncomingCall.objects.of(request.user).filter(submission=submission) if "draft" in request.GET else None
    call = rang.first() if rang else None
    known = {"submission": submission, "place": place, "address": request.GET.get("address", "")[:120]}
    if visit := _visit(request):
        known["content"] = visit.note
    return known | ({"caller_phone": call.number} if call else {})


def _call(request: SignedInRequest) -> IncomingCall:
    return get_object_or_404(IncomingCall.objects.of(request.user), pk=row_key(request.GET.get("call", "")))


def _visit(request: SignedInRequest) -> Visit | None:
    """At which she heard of it: what she wrote down there she need not write again."""
    key = row_key(request.GET.get("visit", ""))
    return Visit.objects.visible_to(request.user).filter(pk=key, by=request.user).first() if key else None


def _unused(asked: QueryDict) -> uuid.UUID:
    submission = drafts.submission_of(asked, "draft")
    used = submission is None or Petition.objects.filter(submission=submission).exists()
    return uuid.uuid4() if used or submission is None else submission


def _query(draft: Draft) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in draft.words.items():
        data.setlist(name, values)
    return data


def _again(request: SignedInRequest, form: CallForm, *, checked: bool = False) -> HttpResponse:
    """The same form with what was typed: with its errors, or, when only checked, with what the portal knows."""
    form.is_valid()
    at = timezone.now()
    _keep(request.POST, request.user, at)
    context = {"hints": hints_for(form, at=at)}
    if checked:
        form.forget_errors()
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            break
    return _render(request, form, context, status=200 if checked else UNPROCESSABLE)


def _saved_before(request: SignedInRequest, form: CallForm, saved: intake.SavedBefore) -> HttpResponse:
    """The same words: show what they became. Other words: nothing is lost, they may become a petition of their own."""
    said, before = form.petition(), saved.petition
    if saved.hers and (said.content, said.place_id, said.item_id) == (before.content, before.place_id, before.item_id):
        messages.info(request, "这张表已经登记过了，就是下面这件。")
        return _to_page_of(before)
    form.begin_anew()
    became = f"为 {before.number}，之后内容有改动" if saved.hers else ""
    form.add_error(None, f"这张表已经登记过{became}。如需另登记一件，请再次保存。")
    return _render(request, form, {"hints": hints_for(form, at=timezone.now())}, status=UNPROCESSABLE)


def _to_page_of(petition: Petition) -> HttpResponse:
    """Which says what is to be told the caller: so no word has to travel there."""
    return HttpResponseRedirect(f"/petitions/{petition.number}/?registered")


def _render(request: SignedInRequest, form: CallForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context |= {
        "form": form,
        "desk": drafts.desk_of(request.user),
        "item_options": choices.item_options(),
        "place_options": choices.place_options(),
        "day_options": day_options(),
    }
    response = render(request, "petitions/register/form.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _with_pick(data: QueryDict) -> QueryDict:
    """Without script a proposal is a button that sends the form: `pick=place:370783001901001`."""
    name, _, value = data.get("pick", "").partition(":")
    if name not in ("place", "item", "cites"):
        return data
    picked = data.copy()
    picked[name] = value
    return picked


def _keep(data: QueryDict, user: User, at: datetime) -> bool:
    submission, words = drafts.submission_of(data), drafts.words_of(data)
    return bool(submission and drafts.has_words(words) and Draft.objects.keep(submission, words, by=user, at=at))


def _rescue(data: QueryDict) -> bool:
    user = drafts.written_by(data)
    return user is not None and _keep(data, user, timezone.now())


def _address(data: QueryDict) -> str:
    submission = drafts.submission_of(data)
    return reverse("petitions:register") + (f"?draft={submission}" if submission else "")


def _signed_out(request: HttpRequest) -> HttpResponse:
    login = redirect_to_login(_address(request.POST)).url
    return render(request, "petitions/register/_signed_out.html", {"login": login})
