"""The card of a grid, for whoever scanned the code that hangs in the stairwell."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grids import card
from petitions.views.public import shown


@require_safe
def grid(request: HttpRequest, code: str) -> HttpResponse:
    found = card.of(code, timezone.localdate())
    if found is None:
        raise Http404
    address = card.address(code, request.build_absolute_uri("/"))
    context = {"card": found, "what": card.WHAT, "address": address, "qr": card.picture(address)}
    return shown(request, "petitions/public/grid.html", context)
