"""The request of a view behind `login_required`: its user is a person, and type checkers may know it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    user: User
    htmx: HtmxDetails
