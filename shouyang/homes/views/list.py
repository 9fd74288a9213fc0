"""The list of homes, and finding one by something that must not stand in an address."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.signed_in import SignedInRequest
from grids import facets, lookup
from grids.models import OF_HOMES, Place
from grids.permissions import KEEPERS
from grids.scope import holds, places_of
from petitions import choices
from shouyang.homes.finding import sees_homes
from shouyang.homes.listing import Asked, counted, page_of


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    sees_homes(request.user)
    asked, on = Asked.read(request.GET), timezone.localdate()
    homes = asked.homes(request.user, on)
    rows, older = page_of(homes, on, asked.after)
    total = counted(homes) if older or asked.after else str(len(rows))
    context = {"rows": rows, "older": older, "asked": asked, "total": total, **_around(request.user, asked)}
    return render(request, "homes/list.html", context)


@never_cache
@login_required
@require_POST
def find(request: SignedInRequest) -> HttpResponse:
    """A number, a name: sent, not put into an address, and shown again only hidden."""
    sees_homes(request.user)
    words = "".join(c for c in request.POST.get("q", "") if c.isprintable()).strip()[:60]
    looked = lookup.exactly(words, request.user)
    if looked is None:
        return redirect(f"{reverse('homes:list')}?{urlencode({'q': words})}")
    rows, _ = page_of(looked.homes, timezone.localdate())
    if len(rows) == 1:
        return redirect("homes:home", rows[0].pk)
    return render(request, "homes/found.html", {"rows": rows, "by": looked.by})


def _around(user: User, asked: Asked) -> dict[str, Any]:
    """The ways to this list and on from it."""
    here = {"place": asked.place, "q": asked.words}
    kept = {name: value for name, value in here.items() if value}
    tabs = [
        (one.label, f"?{urlencode({'facet': one.name, **kept})}", one.name == asked.facet.name)
        for one in facets.FACETS.values()
    ]
    return {"tabs": tabs, "places": _places(user), "adds": holds(user, *KEEPERS)}


def _places(user: User) -> list[Place]:
    """Those of her own that a list may be narrowed to, down to the grid."""
    codes = tuple(places_of(user, *OF_HOMES))
    hers = [place for code, place in choices.places().items() if code.startswith(codes) and len(code) >= 12]
    return sorted((place for place in hers if place.closed_on is None), key=lambda place: place.code)
