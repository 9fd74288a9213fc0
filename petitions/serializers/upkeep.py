"""The shapes of the desk's upkeep: entries of the knowledge base, ready words, shift notes, many to one unit."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from petitions.forms.bulk import AT_ONCE, BulkForm
from petitions.forms.knowledge import MOST_ITEMS, EntryForm
from petitions.forms.shifts import MOST_PETITIONS, HandoverForm
from petitions.forms.templates import TemplateForm
from petitions.models import Entry, Handover, Template
from petitions.serializers.papers import PersonName
from petitions.serializers.record import NamedSerializer, UnitNameSerializer
from petitions.serializers.shapes import LONGEST_NAME, shape_of


class Listed(serializers.ListField):
    """A list in JSON, one line of words in the form."""

    child = serializers.CharField(max_length=LONGEST_NAME)

    def to_internal_value(self, data: Any) -> Any:
        return "、".join(super().to_internal_value(data))


class EntrySerializer(serializers.ModelSerializer[Entry]):
    items = NamedSerializer(many=True)
    in_force = serializers.SerializerMethodField(help_text="今天能不能引用")
    written_by = PersonName()
    checked_by = PersonName(allow_null=True)
    ended_by = PersonName(allow_null=True)

    class Meta:
        model = Entry
        fields = (
            *("id", "title", "text", "items", "source", "valid_from", "valid_until", "in_force", "written_at"),
            *("written_by", "checked_at", "checked_by", "replaces", "ended_at", "ended_by", "ended_why"),
        )

    def get_in_force(self, entry: Entry) -> bool:
        return entry.in_force(timezone.localdate())


class EntryWords(shape_of("EntryWords", EntryForm)):  # type: ignore[misc]
    version = None
    items = Listed(required=False, max_length=MOST_ITEMS, help_text="事项编码；不填则各事项通用")


class EndWords(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=200, help_text="停用理由")


class TemplateSerializer(serializers.ModelSerializer[Template]):
    item = NamedSerializer(allow_null=True)
    unit = UnitNameSerializer(allow_null=True, help_text="仅此单位使用")
    whose = serializers.CharField(help_text="谁可以用")
    written_by = PersonName()

    class Meta:
        model = Template
        fields = ("id", "title", "action", "item", "text", "whose", "unit", "written_by", "written_at")
        extra_kwargs = {"action": {"help_text": "用在哪个动作"}}


class TemplateWords(shape_of("TemplateWords", TemplateForm)):  # type: ignore[misc]
    version = None
    whose = serializers.CharField(max_length=20, help_text="mine 仅自己，centre 全市通用，或本单位的 id")


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    petitions: Any = serializers.SlugRelatedField("number", many=True, read_only=True, help_text="工单编号")
    written_by = PersonName()
    read_by = PersonName(allow_null=True)

    class Meta:
        model = Handover
        fields = ("id", "on", "shift", "text", "petitions", "written_at", "written_by", "read_at", "read_by")


class HandoverWords(shape_of("HandoverWords", HandoverForm)):  # type: ignore[misc]
    version = None
    petitions = Listed(required=False, max_length=MOST_PETITIONS, help_text="未了的工单编号")


class ManyLine(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=20)
    version = serializers.IntegerField(required=False, min_value=0, help_text="读取时的版本；此后有人办理过的不派")


class ManyWords(shape_of("ManyWords", BulkForm)):  # type: ignore[misc]
    version = None
    petitions = serializers.ListField(child=ManyLine(), min_length=1, max_length=AT_ONCE)
    dry_run = serializers.BooleanField(default=False, help_text="只看会怎样，一件也不派")


class OutcomeSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(source="petition.number")
    goes = serializers.BooleanField(help_text="派了（试算时：会派）")
    said = serializers.CharField(help_text="派给谁，或为什么没有派")
