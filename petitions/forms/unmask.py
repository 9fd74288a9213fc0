"""To see one masked field one says which, and why."""

from datetime import datetime

from django import forms

from accounts.models import Access, User
from petitions.dossier import CALLER_FIELDS


class UnmaskForm(forms.Form):
    field = forms.ChoiceField(label="字段", choices=[(name, label) for name, (label, _) in CALLER_FIELDS.items()])
    reason = forms.CharField(
        label="查看事由",
        min_length=2,
        max_length=200,
        error_messages={"required": "请填写查看事由，会记入查阅记录。", "min_length": "请把事由写清楚，至少两个字。"},
    )

    def record(self, *, by: User, subject: str, label: str, at: datetime) -> None:
        Access.objects.create(
            by=by, at=at, kind=Access.Kind.UNMASK, subject=subject, field=label, reason=self.cleaned_data["reason"]
        )
