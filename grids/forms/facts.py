"""What is known of a compound or a building: typed once, edited where it changes."""

from collections.abc import Collection
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Unit
from accounts.words import UNKNOWN, Words
from grids.forms.staffing import Day
from grids.models import Building, Compound
from grids.workflow import facts
from grids.workflow.spelling import words

MOST = 100_000
OLDEST = 1900
NOT_KNOWN = [("", "未登记")]


class Number(forms.IntegerField):
    """No spinner: a thumb would turn the number by accident."""

    def __init__(self, *, label: str, least: int = 0, most: int = MOST, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        bounds = {"min_value": f"不能小于 {least}。", "max_value": f"不能大于 {most}。", "invalid": "请填整数。"}
        super().__init__(
            label=label,
            required=False,
            min_value=least,
            max_value=most,
            widget=forms.TextInput(attrs=attrs),
            error_messages=bounds,
            **options,
        )


class One(forms.ChoiceField):
    def __init__(self, *, label: str, choices: list[tuple[str, str]]) -> None:
        said = {"invalid_choice": UNKNOWN}
        super().__init__(label=label, required=False, choices=NOT_KNOWN + choices, error_messages=said)


class YesOrNo(forms.TypedChoiceField):
    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            choices=[*NOT_KNOWN, ("True", "有"), ("False", "没有")],
            coerce=lambda said: said == "True",
            empty_value=None,
            error_messages={"invalid_choice": UNKNOWN},
        )


class FactsForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, row: facts.Row) -> None:
        newest = facts.changes(row).values_list("pk", flat=True).first() or 0
        self.row, now = row, {name: getattr(row, name) for name in self.base_fields if name != "seen"}
        super().__init__(data, initial=now | {"seen": newest})

    def clean(self) -> dict[str, Any]:
        """What she did not touch is left as others wrote it meanwhile; what they both touched stops and asks."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        was, touched = facts.before(self.row, self.since), self.values()
        clashing = [name for name in touched if name in was and touched[name] != getattr(self.row, name)]
        for name in clashing:
            self.add_error(name, f"刚刚被别人改成“{words(self.row, name) or '空'}”，请核对后再提交。")
        if clashing:
            self._begin_anew(touched)
        return said

    def values(self) -> dict[str, Any]:
        """What its author has touched: words other than those that stood there when she opened it."""
        was = facts.before(self.row, self.since)
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {name: said[name] for name in said if self._spelled(name, said[name]) != was.get(name, self._now(name))}

    @property
    def since(self) -> int:
        """Without it nothing is known of what was before her eyes: whatever was ever changed asks."""
        return self.cleaned_data.get("seen") or 0

    def _now(self, name: str) -> str:
        return words(self.row, name)

    def _spelled(self, name: str, value: Any) -> str:
        return words(type(self.row)(**{name: value}), name)

    def _begin_anew(self, touched: Collection[str]) -> None:
        """She has now seen what the others wrote: what she touched stays as typed, everything else is theirs."""
        data = cast(QueryDict, self.data).copy()
        for name, field in self.fields.items():
            if name not in touched:
                now = field.prepare_value(self.initial[name])
                data[name] = "" if now is None else str(getattr(now, "pk", now))
        self.data = data


class CompoundForm(FactsForm):
    property_company = forms.ModelChoiceField(
        Unit.objects.none(),
        label="物业企业",
        required=False,
        empty_label="未登记",
        help_text="名单里没有的，请系统管理员先在单位里登记",
        error_messages={"invalid_choice": UNKNOWN},
    )
    owners_committee = Words(label="业主委员会", most=60, required=False, help_text="名称和第几届，没有的不填")
    committee_until = Day(label="业委会届满", required=False)
    parking_spaces = Number(label="车位数")
    charging_points = Number(label="充电桩数")
    renewal = One(label="老旧小区改造", choices=Compound.Renewal.choices)
    repair_fund = YesOrNo(label="维修资金")

    def __init__(self, data: Any = None, *, row: Compound) -> None:
        super().__init__(data, row=row)
        company: Any = self.fields["property_company"]
        company.queryset = Unit.objects.filter(
            Q(kind=Unit.Kind.PROPERTY_COMPANY, active=True) | Q(pk=row.property_company_id)
        )

    def clean_committee_until(self) -> date | None:
        until: date | None = self.cleaned_data["committee_until"]
        if until and not self.cleaned_data.get("owners_committee"):
            raise ValidationError("填了届满日期，请先填业主委员会。")
        return until


class BuildingForm(FactsForm):
    built_year = Number(label="建筑年代", least=OLDEST, most=9999, help_text="建成的年份，如 1998")
    structure = One(label="结构", choices=Building.Structure.choices)
    heating = One(label="供暖方式", choices=Building.Heating.choices)
    gas = One(label="燃气类型", choices=Building.Gas.choices)
    elevator = YesOrNo(label="电梯")
    accessible = YesOrNo(label="无障碍设施")

    def clean_built_year(self) -> int | None:
        year: int | None = self.cleaned_data["built_year"]
        if year and year > timezone.localdate().year:
            raise ValidationError("还没有到这一年，请核对。")
        return year
