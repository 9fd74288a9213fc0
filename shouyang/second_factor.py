"""People whose duties demand a second factor enrol one before they see anything else."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from grids import scope
from shouyang.problems import problem

SENTENCE = "您的职责要求启用两步验证，请先完成绑定。"
API = "/api/"  # programs are told there; its docs are a page
# Where one may go before: enrolling itself, confirming the password for it, signing out.
OPEN = ("mfa_activate_totp", "account_reauthenticate", "account_logout")


def enrol_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if must_enrol(request.user) and not request.path.startswith(open_paths()):
            if request.path.startswith(API) and request.path != reverse("api:docs"):
                return problem(request.path, 403, SENTENCE)
            messages.warning(request, SENTENCE)
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def must_enrol(user: User | AnonymousUser) -> bool:
    if not settings.TOTP_REQUIRED_DUTIES or not user.is_authenticated:
        return False
    if not scope.holds(user, *settings.TOTP_REQUIRED_DUTIES):
        return False
    return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def open_paths() -> tuple[str, ...]:
    return tuple(reverse(name) for name in OPEN)
