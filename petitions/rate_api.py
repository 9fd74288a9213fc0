"""The rates over the API: the page's table as data, every number with the address of its list."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from petitions import ranking
from petitions.forms.rates import RatesForm
from petitions.ranking import SORTS, Standing
from petitions.rates import GROUPS, MEASURES
from petitions.reports import Figure
from petitions.serializers.headers import person


class PartSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    weight = serializers.FloatField(help_text="计入分子的权重：部分解决按 0.5 计")
    url = serializers.CharField(help_text="这些诉求的清单（网页）", allow_blank=True)


class FigureSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True, help_text="0 到 1；没有分母时为 null")
    parts = PartSerializer(many=True)
    whole = serializers.IntegerField()
    whole_url = serializers.CharField(allow_blank=True)


class RateSerializer(FigureSerializer):
    measure = serializers.ChoiceField(choices=[(name, one.label) for name, one in MEASURES.items()])
    label = serializers.CharField()  # type: ignore[assignment]
    with_excluded = FigureSerializer(help_text="剔除前")


class StandingSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    rates = RateSerializer(many=True)
    deducted = serializers.IntegerField(help_text="扣分")
    score = serializers.FloatField(allow_null=True, help_text="综合得分")
    odd = serializers.BooleanField(help_text="满意率异常")


class TableSerializer(serializers.Serializer[Any]):
    by = serializers.ChoiceField(choices=[(name, label) for name, (label, _) in GROUPS.items()])
    period = serializers.CharField()
    period_label = serializers.CharField()
    at = serializers.DateTimeField()
    total = StandingSerializer()
    lines = StandingSerializer(many=True)


def _asks(name: str, words: str, options: list[str] | None = None) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=words, enum=options)


class RatesView(APIView):
    @extend_schema(
        summary="考核指标",
        description="联系率、按时办结率、解决率、满意率、参评率和综合得分，与网页同一口径；只计您可查看的诉求。",
        tags=["考核"],
        parameters=[
            _asks("by", "按什么分，默认承办单位", list(GROUPS)),
            _asks("period", "2026-11、2026-Q4、2026、30d 或 2026-11-01..2026-11-15；默认近 30 天"),
            _asks("place", "街道、社区或网格的编码"),
            OpenApiParameter("unit", OpenApiTypes.INT, description="承办单位的 id，各计其责"),
            _asks("item", "事项编码"),
            _asks("channel", "渠道编码"),
            _asks("sort", "按哪一列排", list(SORTS)),
            _asks("order", "默认从高到低", ["falling", "rising"]),
        ],
        responses=TableSerializer,
    )
    def get(self, request: Request) -> Response:
        at, user = timezone.now(), person(request)
        form = RatesForm(request.query_params, at=at)
        if not form.is_valid():
            raise ValidationError({name: [str(word) for word in words] for name, words in form.errors.items()})
        asked = form.asked()
        found = {
            "by": asked.by,
            "period": asked.period.words,
            "period_label": asked.period.label,
            "at": at,
            "total": _standing(ranking.total(user, asked, at)),
            "lines": [_standing(line) for line in ranking.standings(user, asked, at)],
        }
        return Response(TableSerializer(found).data)


def _standing(standing: Standing) -> dict[str, Any]:
    pairs = zip(MEASURES, standing.figures, standing.raw, strict=True)
    return {
        "name": standing.name,
        "rates": [
            {"measure": name, "label": one.label, **_figure(name, one), "with_excluded": _figure(name, raw)}
            for name, one, raw in pairs
        ],
        "deducted": standing.deducted,
        "score": standing.value,
        "odd": standing.odd,
    }


def _figure(name: str, figure: Figure) -> dict[str, Any]:
    weights = [weight for _, weight in MEASURES[name].parts]
    assert figure.whole is not None
    return {
        "value": figure.value,
        "parts": [
            {"count": part.count, "weight": weight, "url": part.href}
            for part, weight in zip(figure.parts, weights, strict=True)
        ],
        "whole": figure.whole.count,
        "whole_url": figure.whole.href,
    }
