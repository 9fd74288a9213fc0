"""The shape of a call: the fields of the call form, and the point on the map that a phone or another system knows."""

import math
from typing import Any

from rest_framework import serializers

from grids.models.outline import EAST, NORTH, SOUTH, WEST
from petitions.forms.register import CallForm
from petitions.serializers.record import PetitionSerializer
from petitions.serializers.shapes import shape_of


class CoordinateField(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        number: float = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class RegistrationSerializer(shape_of("Registration", CallForm, without=("files", "submission"))):  # type: ignore[misc]
    version = None
    submission = serializers.UUIDField(required=False, help_text="提交标识：同一标识只登记一件诉求")
    longitude = CoordinateField(required=False, min_value=WEST, max_value=EAST, help_text="经度，WGS-84")
    latitude = CoordinateField(required=False, min_value=SOUTH, max_value=NORTH, help_text="纬度，WGS-84")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("longitude" in attrs) != ("latitude" in attrs):
            raise serializers.ValidationError("经度和纬度应同时给出。")
        return attrs


class RegisteredSerializer(PetitionSerializer):
    """The look-up code is told once, to whoever registers, for the caller."""

    class Meta(PetitionSerializer.Meta):
        fields = (*PetitionSerializer.Meta.fields, "lookup_code")
        read_only_fields = fields
