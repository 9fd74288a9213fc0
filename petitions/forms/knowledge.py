"""An entry of the knowledge base is written, worded anew, or ended."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from grids.models import Item
from petitions import choices
from petitions.forms.words import Words
from petitions.models import Entry

MOST_ITEMS = 10
NO_DAY = {"invalid": "请写成日期，如 2026-12-31。"}


class Items(Words):
    """Several items, by code or name, one line each or with commas between."""

    def clean(self, value: Any) -> list[Item]:
        words = super().clean(value)
        parts = [part.strip() for line in words.splitlines() for part in line.replace("，", "、").split("、")]
        try:
            items = [choices.item_named(part) for part in parts if part]
        except choices.NotFound as problem:
            raise ValidationError(str(problem)) from None
        if len(items) > MOST_ITEMS:
            raise ValidationError(f"一条最多属于 {MOST_ITEMS} 个事项；更多的请不填，作为各事项通用。")
        return list(dict.fromkeys(items))

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "、".join(item.code for item in value)


class EntryForm(forms.Form):
    title = Words(label="标题", most=80)
    text = Words(label="答复口径", most=2000, rows=6, help_text="坐席照此答复来电人；标题会告知诉求人，内容不公开")
    items = Items(label="事项", most=200, required=False, help_text="编码或名称，用顿号分开；不填则各事项通用")
    source = Words(label="出处", most=200, help_text="文件名称和文号、部门函复，或职责清单条目")
    valid_from = forms.DateField(
        label="生效日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=NO_DAY | {"required": "请填写生效日期。"},
    )
    valid_until = forms.DateField(
        label="有效期至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=NO_DAY,
        help_text="当天仍有效；长期有效的不填",
    )

    def __init__(self, data: Any = None, *, entry: Entry | None = None, **initial: Any) -> None:
        if entry is not None:
            initial = {name: getattr(entry, name) for name in ("title", "text", "source", "valid_from", "valid_until")}
            initial["items"] = list(entry.items.all())
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "有效期至不能早于生效日期。")
        return said


class EndForm(forms.Form):
    why = Words(label="停用理由", most=200)
