"""Where a building stands, in degrees."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from grids import points
from grids.models import Building


class PointForm(forms.ModelForm):
    class Meta:
        model = Building
        fields = ("longitude", "latitude")
        help_texts = {
            "longitude": "WGS-84 经度，如 118.741203；高德、腾讯地图上的坐标要先转换",
            "latitude": "WGS-84 纬度，如 36.881357；都留空表示还不知道",
        }
        error_messages = {name: {"invalid": points.NO_DEGREES} for name in fields}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        longitude, latitude = said.get("longitude"), said.get("latitude")
        if longitude is None or latitude is None:
            return said
        if problem := points.problem(self.instance, longitude, latitude):
            raise ValidationError(problem)
        return said
