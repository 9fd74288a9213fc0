"""Headers of every answer: what a page of ours may load (nothing of others'), which of the browser's abilities it may
use (none, unless the page itself asks for one)."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

ABILITIES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
POLICY = ", ".join(f"{ability}=()" for ability in ABILITIES)


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        own = response.headers.get("Permissions-Policy")
        response.headers["Permissions-Policy"] = _with(own) if own else POLICY
        return response

    return middleware


def _with(own: str) -> str:
    """A page has said “geolocation=(self)”; the rest stays closed."""
    named = {part.partition("=")[0].strip() for part in own.split(",")}
    return ", ".join([own, *(f"{ability}=()" for ability in ABILITIES if ability not in named)])


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """In the place of django-csp's own middleware, which builds its policy anew for every answer."""
    policy = build_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(HEADER, policy)
        return response

    return middleware
