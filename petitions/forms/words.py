"""Fields for what callers say and when: a moment, the first sentence as a title."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.words import Words
from petitions import moments


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
        return moments.as_said(value) if isinstance(value, str) else moments.spelled(value)


def day_options() -> SafeString:
    days = [(timezone.localdate() - timedelta(days=ago), name) for ago, name in enumerate(("今天", "昨天", "前天"))]
    return format_html_join("", '<option value="{}">{}</option>', days)


def first_sentence(text: str, most: int = 40) -> str:
    """What a title is when nobody writes one."""
    sentence = re.split(r"[。！？!?；;\n]", unicodedata.normalize("NFC", text).strip(), maxsplit=1)[0].strip()
    return sentence if len(sentence) <= most else f"{sentence[: most - 1]}…"
