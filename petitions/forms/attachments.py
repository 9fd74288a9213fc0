"""Several files in one field, each looked into, each refusal with the name of its file."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from petitions import attachments


class FileInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class Files(forms.FileField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", FileInput(attrs={"multiple": True, "accept": attachments.ACCEPT}))
        options.setdefault("help_text", "图片、PDF、Word、Excel、PPT、WPS，每个不超过 10 MB，一次最多 10 个。")
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in data or [] if isinstance(file, UploadedFile)]
        if self.required and not files:
            raise ValidationError("请选择要上传的文件。")
        if len(files) > attachments.AT_ONCE:
            raise ValidationError(f"一次最多上传 {attachments.AT_ONCE} 个文件，现在有 {len(files)} 个。")
        problems = []
        for file in files:
            try:
                attachments.check(file)
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return files

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class AttachForm(forms.Form):
    files = Files(label="附件")  # type: ignore[assignment]
