"""Forms of one's own account."""

import re
import uuid
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.cache import cache

from accounts.models import ApiKey


class ApiKeyForm(forms.ModelForm):
    class Meta:
        model = ApiKey
        fields = ("name",)
        help_texts = {"name": "给谁用、做什么，如“市数据局每日同步”"}


class ExportForm(forms.Form):
    token = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    purpose = forms.CharField(
        label="用途",
        max_length=100,
        help_text="做什么用、给谁看，如“11 月例会汇报”。会记入查阅记录，并印在表上",
        error_messages={"required": "请填写用途。"},
    )


class DecisionForm(forms.Form):
    """Agreed or not; who refuses says why."""

    agreed = forms.TypedChoiceField(
        label="决定",
        choices=[("yes", "批准"), ("no", "不批准")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选批准或不批准。"},
    )
    why = forms.CharField(label="说明", max_length=100, required=False, help_text="不批准时请写明理由")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("agreed") is False and not said.get("why"):
            self.add_error("why", "请写明为什么不批准。")
        return said


class SecondFactorForm(AuthenticateForm):
    """A code opens once. allauth remembers it for 30 seconds, but with its tolerance it would fit for 90."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if not cache.add(f"second-factor-used:{self.user.pk}:{re.sub(r'[^0-9]', '', code)}", 1, timeout=120):
            raise get_adapter().validation_error("incorrect_code")
        return code
