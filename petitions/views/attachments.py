"""A petition's file, for who may see the petition; saved by the browser, never shown inside it."""

from django.contrib.auth.decorators import login_required
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
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404("附件文件不在存储中，请联系系统管理员从备份恢复。") from None
    Access.objects.create(
        by=request.user,
        at=timezone.now(),
        kind=Access.Kind.DOWNLOAD,
        subject=f"{OF_PETITION}{petition.number}",
        field=attachment.name[:60],
        reason="查看附件",
    )
    response = FileResponse(file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
