"""A resident's link: three questions, once, without sign-in and without script."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import lockout
from accounts.notnow import NotNow
from petitions import residents, workflow
from petitions.forms.public import AnswerForm
from petitions.models import AnswerLink
from petitions.views.public import LARGE
from petitions.workflow.inviting import USED_UP

DONE = "谢谢您，意见已经收到。没有解决的，会重新办理。"


@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    at = timezone.now()
    address = get_adapter().get_client_ip(request)
    if until := lockout.knock(lockout.PUBLIC_FORM, address, at=at):
        return _say(request, f"打开次数过多，请在 {timezone.localtime(until):%H:%M} 后再试，或拨打 12345。", 429)
    link = AnswerLink.objects.matching(token).alive(at).select_related("petition__item", "petition__place").first()
    if link is None:
        return _say(request, USED_UP, 404)
    lockout.take_back(lockout.PUBLIC_FORM, address)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"about": residents.openly(link.petition, at), "form": form, "token": token}
        return _render(request, context, 422 if request.method == "POST" else 200)
    try:
        workflow.answer_by_link(link, at=at, **form.cleaned_data)
    except NotNow as why:
        return _say(request, str(why), 409)
    return _say(request, DONE, 200)


def _say(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return _render(request, {"sentence": sentence}, status)


def _render(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    large = request.COOKIES.get(LARGE) == "1"
    return render(request, "petitions/public/answer.html", context | {"large": large}, status=status)
