"""The desk's upkeep over the API, through the same forms and verbs as its pages."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from grids.models import Duty
from grids.scope import duties_of, holds
from petitions import bulk, knowledge, workflow
from petitions.api import refuse_unless_valid
from petitions.forms.bulk import BulkForm
from petitions.forms.knowledge import EndForm, EntryForm
from petitions.forms.shifts import HandoverForm
from petitions.forms.templates import TemplateForm
from petitions.models import Entry, Handover, Template
from petitions.models.entry import ENTRY_WRITERS
from petitions.models.handover import ON_SHIFT
from petitions.models.template import TEMPLATE_READERS
from petitions.serializers.headers import person
from petitions.serializers.upkeep import (
    EndWords,
    EntrySerializer,
    EntryWords,
    HandoverSerializer,
    HandoverWords,
    ManyWords,
    OutcomeSerializer,
    TemplateSerializer,
    TemplateWords,
)

ID = "[0-9]{1,9}"
KNOWLEDGE, TEMPLATES, SHIFTS = ["知识库"], ["答复模板"], ["交接班"]


class Kept(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """What the three have in common: whoever may see them lists them and looks at one."""

    lookup_value_regex = ID

    def one(self, pk: Any) -> Any:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def told(self, pk: Any, status: int = 200) -> Response:
        return Response(self.get_serializer(self.one(pk)).data, status=status)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.told(pk)

    def only(self, *duties: str) -> None:
        if not duties_of(person(self.request)) & set(duties):
            raise PermissionDenied


def said(shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    words = shape(data=request.data)
    words.is_valid(raise_exception=True)
    return dict(words.validated_data)


class EntryFilter(django_filters.FilterSet):
    tab = django_filters.ChoiceFilter(
        choices=[pair for pair in knowledge.TABS.items() if pair[0]], method="skip", help_text="不填为在用的"
    )
    q = django_filters.CharFilter(method="worded", max_length=60, help_text="标题、口径、出处里的字")
    item = django_filters.CharFilter(field_name="items__code", help_text="事项编码")

    def filter_queryset(self, queryset: Any) -> Any:
        tab = self.form.cleaned_data.get("tab") or ""
        return super().filter_queryset(knowledge.of_tab(queryset, tab, timezone.localdate()))

    def skip(self, entries: Any, name: str, value: str) -> Any:
        return entries

    def worded(self, entries: Any, name: str, words: str) -> Any:
        return entries.with_words(words)


@extend_schema_view(
    list=extend_schema(summary="知识库", description="在用的条目；直接答复须引用其中一条。", tags=KNOWLEDGE),
    retrieve=extend_schema(summary="知识条目", tags=KNOWLEDGE),
)
class EntryViewSet(Kept):
    queryset = Entry.objects.none()  # tells the schema the model; every answer starts at `visible_to`
    serializer_class = EntrySerializer
    filterset_class = EntryFilter

    def get_queryset(self) -> Any:
        seen = Entry.objects.visible_to(person(self.request))
        return seen.select_related("written_by", "checked_by", "ended_by").prefetch_related("items")

    @extend_schema(
        summary="拟一条知识",
        description="另一个人核对以后生效。",
        tags=KNOWLEDGE,
        request=EntryWords,
        responses={201: EntrySerializer},
    )
    def create(self, request: Request) -> Response:
        return self._write(request, None)

    @extend_schema(
        summary="改写知识条目",
        description="新的一条经核对后取代它。",
        tags=KNOWLEDGE,
        request=EntryWords,
        responses={201: EntrySerializer},
    )
    @action(detail=True, methods=["post"])
    def rewrite(self, request: Request, pk: str) -> Response:
        return self._write(request, self.one(pk))

    @extend_schema(summary="核对知识条目", description="拟稿人自己不能核对。", tags=KNOWLEDGE, request=None)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        workflow.check_entry(self.one(pk), by=person(request), at=timezone.now())
        return self.told(pk)

    @extend_schema(summary="停用知识条目", tags=KNOWLEDGE, request=EndWords)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        entry, form = self.one(pk), EndForm(said(EndWords, request))
        refuse_unless_valid(form)
        workflow.end_entry(entry, by=person(request), at=timezone.now(), **form.cleaned_data)
        return self.told(pk)

    def _write(self, request: Request, entry: Entry | None) -> Response:
        self.only(*ENTRY_WRITERS)
        form = EntryForm(said(EntryWords, request))
        refuse_unless_valid(form)
        at = timezone.now()
        written = workflow.write_entry(**form.cleaned_data, by=person(request), at=at, instead_of=entry)
        return self.told(written.pk, status=201)


@extend_schema_view(
    list=extend_schema(summary="答复模板", description="您可以选用的：自己的、本单位的和全市通用的。", tags=TEMPLATES),
    retrieve=extend_schema(summary="一条答复模板", tags=TEMPLATES),
)
class TemplateViewSet(Kept):
    queryset = Template.objects.none()
    serializer_class = TemplateSerializer
    filterset_fields = ("action",)

    def get_queryset(self) -> Any:
        return Template.objects.visible_to(person(self.request)).select_related("item", "unit", "owner", "written_by")

    @extend_schema(summary="写一条答复模板", tags=TEMPLATES, request=TemplateWords, responses={201: TemplateSerializer})
    def create(self, request: Request) -> Response:
        return self._write(request, None, status=201)

    @extend_schema(summary="改答复模板", tags=TEMPLATES, request=TemplateWords)
    @action(detail=True, methods=["post"])
    def rewrite(self, request: Request, pk: str) -> Response:
        return self._write(request, self.one(pk))

    @extend_schema(summary="停用答复模板", tags=TEMPLATES, request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        workflow.end_template(self.one(pk), by=person(request), at=timezone.now())
        return Response(status=204)

    def _write(self, request: Request, template: Template | None, status: int = 200) -> Response:
        self.only(*TEMPLATE_READERS)
        by = person(request)
        form = TemplateForm(said(TemplateWords, request), user=by, template=template)
        refuse_unless_valid(form)
        written = workflow.write_template(template, **form.said(), by=by, at=timezone.now())
        return self.told(written.pk, status=status)


@extend_schema_view(
    list=extend_schema(summary="交接班记录", description="新的在前。", tags=SHIFTS),
    retrieve=extend_schema(summary="一班的交接", tags=SHIFTS),
)
class HandoverViewSet(Kept):
    queryset = Handover.objects.none()
    serializer_class = HandoverSerializer

    def get_queryset(self) -> Any:
        seen = Handover.objects.visible_to(person(self.request))
        return seen.select_related("written_by", "read_by").prefetch_related("petitions")

    @extend_schema(
        summary="交班",
        description="每班一份。",
        tags=SHIFTS,
        request=HandoverWords,
        responses={201: HandoverSerializer},
    )
    def create(self, request: Request) -> Response:
        self.only(*ON_SHIFT)
        by = person(request)
        form = HandoverForm(said(HandoverWords, request), user=by)
        refuse_unless_valid(form)
        return self.told(workflow.hand_over(**form.cleaned_data, by=by, at=timezone.now()).pk, status=201)

    @extend_schema(summary="接班", description="须由交班人以外的人签。", tags=SHIFTS, request=None)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        workflow.take_over(self.one(pk), by=person(request), at=timezone.now())
        return self.told(pk)


class ManyView(APIView):
    @extend_schema(
        operation_id="petitions_dispatch_many",
        summary="批量派单",
        description="逐件派给同一个单位，一件不成不妨碍其余；每件单独答复。dry_run 只试算。",
        tags=["诉求办理"],
        request=ManyWords,
        responses=OutcomeSerializer(many=True),
    )
    def post(self, request: Request) -> Response:
        by, at = person(request), timezone.now()
        if not holds(by, Duty.DISPATCHER):
            raise PermissionDenied
        words = said(ManyWords, request)
        form = BulkForm(_as_sent(words), user=by)
        refuse_unless_valid(form)
        chosen, to = form.cleaned_data["petitions"], form.cleaned_data["to"]
        if words["dry_run"]:
            lines = bulk.would_dispatch(chosen, to, by=by, at=at)
        else:
            opinion = form.cleaned_data["opinion"]
            lines = bulk.dispatch_each(chosen, to, opinion=opinion, by=by, at=at, seen=form.seen)
        return Response(OutcomeSerializer(lines, many=True).data)


def _as_sent(words: dict[str, Any]) -> QueryDict:
    """What the page would have sent."""
    data = QueryDict(mutable=True)
    data.update({"to": words["to"], "opinion": words.get("opinion", "")})
    data.setlist("number", [one["number"] for one in words["petitions"]])
    for one in words["petitions"]:
        data[f"seen-{one['number']}"] = str(one.get("version", ""))
    return data
