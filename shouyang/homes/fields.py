"""Form fields of homes: what is sealed stays hidden while it is edited, and every refusal is a sentence."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import phones
from accounts.models import User
from grids import id_numbers
from grids.team import Team
from petitions.forms.words import Words

CLEAR = "清空"  # typed into a hidden field, it removes what stands there
UNKNOWN = "没有这个选项，请重新选择。"
NO_DAY = "请写成日期，如 2026-12-31。"
NO_NUMBER = "请填写数字。"
FUTURE = "不能晚于今天。"


class IdNumber(Words):
    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": "off", "autocapitalize": "characters"}
        super().__init__(most=40, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        return id_number(words) if words else ""


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        messages = {"invalid": NO_DAY, "required": f"请填写{options.get('label', '')}。"}
        super().__init__(error_messages=messages, **options)


class Past(Day):
    """Today at the latest."""

    def clean(self, value: Any) -> date | None:
        on: date | None = super().clean(value)
        if on and on > timezone.localdate():
            raise ValidationError(FUTURE)
        return on


class One(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        messages = {"invalid_choice": UNKNOWN, "required": f"请选择{options.get('label', '')}。"}
        super().__init__(error_messages=messages, **options)


class Told(One):
    """Yes, no, or not known."""

    def __init__(self, *, unknown: bool = True, **options: Any) -> None:
        choices = [("True", "是"), ("False", "否")]
        # An unknown option is offered only where the column may be empty.
        options |= {"choices": [("", "未登记"), *choices] if unknown else choices[::-1], "required": not unknown}
        super().__init__(coerce=lambda value: value == "True", empty_value=None, **options)


class Helper(One):
    """One of the people of a place; whoever helps already may go on, wherever she serves by now."""

    def __init__(self) -> None:
        super().__init__(label="帮扶责任人", choices=[], required=False, empty_value=None, coerce=self._person)
        self.error_messages["invalid_choice"] = "此人现在不在这个网格任职，请重新选择。"
        self.people: dict[str, User] = {}

    def offer(self, team: Team, already: Iterable[User] = ()) -> None:
        labels = {person: f"{person.name}（现不在本网格任职）" for person in already} | team.people
        self.people = {str(person.pk): person for person in labels}
        self.coerce = self._person  # of this copy of the field
        self.choices = [("", "未指定"), *((person.pk, label) for person, label in labels.items())]

    def _person(self, pk: Any) -> User:
        if str(pk) not in self.people:
            raise ValueError
        return self.people[str(pk)]


class Hidden(Words):
    """A sealed word: never filled in, left empty it stays as it is."""

    def __init__(self, *, most: int, kind: str = "", rows: int = 0, **options: Any) -> None:
        self.kind = kind
        super().__init__(most=most, rows=rows, required=False, **options)
        self.widget.attrs |= {"autocomplete": "off"} | ({"inputmode": "tel"} if kind == "phone" else {})

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        return phone(words) if self.kind == "phone" and words not in ("", CLEAR) else words


def phone(words: str) -> str:
    try:
        return phones.canonical(words, demo=settings.DEMO)
    except phones.NotAPhone as problem:
        raise ValidationError(str(problem)) from None


def id_number(words: str) -> str:
    try:
        return id_numbers.canonical(words, demo=settings.DEMO)
    except id_numbers.NotAnIdNumber as problem:
        raise ValidationError(str(problem)) from None
