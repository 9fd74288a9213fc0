"""Several units in one field, each by its name: as many boxes as are needed at once, more the next time."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import Unit
from petitions import choices

BOXES = 3
MOST = 10


class Boxes(forms.Widget):
    """Text boxes of one name, with one list of names beneath."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        said = list(value or [])
        said += [""] * max(0, BOXES - len(said))
        shared = {**self.attrs, **(attrs or {})}
        lines = [
            {**shared, "id": shared["id"] if n == 0 else f"{shared['id']}_{n}", "name": name, "value": words}
            | ({"aria-label": f"第 {n + 1} 个单位", "required": False} if n else {})
            for n, words in enumerate(said)
        ]
        return format_html(
            '<div class="boxes">{}</div>', format_html_join("", "<input{}>", ((flatatt(x),) for x in lines))
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)


class Units(forms.Field):
    def __init__(self, options_id: str, **options: Any) -> None:
        attrs = {"type": "text", "list": options_id, "autocomplete": "off"}
        super().__init__(widget=Boxes(attrs), error_messages={"required": "请至少填写一个单位。"}, **options)

    def clean(self, value: Any) -> list[Unit]:
        named = [str(words).strip() for words in value or [] if str(words).strip()]
        if self.required and not named:
            raise ValidationError(self.error_messages["required"])
        if len(named) > MOST:
            raise ValidationError(f"一次最多 {MOST} 个单位。")
        units = []
        for words in named:
            try:
                unit = choices.unit_named(words)
            except choices.NotFound as problem:
                raise ValidationError(str(problem)) from None
            if unit in units:
                raise ValidationError(f"{unit}填了两次。")
            units.append(unit)
        return units

    def prepare_value(self, value: Any) -> list[str]:
        return [one.name if isinstance(one, Unit) else str(one) for one in value or []]
