"""The demo city's own door: one click signs in as one of the cast. It exists only while settings.DEMO is on."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.models import User
from shouyang.demo.cast import CAST


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    username = request.POST.get("username", "")
    if not settings.DEMO or username not in {person.username for person in CAST}:
        raise Http404
    person = get_object_or_404(User, username=username, is_active=True)
    person.backend = settings.AUTHENTICATION_BACKENDS[0]
    response: HttpResponse = perform_login(request, person)
    return response
