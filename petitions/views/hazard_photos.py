"""The photos of a hazard, for who may see the hazard. They were drawn here, so a browser may show them."""

import io

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pictures import thumb
from accounts.signed_in import SignedInRequest
from grids.models import Hazard, HazardPhoto
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


def _find(request: SignedInRequest, pk: int, photo: int) -> HazardPhoto:
    hazard = get_object_or_404(Hazard.objects.visible_to(request.user), pk=pk)
    return get_object_or_404(HazardPhoto.objects.filter(event__hazard=hazard).select_related("event"), pk=photo)
