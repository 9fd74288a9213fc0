"""The shape of a call: the fields of the call form, and the point on the map that a phone or another system knows."""

import math
from typing import Any

from rest_framework import serializers

from grids import locate
from grids.models.outline import EAST, NORTH, SOUTH, WEST
from petitions.forms.register import CallForm
from petitions.serializers.record import PetitionSerializer
from petitions.serializers.shapes import LONGEST_NAME, shape_of


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

    place = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_NAME,
        label="所属网格",
        help_text="编码，或唯一的名称；不填时按坐标、再按地址认定",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("longitude" in attrs) != ("latitude" in attrs):
            raise serializers.ValidationError("经度和纬度应同时给出。")
        if not attrs.get("place"):
            attrs["place"] = _proposed(attrs)
        return attrs


def _proposed(said: dict[str, Any]) -> str:
    """A phone or another system knows a point or an address; which grid that is, the portal knows."""
    at_point = locate.by_point(said["longitude"], said["latitude"]) if "longitude" in said else None
    by_address = [] if at_point else locate.by_address(said.get("address", ""))
    grid = at_point or next((one for one in by_address if one.is_sure_of_a_grid), None)
    if grid:
        return grid.place.code
    if by_address:
        names = "、".join(one.place.name for one in by_address[:4])
        raise serializers.ValidationError({"place": f"地址还不足以认定网格，可能是{names}，请填写网格编码或名称。"})
    raise serializers.ValidationError({"place": "坐标和地址都认不出所属网格，请填写网格编码或名称。"})


class RegisteredSerializer(PetitionSerializer):
    """The look-up code is told once, to whoever registers, for the caller."""

    class Meta(PetitionSerializer.Meta):
        fields = (*PetitionSerializer.Meta.fields, "lookup_code")
        read_only_fields = fields
