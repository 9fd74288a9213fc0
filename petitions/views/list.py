"""The list of petitions: narrowed, sorted and turned over by its address alone."""

import time
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts import drawn
from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions import choices, keyset
from petitions.facets import tabs_of
from petitions.filters import PetitionFilter
from petitions.models import Petition, SavedFilter
from petitions.models.petition import sees_all
from petitions.rarity import FEW
from petitions.rows import SORTS, cells, page_of
from petitions.stamp import SLOT, stamp

ON_A_PAGE = 50
COUNTED_TO = 10_000
COUNTED_FOR = 15.0  # seconds
_counted: dict[tuple[int, str], tuple[int, float]] = {}


class Link(NamedTuple):
    label: str
    href: str
    here: bool


@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    context = {"listing": _drawn(request), "query": request.GET.urlencode()}
    return render(request, "petitions/list.html", context)


@login_required
@require_safe
def fields(request: SignedInRequest) -> HttpResponse:
    """The form of the filters, fetched when somebody wants to narrow the list."""
    narrowed = PetitionFilter(request.GET, Petition.objects.none(), request=request, every=True)
    template = "petitions/_filters.html" if request.htmx else "petitions/filters.html"
    context = {
        "filter": narrowed,
        "sort": request.GET.get("sort", ""),
        "places": choices.place_options(),
        "saved": SavedFilter.objects.visible_to(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, template, context)


def _drawn(request: SignedInRequest) -> SafeString:
    """The list itself. It is drawn once for all who see the same petitions and tabs, until a petition changes."""
    user, now = request.user, timezone.now()
    whose = "" if sees_all(user) and "mine" not in request.GET else user.pk
    about = repr((stamp(now), whose, sorted(duties_of(user)), request.GET.urlencode()))

    def draw() -> SafeString:
        narrowed = PetitionFilter(request.GET, Petition.objects.visible_to(user), request=request)
        context = _found(request, narrowed, now) | _around(request, narrowed)
        return render_to_string("petitions/_list.html", context, request)

    return drawn.once(sha256(about.encode()).hexdigest(), draw, SLOT)


def _found(request: SignedInRequest, narrowed: PetitionFilter, now: datetime) -> dict[str, Any]:
    asked = request.GET
    cursor = {"after": asked.get("after", ""), "before": asked.get("before", "")}
    shown, turned = page_of(narrowed.qs, asked.get("sort", ""), now, size=ON_A_PAGE, **cursor)
    return {"rows": shown, "table": cells(shown), "turned": turned, "total": _total(request, narrowed, turned)}


def _total(request: SignedInRequest, narrowed: PetitionFilter, turned: keyset.Page) -> str:
    """How many there are, as far as anybody wants to know; the same list is counted again only after a while."""
    if not turned.newer and not turned.older:
        return str(len(turned.rows))
    if narrowed.many:  # how many is known of the words alone; to count them costs more than to find the newest
        return f"{FEW if len(narrowed.chips) == 1 else ON_A_PAGE}+"
    key, now = (request.user.pk, narrowed.said()), time.monotonic()
    counted, until = _counted.get(key, (0, 0.0))
    if now > until:
        counted = narrowed.qs.order_by()[: COUNTED_TO + 1].count()
        if len(_counted) > 1000:
            _counted.clear()
        _counted[key] = counted, now + COUNTED_FOR
    return f"{COUNTED_TO}+" if counted > COUNTED_TO else str(counted)


def _around(request: SignedInRequest, narrowed: PetitionFilter) -> dict[str, Any]:
    """What stands above the rows: the ways to this list and on from it, each an address."""
    asked = request.GET
    facet, sort = asked.get("facet", ""), asked.get("sort") or "newest"
    tabs = [Link("全部", "/petitions/", not asked)]
    tabs += [Link(tab.label, f"?facet={tab.name}", tab.name == facet) for tab in tabs_of(request.user)]
    turned = asked.copy()
    for cursor in ("after", "before", "sort"):
        turned.pop(cursor, None)
    query = turned.urlencode()
    return {
        "tabs": tabs,
        "sorts": [Link(label, f"?{query}&sort={name}", name == sort) for name, (label, _) in SORTS.items()],
        "chips": narrowed.chips,
        "errors": [error for errors in narrowed.errors.values() for error in errors],
    }
