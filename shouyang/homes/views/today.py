from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from shouyang.homes.finding import sees_homes
from shouyang.homes.today import day


@never_cache
@login_required
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    sees_homes(request.user)
    at = timezone.now()
    return render(request, "homes/today.html", {"day": day(request.user, at), "at": at})
