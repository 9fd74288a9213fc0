"""People whose duties demand a second factor enrol one before they see anything else."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from grids import scope

# Where one may go before: enrolling itself, confirming the password for it, signing out.
OPEN = {"mfa_activate_totp", "account_reauthenticate", "account_logout", "account_login"}


def enrol_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *_: object) -> HttpResponse | None:
        if not settings.TOTP_REQUIRED_DUTIES or not request.user.is_authenticated:
            return None
        if request.resolver_match.url_name in OPEN or not scope.holds(request.user, *settings.TOTP_REQUIRED_DUTIES):
            return None
        if Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
            return None
        messages.warning(request, "您的职责要求启用两步验证，请先完成绑定。")
        return redirect("mfa_activate_totp")

    middleware.process_view = process_view
    return middleware
