"""What became of a need or a wish."""

from uuid import UUID, uuid4

from django import forms

from grids.models import Need
from petitions.forms.words import Words
from shouyang.homes.fields import One


class SettleForm(forms.Form):
    state = One(label="结果", choices=[(Need.State.MET, "已满足"), (Need.State.WITHDRAWN, "撤回")])
    answer = Words(label="说明", most=200)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_key(self) -> UUID:
        key: UUID | None = self.cleaned_data["key"]
        return key or uuid4()
