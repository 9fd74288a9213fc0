"""For which class, which item and which moment the ladder is tried."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from petitions.models import PromiseClass


class TrialForm(forms.Form):
    promise_class = forms.ChoiceField(
        label="类别",
        choices=PromiseClass.choices,
        initial=PromiseClass.COMPLAINT,
        error_messages={"invalid_choice": "没有这个类别，请重新选择。", "required": "请选择类别。"},
    )
    at = forms.DateTimeField(
        label="派单时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "请写成 2026-11-22 15:04。", "required": "请填写派单时间。"},
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not 2000 <= at.year <= 2100:
            raise ValidationError("请核对年份。")
        return at

    def said(self, now: datetime) -> dict[str, Any]:
        """What was asked; what was not, or wrongly, is a complaint that is dispatched now."""
        self.initial["at"] = now.replace(second=0, microsecond=0)
        said = self.cleaned_data if self.is_bound and not self.errors else {}
        return {
            "promise_class": said.get("promise_class", PromiseClass.COMPLAINT),
            "at": said.get("at", self.initial["at"]),
        }
