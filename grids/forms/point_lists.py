"""The points of many buildings at once, as GeoJSON or as a CSV."""

from django import forms

from grids.forms.brought import Brought
from grids.point_lists import Proposal, read


class PointListForm(Brought[Proposal]):
    look_at = staticmethod(read)
    file = forms.FileField(
        label="GeoJSON 或 CSV 文件",
        required=False,
        help_text="每栋楼一行或一个点，写明小区和楼栋，或楼栋编号；坐标为 WGS-84 经纬度",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.csv,.txt,application/geo+json,text/csv"}),
        error_messages={"empty": "文件是空的。"},
    )
