"""The books of suspended petitions, for who works on them and, without a name or a word of theirs, for everybody."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from petitions.books import books, public_books
from petitions.views.public import shown


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    return render(request, "petitions/books.html", {"books": books(request.user, timezone.now())})


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    return shown(request, "petitions/public/books.html", {"books": public_books(timezone.now())})
