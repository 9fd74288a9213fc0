"""A form that is sent once, however often its button is pressed."""

import uuid
from typing import Any, cast

from django import forms
from django.http import QueryDict

ONCE_MORE = "页面打开得太久或不完整，已经更新，请核对后再提交一次。"


class Pressed(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)

    named = "id_%s"  # another one where several forms stand on one page

    def __init__(
        self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None, named: str = ""
    ) -> None:
        first = {"key": uuid.uuid4(), **(initial or {})}
        super().__init__(data, files, initial=first, auto_id=named or self.named)

    def clean(self) -> dict[str, Any]:
        """What no browser of ours has sent cannot be said beside a field that nobody sees."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        hidden = [name for name, field in self.fields.items() if field.widget.is_hidden and name in self.errors]
        for name in hidden:
            del self.errors[name]
        if hidden:
            self.add_error(None, ONCE_MORE)
            self.put(**{name: str(self.initial.get(name, "")) for name in hidden})
        return said

    def put(self, **values: str) -> None:
        """What the form will show and send the next time."""
        self.data = cast(QueryDict, self.data).copy()
        for name, value in values.items():
            self.data[name] = value
