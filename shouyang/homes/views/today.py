from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from shouyang.homes import mark
from shouyang.homes.finding import sees_homes
from shouyang.homes.today import day
from shouyang.kept_page import kept_page


@never_cache
@login_required
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    user, at = request.user, timezone.now()
    on = timezone.localdate(at)
    sees_homes(user)
    return kept_page(
        request, "homes/today.html", mark.of_day(user, on), lambda: {"day": day(user, at), "at": at, "on": on}
    )
