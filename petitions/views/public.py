"""The residents' window: no account, only a number and its code; after that a short-lived token in the session."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts import lockout
from petitions import residents
from petitions.forms.public import LookUpForm, RatingForm, UnsolvedForm
from petitions.models import Petition

OPENED = "public_petition"
LARGE = "large_type"
NOT_FOUND = "编号或查询码不对，请核对后重试。"
AGAIN = "为保护您的信息，查询结果只保留半小时，请重新输入编号和查询码。"


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return shown(request, "petitions/public/front.html", {})


@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    form = LookUpForm(request.POST or None)
    if request.method != "POST":
        return shown(request, "petitions/public/look_up.html", {"form": form})
    if not form.is_valid():
        return shown(request, "petitions/public/look_up.html", {"form": form}, status=422)
    if until := _knock(request, form.cleaned_data["number"], timezone.now()):
        form.add_error(None, f"查询次数过多，请在 {timezone.localtime(until):%H:%M} 后再试，或拨打 12345 询问。")
        return shown(request, "petitions/public/look_up.html", {"form": form}, status=429)
    petition = residents.opened(form.cleaned_data["number"], form.cleaned_data["code"])
    if petition is None:
        form.add_error(None, NOT_FOUND)
        return shown(request, "petitions/public/look_up.html", {"form": form}, status=422)
    _open_doors(request, petition)
    request.session[OPENED] = residents.token_for(petition)
    return redirect("petitions:public_petition")


@require_GET
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    petition = opened(request)
    return _show(request, petition) if petition else again(request)


@require_POST
def not_solved(request: HttpRequest) -> HttpResponse:
    petition, form, at = opened(request), UnsolvedForm(request.POST), timezone.now()
    if petition is None:
        return again(request)
    if not form.is_valid():
        return _show(request, petition, unsolved=form)
    residents.say_unsolved(petition, note=form.cleaned_data["note"], at=at)
    messages.success(request, "已收到您的意见，将重新办理。")
    return redirect("petitions:public_petition")


@require_POST
def rate(request: HttpRequest) -> HttpResponse:
    petition, form, at = opened(request), RatingForm(request.POST), timezone.now()
    if petition is None:
        return again(request)
    if not form.is_valid():
        return _show(request, petition, rating=form)
    residents.rate(petition, **form.cleaned_data, at=at)
    messages.success(request, "感谢您的评价。")
    return redirect("petitions:public_petition")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """On a borrowed phone nothing stays behind."""
    request.session.pop(OPENED, None)
    return redirect("petitions:public_look_up")


@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """长辈版: large type, remembered on this device."""
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if ours else reverse("petitions:public"))
    if request.POST.get("size") == "large":
        response.set_cookie(LARGE, "1", max_age=365 * 86400, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie(LARGE)
    return response


def opened(request: HttpRequest) -> Petition | None:
    return residents.behind(request.session.get(OPENED, ""))


def again(request: HttpRequest) -> HttpResponse:
    messages.info(request, AGAIN)
    return redirect("petitions:public_look_up")


def _show(
    request: HttpRequest, petition: Petition, *, unsolved: Form | None = None, rating: Form | None = None
) -> HttpResponse:
    context = {
        "petition": residents.openly(petition, timezone.now()),
        "back": reverse("petitions:public_petition"),  # its forms are sent to addresses of their own
        "unsolved": unsolved or UnsolvedForm(auto_id="unsolved_%s"),
        "rating": rating or RatingForm(auto_id="rating_%s"),
    }
    return shown(request, "petitions/public/petition.html", context, status=422 if unsolved or rating else 200)


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the residents' window, in the size of letters that was asked for on this device."""
    size = {"large": request.COOKIES.get(LARGE) == "1", "back": request.get_full_path()}
    return render(request, template, size | context, status=status)


def _knock(request: HttpRequest, number: str, at: datetime) -> datetime | None:
    address = get_adapter().get_client_ip(request)
    return lockout.knock(lockout.PUBLIC_FORM, address, at=at) or lockout.knock(lockout.LOOK_UP, number, at=at)


def _open_doors(request: HttpRequest, petition: Petition) -> None:
    lockout.take_back(lockout.PUBLIC_FORM, get_adapter().get_client_ip(request))
    lockout.open_again(lockout.LOOK_UP, petition.number)
