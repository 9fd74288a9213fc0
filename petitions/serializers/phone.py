"""The shape of what a telephone system says."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

EVENTS = ("ringing", "answered", "hangup")
DAY = timedelta(days=1)
NAMES = r"^[\w.:@/+=-]+\Z"


class PhoneEventSerializer(serializers.Serializer[Any]):
    event_id = serializers.RegexField(NAMES, max_length=64)
    event = serializers.ChoiceField(choices=EVENTS)
    call_id = serializers.RegexField(NAMES, max_length=64)
    at = serializers.DateTimeField()
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    extension = serializers.RegexField(r"^[0-9]*\Z", max_length=20, required=False, allow_blank=True)
    username = serializers.CharField(max_length=150, required=False, allow_blank=True)
    duration = serializers.IntegerField(min_value=0, max_value=86_400, required=False, help_text="秒")

    def validate_at(self, at: datetime) -> datetime:
        if abs(at - timezone.now()) > DAY:
            raise serializers.ValidationError("与现在相差超过一天，请核对话务系统的时钟。")
        return at

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["event"] == "ringing" and not (attrs.get("extension") or attrs.get("username")):
            raise serializers.ValidationError({"extension": "请写明分机或坐席用户名。"})
        return attrs
