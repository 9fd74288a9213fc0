"""The outlines of a community's grids as GeoJSON, and why they change."""

from django import forms

from grids.boundaries import Proposal, read
from grids.forms.brought import Brought


class BoundaryForm(Brought[Proposal]):
    look_at = staticmethod(read)
    file = forms.FileField(
        label="GeoJSON 文件",
        required=False,
        help_text="每个网格一个图形，属性 <code data-latin>code</code> 为 15 位网格编码，坐标为 WGS-84 经纬度",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json,application/json"}),
        error_messages={"empty": "文件是空的。"},
    )
    reason = forms.CharField(
        label="变更事由", required=False, max_length=200, help_text="保存时必填，记入版本；有提示时写明为什么仍要保存"
    )

    def may_be_saved(self) -> bool:
        if not self.cleaned_data["reason"]:
            self.add_error("reason", "请填写变更事由。")
        return super().may_be_saved()
