"""Two people leave a petition out of the rates: what the first writes, and what the second."""

from typing import Any

from django import forms

from petitions.forms.register import UNKNOWN
from petitions.forms.words import Words


class DecisionForm(forms.Form):
    agreed = forms.TypedChoiceField(
        label="复核结论",
        choices=[("yes", "同意剔除"), ("no", "不同意，照常考核")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": UNKNOWN},
    )
    words = Words(label="复核意见", most=300, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("agreed") is False and not said.get("words"):
            self.add_error("words", "不同意的，请写明理由。")
        return said
