"""Several files in one field, each looked into, each refusal with the name of its file."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from accounts import files, pictures
from petitions import attachments

CAMERA = {"multiple": True, "accept": "image/*", "capture": "environment"}  # of a phone, at once


class FileInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class Files(forms.FileField):
    most = attachments.AT_ONCE

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", FileInput(attrs={"multiple": True, "accept": files.ACCEPT}))
        options.setdefault("help_text", "图片、PDF、Word、Excel、PPT、WPS，每个不超过 10 MB，一次最多 10 个。")
        options.setdefault("error_messages", {}).setdefault("required", "请选择要上传的文件。")
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in data or [] if isinstance(file, UploadedFile)]
        if self.required and not files:
            raise ValidationError(self.error_messages["required"])
        if len(files) > self.most:
            raise ValidationError(f"一次最多上传 {self.most} 个文件，现在有 {len(files)} 个。")
        problems = []
        looked: list[UploadedFile] = []
        for file in files:
            try:
                looked.append(self.look(file))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return looked

    def look(self, file: UploadedFile) -> UploadedFile:
        files.check(file)
        return file

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class Photos(Files):
    """What a phone took, and nothing of what the phone knows besides."""

    by_camera = True  # is drawn with a button that opens it
    most = pictures.AT_ONCE

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", FileInput(attrs={"multiple": True, "accept": ",".join(pictures.PICTURES)}))
        options.setdefault("help_text", f"最多 {self.most} 张，每张不超过 10 MB；拍摄地点等隐藏信息会自动去掉。")
        super().__init__(**options)

    def look(self, file: UploadedFile) -> UploadedFile:
        if files.check(file).content_type not in pictures.PICTURES:
            raise ValidationError(f"“{file.name}”不是能直接打开的照片，请换成 JPG 或 PNG 的照片，或截图后再传。")
        try:
            return pictures.bare(file)
        except pictures.NoPicture:
            raise ValidationError(f"“{file.name}”打不开，可能没有拍好或传坏了，请重新拍一张。") from None
