"""Fields for what people type: every refusal is a sentence, and nothing invisible gets in."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts import phones
from petitions import moments

# A line break and a tab may stand in a text; NUL, other control characters and the marks that turn
# the reading direction may not.
LINES = re.compile(r"\s*[\r\n]+\s*")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
TOO_LONG = "最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请删减。"


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


def seen_only(words: str) -> None:
    if found := UNSEEN.search(words):
        name = f"U+{ord(found[0]):04X}"
        raise ValidationError(f"第 {found.start() + 1} 个字符是看不见的控制字符（{name}），请删除后再保存。")


class Phone(Words):
    """Kept in one spelling, so that the caller is found again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **options)

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        try:
            return phones.canonical(words, demo=settings.DEMO) if words else ""
        except phones.NotAPhone as problem:
            raise ValidationError(str(problem)) from None


class Moment(Words):
    """One line that is quickly typed; the days of the list beside it are only a help."""

    def __init__(self, *, options_id: str, **options: Any) -> None:
        attrs = {"list": options_id, "autocomplete": "off", "placeholder": "如 11-22 15:04"}
        super().__init__(most=40, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> datetime | None:
        words: str = super().clean(value)
        try:
            return moments.read(words, timezone.now()) if words else None
        except moments.NotAMoment as problem:
            raise ValidationError(str(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else moments.spelled(value)


def day_options() -> SafeString:
    days = [(timezone.localdate() - timedelta(days=ago), name) for ago, name in enumerate(("今天", "昨天", "前天"))]
    return format_html_join("", '<option value="{}">{}</option>', days)


def first_sentence(text: str, most: int = 40) -> str:
    """What a title is when nobody writes one."""
    sentence = re.split(r"[。！？!?；;\n]", unicodedata.normalize("NFC", text).strip(), maxsplit=1)[0].strip()
    return sentence if len(sentence) <= most else f"{sentence[: most - 1]}…"
