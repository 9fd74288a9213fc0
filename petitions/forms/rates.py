"""What the page of rates is asked for; all of it lives in its address."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from petitions import choices, periods
from petitions.filters import DayField, PlaceField
from petitions.forms.register import UNKNOWN
from petitions.periods import NotAPeriod
from petitions.ranking import SORTS, Asked
from petitions.rates import GROUPS
from petitions.reports import MONTH


def period_options(at: datetime) -> list[tuple[str, str]]:
    """The last thirty days, and the months, quarters and years that people look back on."""
    day = timezone.localdate(at)
    months, first = [], day.replace(day=1)
    for _ in range(13):
        months.append(first)
        first = periods.month_before(first)
    quarters = dict.fromkeys((month.year, (month.month + 2) // 3) for month in months)
    words = [
        MONTH,
        *(f"{month:%Y-%m}" for month in months),
        *(f"{year}-Q{quarter}" for year, quarter in quarters),
        str(day.year),
        str(day.year - 1),
    ]
    return [(one, periods.read(one, at).label) for one in words]


class RatesForm(forms.Form):
    by = forms.ChoiceField(
        label="按什么分",
        choices=[(name, label) for name, (label, _) in GROUPS.items()],
        required=False,
        error_messages={"invalid_choice": UNKNOWN},
    )
    period = forms.CharField(label="统计期", required=False, max_length=30)
    since = DayField(label="或自选：自", required=False)
    until = DayField(label="至（含）", required=False)
    place = PlaceField(label="街道、社区或网格", required=False, max_length=60)
    unit = forms.TypedChoiceField(
        label="承办单位", required=False, coerce=int, empty_value=None, error_messages={"invalid_choice": UNKNOWN}
    )
    item = forms.ChoiceField(label="事项", required=False, error_messages={"invalid_choice": UNKNOWN})
    channel = forms.ChoiceField(label="渠道", required=False, error_messages={"invalid_choice": UNKNOWN})
    sort = forms.ChoiceField(choices=[*SORTS.items()], required=False, widget=forms.HiddenInput)
    order = forms.ChoiceField(choices=[("falling", ""), ("rising", "")], required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, at: datetime) -> None:
        super().__init__(data)
        self.at = at
        anything = [("", "不限")]
        self._offer("period", period_options(at))
        self._offer("unit", anything + [(str(unit.pk), str(unit)) for unit in choices.units().values()])
        self._offer("item", anything + [(item.code, choices.label_of_item(item)) for item in choices.items().values()])
        self._offer("channel", anything + [(one.code, one.name) for one in choices.channels().values()])

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        if name != "period":
            field.choices = options
            return
        asked = str(self.data.get("period") or MONTH)
        known = options if asked in dict(options) else [(asked, asked), *options]
        field.widget = forms.Select(choices=known)

    def clean_period(self) -> str:
        words: str = self.cleaned_data["period"] or MONTH
        try:
            return periods.read(words, self.at).words
        except NotAPeriod as problem:
            raise ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        since, until = said.get("since"), said.get("until")
        if bool(since) != bool(until):
            self.add_error("until" if since else "since", "自选统计期要填起止两个日期。")
        elif since and until:
            try:
                said["period"] = periods.read(f"{since}..{until}", self.at).words
            except NotAPeriod as problem:
                self.add_error("until", str(problem))
        return said

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            by=said["by"] or "unit",
            period=periods.read(said["period"], self.at),
            place=said["place"],
            unit=said["unit"],
            item=said["item"],
            channel=said["channel"],
            sort=said["sort"],
            falling=said["order"] != "rising",
        )
