"""What one shift leaves to the next."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from petitions.forms.register import Chosen
from petitions.forms.words import Words
from petitions.models import Handover, Petition

MOST_PETITIONS = 30


class HandoverForm(forms.Form):
    on = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "请写成日期，如 2026-12-31。"},
    )
    shift = Chosen(label="班次", choices=Handover.Shift.choices)
    text = Words(label="交接事项", most=2000, rows=5, help_text="没办完的、要盯的、领导交办的；没有的写“无”")
    petitions = Words(label="未了的工单", most=600, rows=2, required=False, help_text="工单编号，一行一个或用顿号分开")

    def __init__(self, data: Any = None, *, user: User, **initial: Any) -> None:
        self.user = user
        super().__init__(data, initial=initial)

    def clean_petitions(self) -> list[Petition]:
        said = self.cleaned_data["petitions"].upper().replace("、", " ").replace("，", " ").replace(",", " ")
        numbers = list(dict.fromkeys(said.split()))
        if len(numbers) > MOST_PETITIONS:
            raise ValidationError(f"一班最多列 {MOST_PETITIONS} 件。")
        found = {one.number: one for one in Petition.objects.visible_to(self.user).filter(number__in=numbers)}
        if missing := [number for number in numbers if number not in found]:
            raise ValidationError(f"没有找到 {'、'.join(missing[:5])}，请核对编号。")
        return [found[number] for number in numbers]
