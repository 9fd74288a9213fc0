"""A refusal, wherever it was raised, answered in one place: not now is 409, not she is 403, each with its sentence."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.notnow import NotNow

FORBIDDEN = "您可以看到这里的内容，但没有办理它的权限。"


class Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        partly: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        if isinstance(exception, NotNow):
            if partly:
                return _fragment(request, exception.sentence, 409)
            return render(request, "409.html", {"sentence": exception.sentence, "back": _back(request)}, status=409)
        if isinstance(exception, PermissionDenied) and partly:
            return _fragment(request, FORBIDDEN, 403)
        return None  # a whole page: Django's own 403 handler


def _fragment(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """Lands above the page's words, whatever was to be swapped; what shows the old state listens and fetches anew."""
    response = render(request, "_refusal.html", {"sentence": sentence}, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#flashes", "innerHTML show:window:top"
    response["HX-Trigger"] = "refused"
    return response


def _back(request: HttpRequest) -> str:
    """The page she came from, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return "/"
    return urlsplit(referer)._replace(scheme="", netloc="").geturl() or "/"
