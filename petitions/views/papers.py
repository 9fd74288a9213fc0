"""Doors to meetings, briefings and tasks: their lists, their pages, and what may be done to each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions.forms.papers import PaperForm
from petitions.models import Briefing, Instruction
from petitions.paper_queues import timed
from petitions.papers import briefings
from petitions.papers.queues import TITLES, narrowed
from petitions.papers.rules import RULES, Paper
from petitions.papers.step import check
from petitions.views.rooms import ROOMS, surroundings

ON_A_PAGE = 30
FARTHEST_PAGE = 100


def find(request: SignedInRequest, kind: str, pk: int) -> Paper:
    room = ROOMS[kind]
    paper: Paper = get_object_or_404(room.model.objects.visible_to(request.user).select_related(*room.related), pk=pk)
    return paper


@never_cache
@login_required
@require_safe
def listing(request: SignedInRequest, kind: str) -> HttpResponse:
    user, at, held = request.user, timezone.now(), duties_of(request.user)
    tabs, chosen, papers = narrowed(kind, request.GET.get("facet", ""), user, at)
    page = Paginator(papers[: ON_A_PAGE * FARTHEST_PAGE], ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [timed(paper, at) for paper in page]
    context = {"kind": kind, "title": TITLES[kind], "tabs": tabs, "chosen": chosen, "page": page, "rows": rows}
    return render(request, "papers/list.html", context | {"row": f"papers/_row_{kind}.html", "duties": held})


@never_cache
@login_required
@require_safe
def detail(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    paper = find(request, kind, pk)
    if isinstance(paper, Briefing):
        briefings.read(paper, by=request.user, at=timezone.now())
    return show(request, kind, paper)


@never_cache
@login_required
def act(request: SignedInRequest, kind: str, pk: int, action: str) -> HttpResponse:
    """GET opens the action's form on the page, POST does it."""
    paper, rule = find(request, kind, pk), RULES[ROOMS[kind].model].get(action)
    if rule is None:
        raise Http404
    check(action, paper, by=request.user, at=timezone.now())
    posted = request.method == "POST"
    given = (request.POST, request.FILES) if posted else ()
    form = ROOMS[kind].forms.get(action, PaperForm)(*given, paper=paper, user=request.user)
    if posted and form.is_valid():
        form.take(action)
        messages.success(request, f"{rule.sentence}。")
        return redirect(f"/{kind}/{pk}/")
    status = 409 if form.stale else 422 if posted else 200
    return show(request, kind, paper, status=status, form=form, action=action, label=rule.label)


def show(request: SignedInRequest, kind: str, paper: Paper, *, status: int = 200, **more: Any) -> HttpResponse:
    at, room = timezone.now(), ROOMS[kind]
    around = room.around(paper, request.user, at) | surroundings(paper, request.user, at)
    context = {"kind": kind, "paper": paper, "at": at, "title": TITLES[kind], **around, **more}
    return render(request, room.template, context, status=status)


@require_GET
@never_cache
@login_required
def scan(request: SignedInRequest, pk: int) -> FileResponse:
    """The scan of an instruction, for who may read it."""
    instruction = get_object_or_404(Instruction.objects.visible_to(request.user).exclude(scan=""), pk=pk)
    try:
        file = instruction.scan.open("rb")
    except FileNotFoundError:
        raise Http404("扫描件不在存储中，请联系系统管理员从备份恢复。") from None
    response = FileResponse(file, as_attachment=True, filename=f"批示扫描件{instruction.pk}{_ending(instruction)}")
    response["Content-Type"] = instruction.scan_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _ending(instruction: Instruction) -> str:
    return {"application/pdf": ".pdf", "image/png": ".png"}.get(instruction.scan_type, ".jpg")
