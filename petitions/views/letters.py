"""Official papers on paper: to print, and as a DOCX."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest
from petitions.documents import docx_of
from petitions.models import Briefing, Meeting, SupervisionNotice
from petitions.papers import letters, minutes
from petitions.papers.letters import Letter
from petitions.papers.rules import Paper
from petitions.views.papers import find

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def letter_of(paper: Paper, request: SignedInRequest) -> Letter:
    match paper:
        case Meeting():
            return minutes.of_meeting(paper)
        case Briefing():
            return minutes.of_briefing(paper, request.user)
        case SupervisionNotice():
            return letters.of(paper)
    raise TypeError(f"{paper!r} is no letter")


@never_cache
@login_required
@require_safe
def printed(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    letter = letter_of(find(request, kind, pk), request)
    return render(request, "papers/print.html", {"letter": letter, "back": f"/{kind}/{pk}/"})


@never_cache
@login_required
@require_safe
def docx(request: SignedInRequest, kind: str, pk: int) -> FileResponse:
    letter = letter_of(find(request, kind, pk), request)
    response = FileResponse(docx_of(letter), content_type=TYPE)
    name = quote(f"{letter.kind}-{letter.number}.docx")
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{name}"
    return response
