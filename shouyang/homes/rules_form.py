"""The rules of visiting as one form, with what they would ask of a working day before they are saved."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from grids.models import Colour, VisitRule
from grids.workflow.rules import FIELDS
from shouyang.homes.fields import NO_NUMBER, One, Told


def _number(label: str, least: int, most: int) -> forms.IntegerField:
    bounds = {"min_value": f"不能小于 {least}。", "max_value": f"不能大于 {most}。"}
    messages = bounds | {"invalid": NO_NUMBER, "required": f"请填写{label}。"}
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=messages)


class RuleForm(forms.Form):
    every = _number("每", 1, 99)
    unit = One(label="周期", choices=VisitRule.Unit.choices)
    phone_percent = _number("电话上限（%）", 0, 100)
    self_confirmed = Told(label="可自助确认", unknown=False)
    newcomer_days = _number("新迁入首访（天）", 1, 365)
    crisis_days = _number("重大变故到户（天）", 1, 30)
    escalate_days = _number("逾期几天报书记", 0, 90)

    def __init__(self, rule: VisitRule, data: Any = None) -> None:
        self.stored = rule
        initial = {name: getattr(rule, name) for name in FIELDS}
        super().__init__(data, prefix=rule.colour, initial=initial, auto_id="rule-%s")

    def rule(self) -> VisitRule:
        said = {name: self.cleaned_data[name] for name in FIELDS}
        return VisitRule(colour=self.stored.colour, manner=self.stored.manner, who=self.stored.who, **said)


class CapForm(forms.Form):
    cap = _number("每人每个工作日最多走访（户）", 1, 60)


class RulesForm:
    """One form for each colour, and the cap."""

    def __init__(self, rules: dict[str, VisitRule], cap: int, data: Any = None) -> None:
        self.forms = [RuleForm(rules[colour], data) for colour in Colour.values if colour in rules]
        self.cap = CapForm(data, initial={"cap": cap}, auto_id="rule-%s")

    @cached_property
    def valid(self) -> bool:
        return all([*(form.is_valid() for form in self.forms), self.cap.is_valid()])

    def rules(self) -> dict[str, VisitRule]:
        return {form.stored.colour: form.rule() for form in self.forms}
