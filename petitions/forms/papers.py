"""One form per action on a meeting, a briefing, a task; its fields are named as the verb's keywords are."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from petitions import choices
from petitions.forms.register import UNKNOWN
from petitions.forms.words import Words
from petitions.models import Briefing, Meeting, SupervisionNotice, Task
from petitions.papers import assignments, briefings, meetings, notices
from petitions.papers.assignments import Charge
from petitions.papers.rules import Paper
from petitions.papers.step import STALE

VERBS: dict[type[Paper], Any] = {
    Meeting: meetings,
    Briefing: briefings,
    Task: assignments,
    SupervisionNotice: notices,
}
CHOSEN = {"required": "请选一项。", "invalid_choice": UNKNOWN}


class PaperForm(forms.Form):
    """The whole form of an action that needs no words: only which version was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    hint = ""
    stale = False

    def __init__(self, data: Any = None, files: Any = None, *, paper: Paper, user: User) -> None:
        self.paper, self.user = paper, user
        super().__init__(data, files, initial=self.proposed(), auto_id="do_%s")
        self.prepare()

    def proposed(self) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        """Fill the choices that depend on the paper and the person."""

    def clean(self) -> dict[str, Any]:
        """What was typed stays on the screen when somebody else was quicker."""
        if self.cleaned_data.get("seen") not in (None, self.paper.version):
            self.stale = True
            self.add_error(None, STALE)
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        return self.cleaned_data

    def take(self, action: str) -> Any:
        verbs = VERBS[type(self.paper)]
        verb = getattr(verbs, action, None) or getattr(verbs, f"{action}_")
        return verb(self.paper, by=self.user, **self.said())

    @property
    def datalists(self) -> list[tuple[str, str]]:
        listed = any(field.widget.attrs.get("list") == "units" for field in self.fields.values())
        return [("units", choices.unit_options())] if listed else []


class Instant(forms.DateTimeField):
    """A day and a minute, from the browser's own picker."""

    def __init__(self, *, coming: bool = False, **options: Any) -> None:
        self.coming = coming
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = {"required": f"请填写{options['label']}。", "invalid": "请写成 2026-11-22 15:04。"}
        super().__init__(widget=widget, error_messages=wrong, **options)

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        if found and not 2000 <= found.year <= 2100:
            raise ValidationError("请核对年份。")
        if found and self.coming and found <= timezone.now():
            raise ValidationError("要晚于现在。")
        return found


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages={"invalid": "请写成 2026-11-22。"}, **options)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found and not timezone.localdate() <= found <= timezone.localdate().replace(year=2100):
            raise ValidationError("要在今天以后，请核对。")
        return found


class TextForm(PaperForm):
    text = Words(label="内容", most=2000, rows=4)


class OpinionForm(PaperForm):
    text = Words(label="意见", most=500, rows=2, required=False)


class NoteForm(PaperForm):
    note = Words(label="理由", most=500, rows=2)


class RemarkForm(PaperForm):
    note = Words(label="说明", most=500, rows=2, required=False)


def charge_of(said: dict[str, Any], content: str) -> Charge | None:
    """Takes the fields of a charge out of what was said."""
    unit, due_at = said.pop("unit"), said.pop("due_at")
    assisting, standard = said.pop("assisting"), said.pop("standard")
    return Charge(unit, due_at, content, standard, assisting) if unit and due_at else None
