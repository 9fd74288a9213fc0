"""Fields for what people type: every refusal is a sentence, and nothing invisible gets in."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from accounts import phones

# A line break and a tab may stand in a text; NUL, other control characters and the marks that turn
# the reading direction may not.
LINES = re.compile(r"\s*[\r\n]+\s*")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
TOO_LONG = "最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请删减。"
UNKNOWN = "没有这个选项，请重新选择。"


class Words(forms.CharField):
    """No `maxlength` on the control: a browser would cut off what is pasted, and words would be lost."""

    def __init__(self, *, most: int, rows: int = 0, **options: Any) -> None:
        if rows:
            options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        label = options.get("label", "")
        options.setdefault("error_messages", {}).setdefault("required", f"请填写{label}。")
        super().__init__(**options)
        self.validators = [seen_only, MaxLengthValidator(most, TOO_LONG)]  # instead of Django's for NUL alone
        self.most, self.one_line = most, not rows

    def to_python(self, value: Any) -> str:
        words: str = super().to_python(value) or ""
        return LINES.sub(" ", words) if self.one_line else words.replace("\r\n", "\n")

    def run_validators(self, value: Any) -> None:
        """The usual words are short and seen: only others are asked what is wrong with them."""
        if len(value) > self.most or UNSEEN.search(value):
            super().run_validators(value)


class Phone(Words):
    """Kept in one spelling, so that whoever called is found again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **options)

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        try:
            return phones.canonical(words, demo=settings.DEMO) if words else ""
        except phones.NotAPhone as problem:
            raise ValidationError(str(problem)) from None


def seen_only(words: str) -> None:
    if found := UNSEEN.search(words):
        name = f"U+{ord(found[0]):04X}"
        raise ValidationError(f"第 {found.start() + 1} 个字符是看不见的控制字符（{name}），请删除后再保存。")
