"""The name of one press of a button, as its form carries it."""

from typing import Any
from uuid import UUID, uuid4

from django import forms


class Press(forms.UUIDField):
    """Named when the form is drawn; the same press sent again has the same name."""

    def __init__(self) -> None:
        messages = {"invalid": "表单已失效，请刷新页面。", "required": "表单已失效，请刷新页面。"}
        super().__init__(initial=uuid4, widget=forms.HiddenInput, error_messages=messages)


def key_of(data: Any) -> UUID:
    """A form without one is a press of its own."""
    try:
        return UUID(data.get("key", ""))
    except ValueError:
        return uuid4()
