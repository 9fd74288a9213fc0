"""What is drawn on a map, pasted or as a file, and looked at before it is saved; the words of the file come back in the
field, so that nothing is brought twice."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from grids.geojson import MOST
from grids.importing.files import Unreadable, decoded
from grids.models import Place


class Proposed(Protocol):
    warnings: list[str]

    @property
    def can_be_saved(self) -> bool: ...


T = TypeVar("T", bound=Proposed)


class Brought(forms.Form, Generic[T]):
    look_at: Callable[[str, Place], T]  # what the words say of the area

    file = forms.FileField(required=False, error_messages={"empty": "文件是空的。"})
    text = forms.CharField(
        label="或粘贴内容",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "data-latin": ""}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(label="已核对上面的提示，仍要保存", required=False)

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, area: Place, seen: int) -> None:
        sent = data.dict() if data else None
        if sent is not None and "seen" in sent and "save" not in sent:
            sent["seen"] = str(seen)  # what is checked now is checked against what stands now
        super().__init__(sent, files, initial={"seen": seen})
        self.area = area
        self.proposal: T | None = None

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
            raise ValidationError("请选择文件，或粘贴内容。")
        self.proposal = self.look_at(said["text"], self.area)
        return said

    def may_be_saved(self) -> bool:
        """Besides what is brought: whether the warnings were read."""
        assert self.proposal
        if self.proposal.warnings and not self.cleaned_data["accept"]:
            self.add_error("accept", "请核对提示后勾选。")
        return self.proposal.can_be_saved and not self.errors


def _words(file: Any) -> str:
    if file.size > 4 * MOST:
        raise ValidationError("文件太大，请分几份导入。")
    try:
        return decoded(file.read())
    except Unreadable as problem:
        raise ValidationError(str(problem)) from None
