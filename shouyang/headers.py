"""One more header on every answer: which of the browser's abilities a page of ours may use (none)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ABILITIES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
POLICY = ", ".join(f"{ability}=()" for ability in ABILITIES)


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware
