"""How much was handed back, and who was right."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from petitions import handed_back, periods


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    at = timezone.now()
    said = request.GET.get("period", "30d")
    try:
        period, problem = periods.read(said, at), ""
    except periods.NotAPeriod as wrong:
        period, problem = periods.read("30d", at), str(wrong)
    month = timezone.localdate(at).replace(day=1)
    offered = ("30d", periods.month_of(at), f"{periods.month_before(month):%Y-%m}", f"{month:%Y}")
    context = {
        "at": at,
        "said": said,
        "problem": problem,
        "period": period,
        "tabs": [periods.read(words, at) for words in offered],
        "units": handed_back.of_units(request.user, period),
        "people": handed_back.of_dispatchers(request.user, period),
    }
    return render(request, "petitions/returns/page.html", context, status=422 if problem else 200)
