"""What of a home is hidden, how it is shown hidden, and one field of it in full, for a reason, on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from accounts.masking import hide, mask_id_number, mask_name, mask_phone
from accounts.models import Access, User
from grids.models import Care, Dwelling, Household, Resident, Tenancy
from petitions.forms.words import Words

Mask = Callable[[str], str]


MASKS: dict[type[models.Model], dict[str, Mask]] = {
    Resident: {"name": mask_name, "id_number": mask_id_number, "phone": mask_phone, "emergency_contact": hide},
    Household: {"phone": mask_phone, "hardship": hide, "welfare": hide},
    Care: {"category": hide, "degree": hide, "need": hide, "guardian": hide, "health": hide},
    Tenancy: {"landlord": mask_name},
}


def masked(row: models.Model, name: str) -> str:
    words: str = getattr(row, name) or ""
    return MASKS[type(row)][name](words)


@dataclass(frozen=True, slots=True)
class Secret:
    """One field that may be looked at."""

    key: str  # “resident-12-phone”
    subject: str  # as the record of looks names it: “resident:12”
    label: str
    words: str


def secrets_of(rows: list[Any]) -> list[Secret]:
    """All that is hidden and not empty, of rows of one household."""
    return [_secret(row, name) for row in rows for name in MASKS[type(row)] if getattr(row, name)]


def subject_of(row: models.Model) -> str:
    """Care belongs to its person, a letting to its household."""
    match row:
        case Care():
            return f"resident:{row.resident_id}"
        case Tenancy() | Dwelling():
            return f"dwelling:{row.pk if isinstance(row, Dwelling) else row.dwelling_id}"
    return f"{row._meta.model_name}:{row.pk}"


def _secret(row: models.Model, name: str) -> Secret:
    column: Any = row._meta.get_field(name)
    label = str(column.verbose_name)
    if isinstance(row, Care):
        label = f"重点关爱 {row.number}（{label}）"
    words = getattr(row, name)
    if isinstance(row, Care) and name == "category":
        words = dict(Care.Category.choices).get(words, words)
    return Secret(f"{row._meta.model_name}-{row.pk}-{name}", subject_of(row), label, words)


class UnmaskForm(forms.Form):
    field = forms.CharField()
    reason = Words(label="查看事由", most=200)

    def __init__(self, data: Any, secrets: list[Secret]) -> None:
        super().__init__(data)
        self.secrets = {secret.key: secret for secret in secrets}

    def clean_field(self) -> Secret:
        secret = self.secrets.get(self.cleaned_data["field"])
        if secret is None:
            raise forms.ValidationError("这一项现在没有内容，请刷新后再看。")
        return secret

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if len(reason) < 2:
            raise forms.ValidationError("请把事由写清楚，至少两个字。")
        return reason

    def record(self, *, by: User, at: datetime) -> Secret:
        """The look is on record before its answer leaves."""
        secret: Secret = self.cleaned_data["field"]
        Access.objects.create(
            by=by,
            at=at,
            kind=Access.Kind.UNMASK,
            subject=secret.subject,
            field=secret.label,
            reason=self.cleaned_data["reason"],
        )
        return secret
