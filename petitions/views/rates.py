"""The pages of rates: who keeps which promises, what each figure means, and what was left out of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import SignedInRequest
from petitions import choices, exclusions, ranking, rates, terms, workflow
from petitions.forms.exclusions import DecisionForm
from petitions.forms.rates import RatesForm
from petitions.models import Petition
from petitions.rates import GROUPS

ON_A_PAGE = 40


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    at = timezone.now()
    form, turned = RatesForm(request.GET, at=at), request.GET.get("page")
    context: dict[str, Any] = {"form": form, "at": at, "places": choices.area_options()}
    if form.is_valid():
        asked = form.asked()
        context |= {
            "asked": asked,
            "said": ranking.said(asked),
            "page": (leaf := Paginator(ranking.standings(request.user, asked, at), ON_A_PAGE).get_page(turned)),
            "lines": list(leaf),
            "total": ranking.total(request.user, asked, at),
            "heads": heads(request, asked),
            "tabs": [(label, link(request, by=name), name == asked.by) for name, (label, _) in GROUPS.items()],
            "left_out": exclusions.counted(request.user, asked.period),
            "query": request.GET.urlencode(),
        }
    return render(request, "petitions/rates/page.html", context, status=200 if form.is_valid() else 422)


def link(request: SignedInRequest, **changed: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def heads(request: SignedInRequest, asked: ranking.Asked) -> list[tuple[str, str, str]]:
    """Each column's name, the address sorted by it, and how it is sorted now."""
    found = []
    for name, label in ranking.SORTS.items():
        here = asked.sort == name
        found.append(
            (
                label,
                link(request, sort=name, order="rising" if here and asked.falling else "falling"),
                ("descending" if asked.falling else "ascending") if here else "",
            )
        )
    return found


@login_required
@require_safe
def definitions(request: SignedInRequest) -> HttpResponse:
    context = {
        "measures": rates.MEASURES.values(),
        "deductions": [(rates.MARKS[one.mark], one) for one in rates.DEDUCTIONS],
        "score": rates.SCORE,
        "odd_satisfied_from": terms.setting("odd_satisfied_from"),
        "odd_answered_below": terms.setting("odd_answered_below"),
    }
    return render(request, "petitions/rates/definitions.html", context)


@never_cache
@login_required
@require_safe
def left_out(request: SignedInRequest) -> HttpResponse:
    return render(request, "petitions/rates/left_out.html", exclusions.shown_to(request.user))


@never_cache
@login_required
@require_POST
def decide(request: SignedInRequest, number: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.visible_to(request.user), number=number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        shown = exclusions.shown_to(request.user, form=form, number=number)
        return render(request, "petitions/rates/left_out.html", shown, status=422)
    workflow.decide_exclusion(petition, by=request.user, **form.cleaned_data)
    messages.success(request, f"{number} 的剔除提议已复核。")
    return redirect("petitions:left_out")
