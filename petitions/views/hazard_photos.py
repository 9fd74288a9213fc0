"""The photos of a hazard, for who may see the hazard. They were drawn here, so a browser may show them."""

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pictures import thumb
from accounts.signed_in import SignedInRequest
from grids.models import Hazard, HazardPhoto
from grids.models.hazard_photo import HazardPhotoQuerySet
from grids.workflow import unphotographing
from petitions import patrols
from petitions.forms.hazards import RemovePhotoForm
from petitions.views.attachments import handed_over, looked, opened

JPEG = "image/jpeg"


@never_cache
@login_required
@require_safe
def whole(request: SignedInRequest, pk: int, photo: int) -> FileResponse:
    one = _find(request, pk, photo)
    file = opened(one.file)
    looked(request, f"hazard:{pk}", one.name, "查看隐患照片")
    return handed_over(file, one.name, JPEG, as_attachment=False)


@never_cache
@login_required
@require_safe
def small(request: SignedInRequest, pk: int, photo: int) -> FileResponse:
    """As it stands on the page of its hazard."""
    one = _find(request, pk, photo)
    with opened(one.file) as file:
        return handed_over(io.BytesIO(thumb(file)), one.name, JPEG, as_attachment=False)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def remove(request: SignedInRequest, pk: int, photo: int) -> HttpResponse:
    """A page of its own: it shows once more which one, and asks why."""
    one = get_object_or_404(_of(request, pk), pk=photo)
    if not unphotographing.may_remove(request.user, one, one.event.hazard):
        raise PermissionDenied
    form = RemovePhotoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unphotographing.remove_photo(one, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "照片已删除，经过里留有记录。")
        return redirect("hazards:one", pk)
    waits = unphotographing.why_not(request.user, one, one.event.hazard)
    crumbs = [
        ("隐患排查", reverse("hazards:list")),
        (f"隐患 {pk}", reverse("hazards:one", args=[pk])),
        ("删除照片", ""),
    ]
    context = {"photo": one, "form": form, "waits": waits, "crumbs": crumbs, "copies": patrols.copies_of(one)}
    return render(request, "hazards/photo_remove.html", context, status=422 if form.errors else 200)


def _find(request: SignedInRequest, pk: int, photo: int) -> HazardPhoto:
    return get_object_or_404(_of(request, pk).standing(), pk=photo)


def _of(request: SignedInRequest, pk: int) -> HazardPhotoQuerySet:
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user), pk=pk)
    return HazardPhoto.objects.filter(event__hazard=hazard).select_related("event__hazard__item", "event__by")
