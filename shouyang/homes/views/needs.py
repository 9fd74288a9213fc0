"""The list of needs and wishes, of those who work with the homes that have them."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.masking import mask_numbers
from accounts.signed_in import SignedInRequest
from grids.models import Need
from shouyang.homes.finding import sees_homes
from shouyang.homes.listing import places_to_narrow
from shouyang.homes.need_list import Asked, counts

ON_A_PAGE = 30


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    sees_homes(request.user)
    asked = Asked.read(request.GET)
    needs = asked.narrowed(request.user)
    turned = Paginator(asked.listed(needs), ON_A_PAGE).get_page(request.GET.get("page"))
    counted = counts(needs)
    context = {
        "page": turned,
        "rows": [(need, mask_numbers(need.words), mask_numbers(need.answer)) for need in turned],
        "tabs": [
            (label, f"?{urlencode({'facet': state, **asked.kept()})}", counted[state], state == asked.state)
            for state, label in Need.State.choices
        ],
        "asked": asked,
        "kinds": Need.Kind.choices,
        "places": places_to_narrow(request.user),
    }
    return render(request, "homes/needs.html", context)
