"""The shape of a petition as it is read: a row of a list, and everything one person may see of one petition."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from petitions import timeline
from petitions.dossier import Dossier
from petitions.models import Attachment, Callback, Channel, Clock, Dispatch, Petition, Return
from petitions.serializers.shapes import FieldShapeSerializer, needs
from petitions.timeleft import TimeLeft, due_of, time_left


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = ("code", "name", "active")


class NamedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class UnitNameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class DueSerializer(serializers.Serializer[TimeLeft]):
    promise = serializers.CharField(help_text="哪项承诺，如“签收”")
    due_at = serializers.DateTimeField(help_text="到期时刻")
    left = serializers.CharField(source="words", help_text="还剩多久，或超期多久")
    tone = serializers.ChoiceField(choices=["green", "blue", "yellow", "red"], help_text="颜色")


class PetitionRowSerializer(serializers.ModelSerializer[Petition]):
    """The caller is not among the fields: a list shows nobody's name or number."""

    status_label = serializers.CharField(source="get_status_display", read_only=True)
    item = NamedSerializer(read_only=True)
    place = NamedSerializer(read_only=True)
    unit = UnitNameSerializer(read_only=True, allow_null=True)
    due = serializers.SerializerMethodField(help_text="最先到期的承诺")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Petition
        fields: tuple[str, ...] = (
            "number",
            "title",
            "status",
            "status_label",
            "channel",
            "nature",
            "item",
            "urgency",
            "tags",
            "place",
            "unit",
            "redo_count",
            "registered_at",
            "concluded_at",
            "archive_number",
            "version",
            "due",
            "url",
        )
        read_only_fields = fields

    @extend_schema_field(DueSerializer(allow_null=True))
    def get_due(self, petition: Petition) -> Any:
        left = self.context["due"].get(petition.pk)
        return DueSerializer(left).data if left else None

    @extend_schema_field(serializers.URLField())
    def get_url(self, petition: Petition) -> str:
        return self._absolute("petition-detail", petition.number)

    def _absolute(self, name: str, *args: object) -> str:
        return str(self.context["request"].build_absolute_uri(reverse(f"api:{name}", args=args)))


class CallerFieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    words = serializers.CharField(help_text="已脱敏；要求保密的对无权知悉者显示“保密”")


class ClockSerializer(serializers.ModelSerializer[Clock]):
    unit = UnitNameSerializer(read_only=True, allow_null=True)
    amount = serializers.IntegerField(help_text="时长")

    class Meta:
        model = Clock
        fields = ("promise", "unit", "amount", "span", "started_at", "due_at", "provisional", "stopped_at")


class PromisedSerializer(serializers.Serializer[Any]):
    label = serializers.CharField(help_text="哪项承诺")  # type: ignore[assignment]
    left = serializers.CharField(source="words", help_text="还剩多久、超期多久，或已按时完成")
    tone = serializers.CharField(help_text="green、blue、yellow、red")
    running = serializers.BooleanField(help_text="是否仍在计时")
    working = serializers.CharField(source="working.sentence", help_text="期限是怎样算出来的")
    clock = ClockSerializer()


class ReturnSerializer(serializers.ModelSerializer[Return]):
    asked_by = serializers.CharField(read_only=True, allow_null=True)
    proposed = UnitNameSerializer(read_only=True, help_text="建议承办单位")
    decided_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Return
        fields = (
            *("asked_at", "asked_by", "basis", "proposed", "material", "files"),
            *("verdict", "arbitrated", "decided_at", "decided_by", "reason"),
        )


class DispatchSerializer(serializers.ModelSerializer[Dispatch]):
    unit = UnitNameSerializer(read_only=True)
    signed_by = serializers.CharField(read_only=True, allow_null=True)
    handled_by = serializers.CharField(read_only=True, allow_null=True)
    approved_by = serializers.CharField(read_only=True, allow_null=True)
    handed_back = serializers.SerializerMethodField(help_text="退单；没有退过的为空")

    class Meta:
        model = Dispatch
        fields = (
            "unit",
            "role",
            "round",
            "opinion",
            "dispatched_at",
            "signed_at",
            "signed_by",
            "contacted_at",
            "contact_manner",
            "contact_reached",
            "contact_note",
            "replied_at",
            "handled_by",
            "result",
            "basis",
            "assessment",
            "approved_at",
            "approved_by",
            "ended_at",
            "handed_back",
        )

    @extend_schema_field(ReturnSerializer(allow_null=True))
    def get_handed_back(self, dispatch: Dispatch) -> Any:
        returned = getattr(dispatch, "handed_back", None)
        return ReturnSerializer(returned).data if returned else None


