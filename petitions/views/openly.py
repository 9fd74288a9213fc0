"""What everybody may read: published cases, and how the hotline does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from petitions import cases as published
from petitions import residents
from petitions import statistics as figures
from petitions.forms.openly import CasesForm
from petitions.models import Publication
from petitions.views.public import shown


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    form = CasesForm(request.GET)
    lines, page = published.listed(**form.asked(), **form.cursor())
    context = {"form": form, "lines": lines, "page": page, "query": form.query()}
    return shown(request, "petitions/public/cases.html", context)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    related = ("petition__item", "unit")
    one = get_object_or_404(Publication.objects.public().select_related(*related), pk=pk)
    where = residents.whereabouts(one.petition.place_id)
    return shown(request, "petitions/public/case.html", {"case": one, "where": where})


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    period = figures.period_of(request.GET.get("period", ""), at)
    context = {"told": figures.told(period, at), "periods": figures.links(period, at)}
    return shown(request, "petitions/public/statistics.html", context)
