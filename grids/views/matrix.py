"""The matrix grid × line, and the card that hangs in the grid's stairwells."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids import card, matrix
from grids.models import Place

ON_A_PAGE = 60


@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    on, gaps, known = timezone.localdate(), matrix.asked_gaps(request.GET.get("gaps", "")), matrix.places()
    place = matrix.asked_place(request.user, request.GET.get("place", ""), known)
    if place is None:
        raise Http404
    every, found = matrix.grids_in(place.code, on), matrix.grids_in(place.code, on, gaps)
    paged = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "streets": [one for one in known if one.kind == Place.Kind.STREET],
        "communities": [one for one in known if len(one.code) == 12 and one.code.startswith(place.code[:9])],
        "street_here": place.code[:9],
        "export": urlencode({"place": place.code} | ({"gaps": gaps} if gaps else {})),
        "gaps": gaps,
        "lines": matrix.lines(place.code, on, every.count()),
        "columns": [name for _, name in matrix.COLUMNS],
        "rows": matrix.rows(paged.object_list, on),
        "page": paged,
        "on": on,
    }
    return render(request, "staffing/matrix.html", context)


@login_required
@require_safe
def printed(request: SignedInRequest, code: str) -> HttpResponse:
    shown = card.of(code, timezone.localdate())
    if shown is None:
        raise Http404
    address = card.address(code, request.build_absolute_uri("/"))
    small = request.GET.get("size") == "a5"
    context = {"card": shown, "what": card.WHAT, "address": address, "qr": card.picture(address), "small": small}
    return render(request, "staffing/card.html", context)
