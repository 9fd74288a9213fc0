"""The caller-back's page: whose turn it is, what to say, the three answers; and a link for who would rather write."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.masking import mask_name, mask_phone
from accounts.models import Access
from accounts.models.access import OF_PETITION
from accounts.signed_in import SignedInRequest
from grids.scope import holds
from petitions import call_queue, links, workflow
from petitions.forms.actions import CallBackForm
from petitions.models import Petition
from petitions.permissions import CALLERS_BACK, sees_identity


@never_cache
@login_required
def page(request: SignedInRequest) -> HttpResponse:
    """GET shows the next one, or the one that the address names; POST shows her phone number, on record."""
    return _show(request, request.GET.get("number", ""), unmasked=request.method == "POST")


@never_cache
@login_required
@require_POST
def invite(request: SignedInRequest, number: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.visible_to(request.user), number=number)
    link, token = workflow.invite(petition, by=request.user)
    message = "" if link.next_try_at else links.words_of(link, token, site=request.build_absolute_uri("/"))
    return _show(request, number, message=message)


def _show(request: SignedInRequest, number: str, *, unmasked: bool = False, message: str = "") -> HttpResponse:
    user, at = request.user, timezone.now()
    if not holds(user, *CALLERS_BACK.duties):
        raise PermissionDenied
    now, later, turn = call_queue.turns_of(user, at, number)
    context: dict[str, Any] = {"now": now, "later": later, "turn": turn, "message": message, "at": at}
    if turn is not None:
        if unmasked and sees_identity(user, turn.petition):
            subject, reason = f"{OF_PETITION}{turn.petition.number}", "回访诉求人"
            Access.objects.create(
                by=user, at=at, kind=Access.Kind.UNMASK, subject=subject, field="联系电话", reason=reason
            )
        context |= _about(request, turn, unmasked)
    return render(request, "petitions/callbacks/page.html", context)


def _about(request: SignedInRequest, turn: call_queue.Turn, unmasked: bool) -> dict[str, Any]:
    petition, known = turn.petition, sees_identity(request.user, turn.petition)
    worked_on = petition.merged_into or petition
    phone = petition.caller_phone if unmasked else mask_phone(petition.caller_phone)
    return {
        "form": CallBackForm(petition=petition),
        "script": call_queue.script(),
        "caller": (mask_name(petition.caller_name) or "匿名") if known else "保密",
        "phone": (phone or "没有留电话") if known else "保密",
        "may_unmask": known and bool(petition.caller_phone) and not unmasked,
        "main": petition.merged_into,
        "link": petition.answer_links.filter(round=petition.redo_count + 1).order_by("-id").first(),
        "done": worked_on.dispatches.filter(replied_at__isnull=False).order_by("-id").first(),
    }
