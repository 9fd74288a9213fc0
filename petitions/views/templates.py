"""Ready words for replies: found, written, put aside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import SignedInRequest
from grids.scope import duties_of
from petitions import workflow
from petitions.forms.templates import TemplateForm
from petitions.models import Template
from petitions.models.template import TEMPLATE_READERS

SHOWN = 300


@never_cache
@login_required
@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    _readers_only(request)
    action = request.GET.get("action", "") if request.GET.get("action") in Template.Action else ""
    found = Template.objects.visible_to(request.user).select_related("item", "unit", "owner", "written_by")
    templates = found.of_action(action)[:SHOWN]
    kept = [(one, workflow.may_keep(request.user, owner=one.owner, unit=one.unit)) for one in templates]
    context = {"templates": kept, "action": action, "actions": Template.Action.choices, "shown": SHOWN}
    return render(request, "petitions/templates/page.html", context)


@never_cache
@login_required
def write(request: SignedInRequest) -> HttpResponse:
    _readers_only(request)
    return _writing(request, None)


@never_cache
@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _writing(request, _find(request, pk))


@never_cache
@login_required
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    template = _find(request, pk)
    workflow.end_template(template, by=request.user, at=timezone.now())
    messages.success(request, f"已停用模板“{template.title}”。")
    return redirect("petitions:templates")


def _writing(request: SignedInRequest, template: Template | None) -> HttpResponse:
    form = TemplateForm(request.POST or None, user=request.user, template=template)
    if request.method == "POST" and form.is_valid():
        workflow.write_template(template, **form.said(), by=request.user, at=timezone.now())
        messages.success(request, f"已保存模板“{form.cleaned_data['title']}”，办理时可以选用。")
        return redirect("petitions:templates")
    context = {"template": template, "form": form}
    return render(request, "petitions/templates/edit.html", context, status=422 if form.errors else 200)


def _find(request: SignedInRequest, pk: int) -> Template:
    found = Template.objects.visible_to(request.user).select_related("item", "unit", "owner")
    template = get_object_or_404(found, pk=pk)
    if not workflow.may_keep(request.user, owner=template.owner, unit=template.unit):
        raise PermissionDenied
    return template


def _readers_only(request: SignedInRequest) -> None:
    if not duties_of(request.user) & set(TEMPLATE_READERS):
        raise Http404
