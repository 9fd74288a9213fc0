"""The one search box: a number leads to its petition, a phone to what it said, words to the list."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache

from accounts import phones
from accounts.masking import mask_phone
from accounts.signed_in import SignedInRequest
from petitions import choices, lookalikes
from petitions.models import Petition

NUMBER = re.compile(r"(?:SG)?(\d{13})")
SHOWN = 50


@never_cache
@login_required
def search(request: SignedInRequest) -> HttpResponse:
    words = "".join(c for c in request.GET.get("q", "") if c.isprintable()).strip()[:80]
    if found := _number(words):
        petition = Petition.objects.visible_to(request.user).filter(number=found).first()
        return redirect("petitions:detail", found) if petition else _nothing(request, words)
    if (address := _place(words)) is not None:
        return HttpResponseRedirect(address)
    if phone := _phone(words):
        return _callers(request, phone)
    return redirect(f"{reverse('petitions:list')}?{urlencode({'q': words})}" if words else "petitions:list")


def _callers(request: SignedInRequest, phone: str) -> HttpResponse:
    petitions = list(lookalikes.from_caller(phone, to=request.user).for_list()[:SHOWN])
    return render(request, "petitions/search.html", {"asked": mask_phone(phone), "petitions": petitions, "phone": True})


def _nothing(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "petitions/search.html", {"asked": words, "petitions": []})


def _number(words: str) -> str:
    found = NUMBER.fullmatch(words.upper().replace(" ", ""))
    return f"SG{found[1]}" if found else ""


def _phone(words: str) -> str:
    try:
        return phones.canonical(words, demo=settings.DEMO)
    except phones.NotAPhone:
        return ""


def _place(words: str) -> str | None:
    """The page of the place with this code or whole name; a piece of a name is searched for in petitions."""
    by_name = {place.name: place for place in choices.places().values()}
    place = choices.places().get(words) or by_name.get(words)
    try:
        return reverse("grids:place", args=[place.code]) if place else None
    except NoReverseMatch:
        return None
