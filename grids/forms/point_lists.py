"""The points of many buildings at once, as GeoJSON or as a CSV."""

from typing import Any

from django import forms
from django.http import QueryDict

from grids.forms.brought import Brought
from grids.models import Place
from grids.point_lists import Proposal, read


class PointListForm(Brought[Proposal]):
    file = forms.FileField(
        label="GeoJSON 或 CSV 文件",
        required=False,
        help_text="每栋楼一行或一个点，写明小区和楼栋，或楼栋编号；坐标为 WGS-84 经纬度",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.csv,.txt,application/geo+json,text/csv"}),
        error_messages={"empty": "文件是空的。"},
    )

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, area: Place, seen: int) -> None:
        super().__init__(data, files, seen=seen)
        self.area = area

    def look_at(self, text: str) -> Proposal:
        return read(text, self.area)
