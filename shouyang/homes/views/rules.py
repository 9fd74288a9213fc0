"""How often each colour is visited, and what that asks of a working day: shown before it is saved."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.signed_in import SignedInRequest
from grids import visit_clocks, workflow, workload
from grids.models import VisitRule
from grids.permissions import READERS_OF_RULES, may_rule
from grids.scope import holds, places_of
from grids.workload import Load
from petitions import choices
from shouyang.homes.capping import cap, change_cap
from shouyang.homes.rules_form import RulesForm


@never_cache
@login_required
def page(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *READERS_OF_RULES):
        raise Http404
    if request.method == "POST" and not may_rule(request.user):
        raise PermissionDenied
    rules = visit_clocks.rules()
    form = RulesForm(rules, cap(), request.POST if request.method == "POST" else None)
    sent = request.method == "POST"
    if sent and form.valid and request.POST.get("do") == "save":
        return _save(request, form)
    asked = (form.rules(), form.cap.cleaned_data["cap"]) if sent and form.valid else None
    now, then = loads(request.user, (rules, cap()), asked)
    context = {"form": form, "edits": may_rule(request.user), "now": now, "then": then, "rules": rules.values()}
    return render(request, "homes/rules.html", context, status=422 if sent and not form.valid else 200)


def loads(
    user: User, now: tuple[Mapping[str, VisitRule], int], asked: tuple[Mapping[str, VisitRule], int] | None
) -> tuple[Load, Load | None]:
    """As it is and as it would be, over the places that she answers for; counted once for both."""
    within = places_of(user, *READERS_OF_RULES)
    counted, workers = workload.counts(within), workload.workers_of(timezone.localdate(), within)
    names = {code: place.name for code, place in choices.places().items() if len(code) == 15}
    as_it_is = workload.load(now[0], counted, workers, names, now[1])
    return as_it_is, workload.load(asked[0], counted, workers, names, asked[1]) if asked else None


def _save(request: SignedInRequest, form: RulesForm) -> HttpResponse:
    changed = workflow.change_rules(form.rules().values(), by=request.user)
    change_cap(form.cap.cleaned_data["cap"], by=request.user)
    said = "、".join(f"{rule.get_colour_display()}色户" for rule in changed) or "没有改动走访频次"
    messages.success(request, f"走访规则已保存（{said}）。已经约定的走访日不变，新规则从下一次走访起算。")
    return redirect("homes:rules")
