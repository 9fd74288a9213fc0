"""A refusal, wherever it was raised, answered in one place: not now is 409, not she is 403, each with its sentence.

An address that only takes what a form sends is opened by whoever reloads the page after it: 405, with the way back.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.notnow import NotNow

FORBIDDEN = "您可以看到这里的内容，但没有办理它的权限。"


class Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not getattr(response, "content", b"x"):
            page = render(request, "405.html", {"back": _above(request.path)}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

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


def _above(path: str) -> str:
    """`/homes/17/unmask/` → `/homes/17/`, the page whose form it was; nothing where there is no such page."""
    above = f"{path.rstrip('/').rpartition('/')[0]}/"
    return above if above != "/" and is_valid_path(above) else ""


def _back(request: HttpRequest) -> str:
    """The page she came from, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return "/"
    return urlsplit(referer)._replace(scheme="", netloc="").geturl() or "/"
