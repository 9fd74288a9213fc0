"""Units over the API."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from accounts.models import Unit


class UnitSerializer(serializers.ModelSerializer[Unit]):
    class Meta:
        model = Unit
        fields = ("id", "name", "short_name", "kind", "line", "parent", "phone", "active")


class UnitFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label="名称包含", lookup_expr="contains", max_length=80)
    kind = django_filters.MultipleChoiceFilter(label="类别", choices=Unit.Kind.choices)
    line = django_filters.CharFilter(label="条线", max_length=20)
    active = django_filters.BooleanFilter(label="在用")

    class Meta:
        model = Unit
        fields = ()


@extend_schema_view(
    list=extend_schema(
        summary="单位列表", description="部门、街道、社区、企业等所有能承办诉求的单位。", tags=["基础数据"]
    ),
    retrieve=extend_schema(summary="单位", tags=["基础数据"]),
)
class UnitViewSet(viewsets.ReadOnlyModelViewSet[Unit]):
    queryset = Unit.objects.order_by("id")
    serializer_class = UnitSerializer
    filterset_class = UnitFilter
    lookup_value_regex = "[0-9]{1,9}"
