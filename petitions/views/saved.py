"""Narrowed lists kept under a name: saved from the form of the filters, and forgotten there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.signed_in import SignedInRequest
from petitions.forms.saved import SavingForm
from petitions.models import SavedFilter


@login_required
@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    form = SavingForm(request.POST, request=request)
    if not form.is_valid():
        for error in [error for errors in form.errors.values() for error in errors]:
            messages.error(request, str(error))
        return redirect("petitions:fields")
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    values = {"query": query, "saved_at": timezone.now()}
    SavedFilter.objects.update_or_create(user=request.user, name=name, defaults=values)
    messages.success(request, f"已存为“{name}”，在工作台和筛选里都能打开。")
    return redirect(f"{reverse('petitions:list')}?{query}")


@login_required
@require_POST
def forget(request: SignedInRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    saved.delete()
    messages.success(request, f"已去掉“{saved.name}”。")
    return redirect("petitions:fields")
