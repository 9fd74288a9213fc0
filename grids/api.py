"""Places and items over the API: what everybody who is signed in may know."""

from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import viewsets

from grids import locate
from grids.models import Item, Place, Visibility
from grids.serializers import ItemSerializer, PlaceRowSerializer, PlaceSerializer

POINT = r"^[0-9]{1,3}(\.[0-9]{1,8})?,[0-9]{1,2}(\.[0-9]{1,8})?$"


class PlaceFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(label="级别", choices=Place.Kind.choices)
    parent = django_filters.CharFilter(label="上级编码", field_name="parent_id", max_length=15)
    prefix = django_filters.CharFilter(
        label="编码前缀：该场所及其下级", field_name="code", lookup_expr="startswith", max_length=15
    )
    name = django_filters.CharFilter(label="名称包含", lookup_expr="contains", max_length=60)
    point = django_filters.CharFilter(
        label="所在网格：经度,纬度（WGS-84）", method="around", validators=[RegexValidator(POINT, "应为“经度,纬度”")]
    )

    class Meta:
        model = Place
        fields = ()

    @extend_schema_field({"type": "string", "pattern": POINT, "example": "118.7115,36.8662"})
    def around(self, places: QuerySet[Place], name: str, point: str) -> QuerySet[Place]:
        """The grid in which a point lies; none when it lies outside all of them."""
        longitude, latitude = map(float, point.split(","))
        found = locate.by_point(longitude, latitude)
        return places.filter(code=found.place.code) if found else places.none()


@extend_schema_view(
    list=extend_schema(summary="场所列表", description="市、街道、社区、网格；编码即路径。", tags=["基础数据"]),
    retrieve=extend_schema(summary="场所", description="含边界（GeoJSON，WGS-84）。", tags=["基础数据"]),
)
class PlaceViewSet(viewsets.ReadOnlyModelViewSet[Place]):
    queryset = Place.objects.select_related("unit")
    filterset_class = PlaceFilter
    lookup_value_regex = "[0-9]{6,15}"

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.standing().defer("boundary") if self.action == "list" else rows

    def get_serializer_class(self) -> Any:
        return PlaceRowSerializer if self.action == "list" else PlaceSerializer


class ItemFilter(django_filters.FilterSet):
    domain = django_filters.CharFilter(label="领域", max_length=20)
    name = django_filters.CharFilter(label="事项名称包含", lookup_expr="contains", max_length=60)
    in_grid = django_filters.BooleanFilter(label="56 项入格事项")
    urgency = django_filters.ChoiceFilter(label="紧急程度", choices=Item.Urgency.choices)
    visibility = django_filters.ChoiceFilter(label="公开级别", choices=Visibility.choices)
    active = django_filters.BooleanFilter(label="在用")

    class Meta:
        model = Item
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="事项列表", description="牵头单位、紧急程度、时限与公开级别。", tags=["基础数据"]),
    retrieve=extend_schema(summary="事项", tags=["基础数据"]),
)
class ItemViewSet(viewsets.ReadOnlyModelViewSet[Item]):
    queryset = Item.objects.select_related("lead")
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9]{1,6}"
