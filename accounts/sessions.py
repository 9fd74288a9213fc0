"""Thirty minutes without a request end a session; being there is written down at most once a minute."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SEEN = "seen_at"
ONCE_IN = timedelta(minutes=1)
UNATTENDED = "HTTP_X_UNATTENDED"  # what a page asks by itself is no sign that anybody sits before it


def keep_session_awake(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. SESSION_SAVE_EVERY_REQUEST would write a row at every click; SESSION_COOKIE_AGE is the idle time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if UNATTENDED not in request.META and request.user.is_authenticated:
            touch(request, at=timezone.now())
        return get_response(request)

    return middleware


def touch(request: HttpRequest, *, at: datetime) -> None:
    seen = request.session.get(SEEN)
    if seen and at - datetime.fromisoformat(seen) < ONCE_IN:
        return
    request.session[SEEN] = at.isoformat()  # a changed session is saved, and its thirty minutes start anew
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=at)
