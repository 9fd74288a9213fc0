"""A petition's file, for who may see the petition; saved by the browser, never shown inside it."""

from typing import IO

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import Access
from accounts.models.access import OF_PETITION
from accounts.signed_in import SignedInRequest
from petitions.models import Petition


@require_GET
@never_cache
@login_required
def download(request: SignedInRequest, number: str, pk: int) -> FileResponse:
    petition = get_object_or_404(Petition.objects.visible_to(request.user), number=number)
    attachment = get_object_or_404(petition.attachments, pk=pk)
    file = opened(attachment.file)
    looked(request, f"{OF_PETITION}{petition.number}", attachment.name, "查看附件")
    return handed_over(file, attachment.name, attachment.content_type, as_attachment=True)


def opened(file: FieldFile) -> IO[bytes]:
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise Http404("附件文件不在存储中，请联系系统管理员从备份恢复。") from None


def looked(request: SignedInRequest, subject: str, name: str, why: str) -> None:
    kind, at = Access.Kind.DOWNLOAD, timezone.now()
    Access.objects.create(by=request.user, at=at, kind=kind, subject=subject, field=name[:60], reason=why)


def handed_over(file: IO[bytes], name: str, content_type: str, *, as_attachment: bool) -> FileResponse:
    """Nothing in it is run, whatever it is."""
    response = FileResponse(file, as_attachment=as_attachment, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
