"""Meetings, briefings and tasks over the API: to read, as far as the pages show them to the same person."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets

from petitions.models import Briefing, Instruction, Meeting, Task
from petitions.serializers.papers import BriefingSerializer, MeetingSerializer, TaskSerializer

ID = "[0-9]{1,9}"
TAGS = ["会议、呈阅与交办"]


@extend_schema_view(
    list=extend_schema(summary="会议列表", description="您能看到的联席会议和领导小组会议。", tags=TAGS),
    retrieve=extend_schema(summary="会议", tags=TAGS),
)
class MeetingViewSet(viewsets.ReadOnlyModelViewSet[Meeting]):
    queryset = Meeting.objects.none()  # tells the schema the model; every answer starts at `visible_to`
    serializer_class = MeetingSerializer
    lookup_value_regex = ID

    def get_queryset(self) -> Any:
        seen = Meeting.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return seen.select_related("convener").prefetch_related("topics__petition", "decisions__task")


@extend_schema_view(
    list=extend_schema(summary="呈阅件列表", description="您能看到的呈阅件，连同您能看到的批示。", tags=TAGS),
    retrieve=extend_schema(summary="呈阅件", tags=TAGS),
)
class BriefingViewSet(viewsets.ReadOnlyModelViewSet[Briefing]):
    queryset = Briefing.objects.none()
    serializer_class = BriefingSerializer
    lookup_value_regex = ID

    def get_queryset(self) -> Any:
        user: Any = self.request.user
        readable = Instruction.objects.visible_to(user).select_related("leader")
        words = Prefetch("instructions", readable, to_attr="readable")
        return Briefing.objects.visible_to(user).select_related("petition").prefetch_related(words)


@extend_schema_view(
    list=extend_schema(summary="交办事项列表", description="会议议定和领导批示交给单位的事，先到期的在前。", tags=TAGS),
    retrieve=extend_schema(summary="交办事项", tags=TAGS),
)
class TaskViewSet(viewsets.ReadOnlyModelViewSet[Task]):
    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    lookup_value_regex = ID

    def get_queryset(self) -> Any:
        related = ("unit", "decision__meeting", "instruction__briefing")
        seen = Task.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return seen.select_related(*related).prefetch_related("reports__by")
