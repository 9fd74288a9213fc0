"""Forms of one's own account."""

from django import forms

from accounts.models import ApiKey


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ApiKey
        fields = ("name",)
        help_texts = {"name": "给谁用、做什么，如“市数据局每日同步”"}
