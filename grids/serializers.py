"""The shape of places and items."""

from rest_framework import serializers

from grids.models import Item, Place


class PlaceRowSerializer(serializers.ModelSerializer[Place]):
    unit_name = serializers.CharField(
        source="unit.name", default=None, read_only=True, allow_null=True, help_text="管理单位名称"
    )

    class Meta:
        model = Place
        fields: tuple[str, ...] = ("code", "kind", "name", "parent", "unit", "unit_name", "brand")


class PlaceSerializer(PlaceRowSerializer):
    boundary = serializers.JSONField(read_only=True, allow_null=True, help_text="GeoJSON 几何，WGS-84，先经度后纬度")

    class Meta(PlaceRowSerializer.Meta):
        fields = (*PlaceRowSerializer.Meta.fields, "nbs_code", "boundary")


class ItemSerializer(serializers.ModelSerializer[Item]):
    lead_name = serializers.CharField(
        source="lead.name", default=None, read_only=True, allow_null=True, help_text="牵头单位名称"
    )

    class Meta:
        model = Item
        fields = (
            "code",
            "domain",
            "name",
            "in_grid",
            "lead_line",
            "lead",
            "lead_name",
            "assisting",
            "urgency",
            "first_level",
            "respond_amount",
            "respond_span",
            "close_amount",
            "close_span",
            "closing_standard",
            "visibility",
            "note",
            "active",
        )
