"""From the queue 待派单: several at once to one unit; first what would happen, then what did."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.signed_in import SignedInRequest
from grids.models import Duty
from grids.scope import holds
from petitions import bulk, choices
from petitions.facets import FACETS
from petitions.forms.bulk import AT_ONCE, BulkForm
from petitions.models import Petition


@never_cache
@login_required
def page(request: SignedInRequest) -> HttpResponse:
    """GET offers the queue; POST shows what would happen, and with `do` does it."""
    if not holds(request.user, Duty.DISPATCHER):
        raise Http404
    form = BulkForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _offer(request, form)
    said, at = form.cleaned_data, timezone.now()
    context = {"form": form, "to": said["to"], "opinion": said["opinion"], "done": "do" in request.POST}
    if context["done"]:
        words = {"opinion": said["opinion"], "seen": form.seen}
        context["lines"] = bulk.dispatch_each(said["petitions"], said["to"], by=request.user, at=at, **words)
    else:
        context["lines"] = bulk.would_dispatch(said["petitions"], said["to"], by=request.user, at=at)
    context["go"] = sum(line.goes for line in context["lines"])
    return render(request, "petitions/bulk/lines.html", context)


def _offer(request: SignedInRequest, form: BulkForm) -> HttpResponse:
    item = choices.items().get(request.GET.get("item", ""))
    waiting = Petition.objects.visible_to(request.user).filter(FACETS["awaiting_dispatch"].where(timezone.now()))
    if item:
        waiting = waiting.filter(item=item)
    context = {
        "form": form,
        "petitions": waiting.for_list().order_by("registered_at", "id")[:AT_ONCE],
        "item": item,
        "items": sorted(choices.items().values(), key=lambda one: one.code),
        "at_once": AT_ONCE,
    }
    return render(request, "petitions/bulk/choose.html", context, status=422 if form.errors else 200)
