"""The catalogue of what is collected, for those who collect it and those who look after them."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from grids.models import OF_HOMES, CollectedField, Duty
from grids.scope import holds


@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    if not holds(request.user, *OF_HOMES, Duty.AUDITOR):
        raise Http404
    fields = CollectedField.objects.all()
    subjects = [(CollectedField.SUBJECTS[name], list(some)) for name, some in groupby(fields, lambda one: one.subject)]
    return render(request, "homes/fields.html", {"subjects": subjects})
