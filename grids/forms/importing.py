"""A spreadsheet, and what its columns mean."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from grids.importing import files, samples
from grids.importing.columns import COLUMNS, guesses, is_forbidden
from grids.models import Import, Place
from grids.models.importing import IMPORTERS
from grids.scope import places_of

DOOR_IN_PARTS = ("compound", "building", "room")
OPTIONS = [("", "不导入"), *((column.name, column.label) for column in COLUMNS)]


class UploadForm(forms.Form):
    token = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    place = forms.ModelChoiceField(Place.objects.none(), label="导入到", empty_label=None)
    file = forms.FileField(
        label="表格",
        widget=forms.FileInput(attrs={"accept": ",".join(files.ENDINGS)}),
        help_text=f"Excel（.xlsx）或 CSV，不超过 {files.LARGEST // files.MEGABYTE} MB、{files.MOST_ROWS // 10000} 万行",
        error_messages={"required": "请选择要导入的表格。", "empty": "文件是空的，请核对后重新上传。"},
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        places = Place.objects.filter(pk__in=places_of(user, *IMPORTERS))
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
        if len(places) == 1:
            field.initial, field.widget = places[0].pk, forms.HiddenInput()

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            files.ending_of(file.name or "", file.size or 0)
        except files.Unreadable as why:
            raise ValidationError(str(why)) from None
        return file


class Meanings(forms.Select):
    """Forty options under each of forty columns: no sign too many, so an option ends where the next one begins."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        said = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        chosen, nothing = mark_safe(" selected"), mark_safe('""')
        options = ((one or nothing, chosen if one == value else "", label) for one, label in self.choices)
        return format_html(
            "<select{}>{}</select>", flatatt(said), format_html_join("", "<option value={}{}>{}", options)
        )


class MappingForm(forms.Form):
    """One choice for each column of the sheet that has a heading."""

    manner = forms.ChoiceField(label="有错的行", choices=Import.Manner, widget=forms.RadioSelect)
    makes_buildings = forms.BooleanField(label="系统里没有的小区和楼栋，按表格一并新建", required=False)

    columns: ClassVar = {column.name: column.label for column in COLUMNS}

    def __init__(self, data: QueryDict | None = None, *, run: Import) -> None:
        initial = {"manner": run.manner, "makes_buildings": run.makes_buildings}
        super().__init__(data, initial=initial)
        self.samples = samples.read(run.samples)
        self.of = {n: name for name, n in run.mapping.items()}
        self.heads = [(n, head) for n, head in enumerate(run.heads) if head]
        self.remembered = self._remembered(run) if run.state == Import.State.MAPPING else []
        self.forbidden = [head for _, head in self.heads if is_forbidden(head)]
        for n, head in self.heads:
            if head not in self.forbidden:
                self.fields[f"column_{n}"] = forms.ChoiceField(
                    label=head,
                    choices=OPTIONS,
                    widget=Meanings,
                    required=False,
                    initial=self.of.get(n, ""),
                    help_text=self._sample(n, head),
                )

    def _remembered(self, run: Import) -> list[tuple[str, str]]:
        """The heads for which somebody chose before what nobody would guess, with that choice."""
        guessed = guesses(run.heads)
        return [(head, dict(OPTIONS)[self.of.get(n, "")]) for n, head in self.heads if self.of.get(n) != guessed.get(n)]

    def _sample(self, n: int, head: str) -> str:
        said = self.samples[n] if n < len(self.samples) else []
        name = self.data.get(f"column_{n}") if self.is_bound else self.of.get(n)
        return escape(samples.shown(said, head=head, name=name or ""))  # the cells are somebody else's words

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        mapping: dict[str, int] = {}
        for n, _ in self.heads:
            name = said.get(f"column_{n}")
            if name in mapping:
                self.add_error(
                    f"column_{n}",
                    f"“{self.columns[name]}”已经对应了“{dict(self.heads)[mapping[name]]}”，只能对应一列。",
                )
            elif name:
                mapping[name] = n
        if "name" not in mapping:
            raise ValidationError("请指出哪一列是姓名。")
        if "address" not in mapping and not all(name in mapping for name in DOOR_IN_PARTS):
            raise ValidationError("请指出小区、楼栋、房号各是哪一列，或哪一列是完整地址。")
        said["mapping"] = mapping
        return said

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("column_")]

    @property
    def option_fields(self) -> list[forms.BoundField]:
        return [self["manner"], self["makes_buildings"]]
