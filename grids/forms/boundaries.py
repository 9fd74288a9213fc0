"""GeoJSON, pasted or as a file; the words of the file come back in the field, so that nothing is brought twice."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from grids.boundaries import MOST, Proposal, read
from grids.models import Place


class BoundaryForm(forms.Form):
    file = forms.FileField(
        label="GeoJSON 文件",
        required=False,
        help_text="每个网格一个图形，属性 <code data-latin>code</code> 为 15 位网格编码，坐标为 WGS-84 经纬度",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json,application/json"}),
        error_messages={"empty": "文件是空的。"},
    )
    text = forms.CharField(
        label="或粘贴内容",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "data-latin": ""}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="变更事由", required=False, max_length=200, help_text="保存时必填，记入版本；有提示时写明为什么仍要保存"
    )
    accept = forms.BooleanField(label="已核对上面的提示，仍要保存", required=False)

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, area: Place, seen: int) -> None:
        super().__init__(data.dict() if data else None, files, initial={"seen": seen})
        self.area = area
        self.proposal: Proposal | None = None

    def clean_file(self) -> str:
        return _words(self.cleaned_data["file"]) if self.cleaned_data["file"] else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("file"):
            said["text"] = said["file"]
            self.data = {**self.data, "text": said["text"]}
        if self.errors:
            return said
        if not said.get("text"):
            raise ValidationError("请选择文件，或粘贴 GeoJSON 内容。")
        self.proposal = read(said["text"], self.area)
        return said

    def may_be_saved(self) -> bool:
        """Besides what is drawn: why, and whether the warnings were read."""
        assert self.proposal
        if not self.cleaned_data["reason"]:
            self.add_error("reason", "请填写变更事由。")
        if self.proposal.warnings and not self.cleaned_data["accept"]:
            self.add_error("accept", "请核对提示后勾选。")
        return self.proposal.can_be_saved and not self.errors


def _words(file: Any) -> str:
    if file.size > 4 * MOST:
        raise ValidationError("文件太大，请分社区导入。")
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValidationError("文件不是 UTF-8 编码的文本，请从地图软件导出 GeoJSON。") from None
