"""The search box of the shell: a home first, for those who may see homes; then petitions, as everybody finds them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.signed_in import SignedInRequest
from grids import lookup
from grids.models import OF_HOMES
from grids.scope import holds
from petitions.views.search import search as petitions
from shouyang.homes.listing import page_of


@never_cache
@login_required
def search(request: SignedInRequest) -> HttpResponse:
    words = "".join(c for c in request.GET.get("q", "") if c.isprintable()).strip()[:60]
    if "petitions" in request.GET or not holds(request.user, *OF_HOMES):
        return petitions(request)
    looked = lookup.exactly(words, request.user)
    rows, _ = page_of(looked.homes, timezone.localdate()) if looked else ([], "")
    if looked and looked.by_document and len(rows) != 1:  # every page says back what stands in its search box
        messages.info(request, f"没有按{looked.by}查到户，请核对。")
        return redirect("homes:list")
    if not looked or not rows:
        return petitions(request)
    if looked.by_document or words[:1] in "Hh":
        return redirect("homes:home", rows[0].pk)
    return render(request, "homes/found.html", {"rows": rows, "by": looked.by, "words": words})
