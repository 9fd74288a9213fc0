"""The cards of the last weeks, unit by unit; the centre's director may take one back, with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.models import Duty
from grids.scope import holds
from petitions import cards, workflow
from petitions.forms.cards import CardFilter, WithdrawCardForm
from petitions.step import check

ON_A_PAGE = 50


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    asked = CardFilter(request.GET)
    found = cards.visible_to(request.user, timezone.now())
    shown = Paginator(asked.narrow(found), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": asked,
        "page": shown,
        "units": cards.by_unit(found),
        "withdraws": holds(request.user, Duty.CENTRE_DIRECTOR),
    }
    return render(request, "petitions/cards.html", context)


@never_cache
@login_required
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(cards.visible_to(request.user, timezone.now()), pk=pk)
    check("withdraw_card", card.petition, by=request.user, at=timezone.now())
    form = WithdrawCardForm(request.POST or None, auto_id="do_%s")
    if request.method == "POST" and form.is_valid():
        workflow.withdraw_card(card, by=request.user, **form.cleaned_data)
        messages.success(request, f"{card.petition.number} 的{card.effect_label}已撤销，理由已记录在经过里。")
        return redirect("petitions:cards")
    context = {"form": form, "card": card}
    return render(request, "petitions/card_withdraw.html", context, status=422 if form.errors else 200)
