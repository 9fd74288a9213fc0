"""The door to what may be taken along: the homes of one grid."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.exports import grids_of
from grids.permissions import KEEPERS
from grids.scope import holds


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *KEEPERS):
        raise Http404
    return render(request, "homes/exporting.html", {"grids": grids_of(request.user).defer("boundary")})