class CallbackSerializer(serializers.ModelSerializer[Callback]):
    by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Callback
        fields = ("round", "way", "at", "by", "reached", "contacted", "solved", "satisfied", "note")


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    uploaded_by = serializers.CharField(read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ("id", "name", "content_type", "size", "sm3", "uploaded_at", "uploaded_by", "url")

    @extend_schema_field(serializers.URLField())
    def get_url(self, attachment: Attachment) -> str:
        path = reverse("api:petition-file", args=[self.context["number"], attachment.pk])
        return str(self.context["request"].build_absolute_uri(path))


class ChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()

    def to_representation(self, instance: tuple[str, str, str]) -> dict[str, str]:
        return dict(zip(("field", "old", "new"), instance, strict=True))


class MomentSerializer(serializers.Serializer[timeline.Moment]):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    sentence = serializers.CharField()
    note = serializers.CharField()
    changes = ChangeSerializer(many=True, help_text="更正登记时改了什么")


class ActionSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.URLField()
    fields = FieldShapeSerializer(many=True)  # type: ignore[assignment]


class HinderedSerializer(serializers.Serializer[Any]):
    action = serializers.CharField(source="name")
    label = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField(source="hindrance", help_text="现在为什么不能做")


class PetitionSerializer(PetitionRowSerializer):
    """A petition with its dossier, as one person may see it."""

    caller = CallerFieldSerializer(many=True, read_only=True, source="dossier.caller", help_text="诉求人，已脱敏")
    contact_unit = UnitNameSerializer(read_only=True, allow_null=True, help_text="联系诉求人的单位（首接负责）")
    assisting = serializers.SerializerMethodField(help_text="还没有完成协办的单位")
    total = serializers.CharField(
        read_only=True, source="dossier.total", help_text="群众已等多久；退单、改派、重办都不清零"
    )
    holder = serializers.CharField(read_only=True, allow_null=True, source="dossier.holder", help_text="现在由谁处理")
    promises = PromisedSerializer(many=True, read_only=True, source="dossier.promises", help_text="各项承诺与时钟")
    dispatches = DispatchSerializer(many=True, read_only=True, source="dossier.rounds")
    callbacks = CallbackSerializer(many=True, read_only=True, source="dossier.callbacks")
    merged_into = serializers.CharField(
        read_only=True, allow_null=True, source="dossier.main.number", help_text="并入的主单编号；您看不到主单时为空"
    )
    attachments = serializers.SerializerMethodField()
    events = MomentSerializer(many=True, read_only=True, source="dossier.story", help_text="经过，新的在前")
    actions = serializers.SerializerMethodField(help_text="您现在可以做的事，各需要哪些内容")
    hindered = serializers.SerializerMethodField(help_text="属于您的职责、但现在还不能做的事，及其原因")

    class Meta(PetitionRowSerializer.Meta):
        fields = (
            *PetitionRowSerializer.Meta.fields,
            "content",
            "wish",
            "address",
            "happened_at",
            "longitude",
            "latitude",
            "anonymous",
            "confidential",
            "caller",
            "contact_unit",
            "assisting",
            "total",
            "holder",
            "promises",
            "dispatches",
            "callbacks",
            "merged_into",
            "attachments",
            "events",
            "actions",
            "hindered",
        )
        read_only_fields = fields

    def get_due(self, petition: Petition) -> Any:
        running = [promised.clock for promised in self._dossier(petition).running]
        first = min(running, key=lambda clock: clock.due_at, default=None)
        return DueSerializer(time_left(due_of(first), self.context["at"])).data if first else None

    @extend_schema_field(UnitNameSerializer(many=True))
    def get_assisting(self, petition: Petition) -> Any:
        return UnitNameSerializer([part.unit for part in self._dossier(petition).parts], many=True).data

    @extend_schema_field(AttachmentSerializer(many=True))
    def get_attachments(self, petition: Petition) -> Any:
        return AttachmentSerializer(self._dossier(petition).attachments, many=True, context=self.context).data

    @extend_schema_field(ActionSerializer(many=True))
    def get_actions(self, petition: Petition) -> Any:
        return [
            {
                "action": action.name,
                "label": action.label,
                "url": self._absolute(f"petition-{action.name}", petition.number),
                "fields": needs(action.name),
            }
            for action in self._dossier(petition).actions
            if not action.hindrance
        ]

    @extend_schema_field(HinderedSerializer(many=True))
    def get_hindered(self, petition: Petition) -> Any:
        hindered = [action for action in self._dossier(petition).actions if action.hindrance]
        return HinderedSerializer(hindered, many=True).data

    def _dossier(self, petition: Petition) -> Dossier:
        dossier: Dossier = petition.__dict__["dossier"]
        return dossier
