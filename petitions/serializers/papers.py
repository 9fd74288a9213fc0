"""Meetings, briefings and tasks as they are read over the API; the words of a leader only by who may read them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from petitions.models import Briefing, Decision, Instruction, Meeting, Report, Task
from petitions.serializers.record import UnitNameSerializer


class PersonName(serializers.CharField):
    """Who it was, by name."""

    def to_representation(self, value: Any) -> str:
        return str(value)


class ReportSerializer(serializers.ModelSerializer[Report]):
    by = PersonName()

    class Meta:
        model = Report
        fields = ("kind", "at", "by", "text")


class TaskSerializer(serializers.ModelSerializer[Task]):
    unit = UnitNameSerializer()
    origin = serializers.SerializerMethodField(help_text="会议编号，或呈阅件编号")
    overdue = serializers.SerializerMethodField()
    reports = ReportSerializer(many=True)

    class Meta:
        model = Task
        fields = (
            *("id", "content", "standard", "unit", "origin", "assigned_at", "due_at", "overdue", "state"),
            *("done_at", "reports"),
        )
        extra_kwargs = {"state": {"help_text": "、".join(f"{value} {label}" for value, label in Task.State.choices)}}

    def get_origin(self, task: Task) -> str:
        if task.decision:
            return task.decision.meeting.number
        return task.instruction.briefing.number if task.instruction else ""

    def get_overdue(self, task: Task) -> bool:
        return task.is_overdue(timezone.now())


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    task = serializers.SerializerMethodField(help_text="交办事项的 id；没有交给单位的为空")

    class Meta:
        model = Decision
        fields = ("order", "content", "decided_at", "task")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_task(self, decision: Decision) -> int | None:
        return decision.task.pk if hasattr(decision, "task") else None


class MeetingSerializer(serializers.ModelSerializer[Meeting]):
    convener = PersonName()
    topics: Any = serializers.StringRelatedField(many=True)
    decisions = DecisionSerializer(many=True)

    class Meta:
        model = Meeting
        fields = (
            *("id", "number", "kind", "title", "convener", "held_at", "venue", "state", "dissent", "minuted_at"),
            *("next_review_on", "topics", "decisions"),
        )


class InstructionSerializer(serializers.ModelSerializer[Instruction]):
    leader = PersonName()

    class Meta:
        model = Instruction
        fields = ("leader", "at", "kind", "text", "due_at", "final_read_at")


class BriefingSerializer(serializers.ModelSerializer[Briefing]):
    petition: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    instructions = serializers.SerializerMethodField()

    class Meta:
        model = Briefing
        fields = (
            *("id", "number", "petition", "reason", "digest", "proposal", "duty", "raised_at", "state", "read_at"),
            *("concluded_at", "instructions"),
        )

    @extend_schema_field(InstructionSerializer(many=True))
    def get_instructions(self, briefing: Briefing) -> list[dict[str, Any]]:
        return list(InstructionSerializer(briefing.readable, many=True).data)  # type: ignore[attr-defined]
