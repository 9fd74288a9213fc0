"""One id from the browser's request through the logs into the tasks it causes."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from shouyang import metrics

current: ContextVar[str] = ContextVar("request_id", default="")
HEADER = "X-Request-ID"
FROM_OUTSIDE = "HTTP_X_REQUEST_ID"  # of `request.headers`, a mapping of them all would be made for it
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")

logger = logging.getLogger(__name__)


def trace(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Name the request, time it, and leave one line: what was asked of which view, never the address or the words."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current.set(acceptable(request.META.get(FROM_OUTSIDE)) or new_id())
        begun = time.perf_counter()
        try:
            response = get_response(request)
            seconds = time.perf_counter() - begun
            view = request.resolver_match.view_name if request.resolver_match else "unmatched"
            metrics.observe(request.method or "", view, response.status_code, seconds)
            answer = {"method": request.method, "view": view, "status": response.status_code}
            logger.info("request", extra=answer | {"ms": round(seconds * 1000, 1)})
            response[HEADER] = current.get()
            return response
        finally:
            current.reset(token)

    return middleware


def acceptable(given: str | None) -> str:
    """Somebody else's id, if it cannot smuggle anything into the logs."""
    return given if given and ACCEPTABLE.fullmatch(given) else ""


def new_id() -> str:
    return uuid.uuid4().hex
