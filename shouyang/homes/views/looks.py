"""The supervisor's page of looks: who, when, whose, which field, and why."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.masking import mask_name, mask_numbers
from accounts.signed_in import SignedInRequest
from grids.scope import holds
from petitions import keyset
from shouyang.homes.finding import sees_homes
from shouyang.homes.looks import SUPERVISORS, homes_of, looks

ON_A_PAGE = 50
NEWEST = keyset.Order("at", "id", newest_first=True)


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    sees_homes(request.user)
    if not holds(request.user, *SUPERVISORS):
        raise PermissionDenied
    turned = keyset.page(looks(request.user), NEWEST, after=request.GET.get("after", ""), size=ON_A_PAGE)
    homes = homes_of(turned.rows)
    rows = [_row(row, homes.get(row["subject"])) for row in turned.rows]
    return render(request, "homes/looks.html", {"rows": rows, "turned": turned})


def _row(row: dict[str, Any], home: Any) -> tuple[dict[str, Any], Any, str, str]:
    """A field of the home itself is nobody's."""
    whose = mask_name(home.called) if home and row["resident"] else ""
    return row, home, whose, mask_numbers(row["reason"])
