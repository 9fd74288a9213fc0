"""随手拍: a resident's door to the centre, without an account; kept open by a limit per address and a sum in words."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRedirect

from accounts import lockout
from grids.models import CITY_CODE
from petitions import intake, residents
from petitions.forms.reporting import ReportForm
from petitions.models import Petition, Status
from petitions.views.public import OPENED, again, opened, shown

ITS_ABILITIES = "geolocation=(self)"  # asked for by a tap on “用我现在的位置”, on this page alone


@never_cache
def report(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    asks = lockout.is_closed(lockout.REPORT_FREELY, _address(request), at=at)
    if request.method != "POST":
        return _form(request, ReportForm(asks=asks))
    if until := lockout.knock(lockout.REPORT, _address(request), at=at):  # before any photo is opened
        form = ReportForm(request.POST, asks=asks)
        form.add_error(None, f"从这个网络提交的太多了，请在 {timezone.localtime(until):%H:%M} 后再试，或拨打 12345。")
        return _form(request, form, status=422 if _partly(request) else 429)
    form = ReportForm(request.POST, request.FILES, asks=asks)
    return _taken(request, form, at) if form.is_valid() else _form(request, form, status=422)


@require_GET
@never_cache
def received(request: HttpRequest) -> HttpResponse:
    petition = opened(request)
    if petition is None:
        return again(request)
    if petition.status != Status.RECEIVED:
        return redirect("petitions:public_petition")
    where = residents.whereabouts(petition.place_id) if petition.place_id != CITY_CODE else ""
    told = {"petition": petition, "by": residents.due(petition), "where": where}
    return shown(request, "petitions/public/received.html", told)


def _taken(request: HttpRequest, form: ReportForm, at: datetime) -> HttpResponse:
    told = form.petition()
    try:
        petition = intake.take(told, intake.Decision(), form.cleaned_data["files"], by=None, at=at)
    except intake.SavedBefore as saved:
        if not (saved.hers and _says_the_same(saved.petition, told)):
            form.begin_anew("这张表已经提交过了。要另报一件，请再按一次“提交”。")
            return _form(request, form, status=422)
        petition = saved.petition
    except ValidationError as problem:
        form.add_error("files", problem)
        return _form(request, form, status=422)
    else:
        lockout.knock(lockout.REPORT_FREELY, _address(request), at=at)
    request.session[OPENED] = residents.token_for(petition)
    if _partly(request):
        return HttpResponseClientRedirect(reverse("petitions:public_received"))
    return redirect("petitions:public_received")


def _says_the_same(one: Petition, other: Petition) -> bool:
    return (one.content, one.address) == (other.content, other.address)


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    """With script only the form is drawn anew, around the photos that were chosen; without it they are lost."""
    if wrong := next((name for name in form.errors if name in form.fields), None):
        form.fields[wrong].widget.attrs["autofocus"] = True
    context = {"form": form, "lost": form.files_are_lost and not _partly(request)}
    response = shown(request, "petitions/public/report.html", context, status=status)
    response["Permissions-Policy"] = ITS_ABILITIES
    return response


def _partly(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))
