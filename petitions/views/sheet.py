"""The petition on paper: 《市民热线承办单》, as much of it as the one who prints it may see."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from petitions.dossier import open_dossier
from petitions.views.petition import find


@never_cache
@login_required
@require_safe
def printed(request: SignedInRequest, number: str) -> HttpResponse:
    petition, at = find(request, number), timezone.now()
    dossier = open_dossier(petition, to=request.user, at=at)
    return render(request, "petitions/sheet.html", {"dossier": dossier, "petition": petition, "at": at})
