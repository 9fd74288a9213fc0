"""What the audit trail is narrowed to; all of it lives in the address of the page."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from petitions.filters import DayField
from petitions.models import Petition
from shouyang.trail import KINDS, Asked


class TrailForm(forms.Form):
    kind = forms.ChoiceField(label="哪一类", required=False, choices=[("", "全部"), *KINDS.items()])
    person = forms.CharField(label="谁（姓名或账号）", required=False, max_length=60)
    subject = forms.CharField(label="对象（工单编号、文号）", required=False, max_length=60)
    since = DayField(label="自", required=False)
    until = DayField(label="至（含）", required=False)

    def clean_person(self) -> tuple[int, ...] | None:
        words = self.cleaned_data["person"].strip()
        if not words:
            return None
        found = User.objects.filter(Q(name=words) | Q(username=words)).values_list("pk", flat=True)
        if not found:
            raise forms.ValidationError("没有这个人，请写全姓名或账号。")
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", "止日早于起日，请核对。")
        return said

    def asked(self) -> Asked:
        said = self.cleaned_data
        subject = said["subject"].strip()
        petition = Petition.objects.filter(number=subject.upper()).values_list("pk", flat=True).first()
        return Asked(
            kind=said["kind"],
            people=said["person"],
            since=_midnight(said["since"]) if said["since"] else None,
            until=_midnight(said["until"] + timedelta(days=1)) if said["until"] else None,
            subject=subject.upper() if petition else subject,
            petition=petition,
        )

    def said(self) -> str:
        words = {name: self.data.get(name, "") for name in self.fields}
        words["kind"] = KINDS.get(words["kind"], "")
        return "；".join(f"{self.fields[name].label}：{said}" for name, said in words.items() if said)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
