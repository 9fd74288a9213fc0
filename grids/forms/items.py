"""A department asks that a matter be put on the list of the grids, changed on it, or taken off it."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.models import Unit
from accounts.words import UNKNOWN, Words
from grids.forms.pressed import Pressed
from grids.models import Admission, Item, ListedItem, Span, Visibility
from grids.workflow import admitting

OUT_OF_RANGE = "请填 1 到 999 之间的数。"
NO_DAY = "请写成日期，如 2026-12-31。"


def _chosen(label: str, choices: Any) -> forms.ChoiceField:
    wrong = {"required": f"请选{label}。", "invalid_choice": UNKNOWN}
    return forms.ChoiceField(label=label, choices=choices, error_messages=wrong)


def _amount(label: str) -> forms.IntegerField:
    wrong = {"required": f"请填写{label}。", "invalid": "请填整数。"}
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    field = forms.IntegerField(label=label, widget=widget, error_messages=wrong)
    field.validators = [MinValueValidator(1, OUT_OF_RANGE), MaxValueValidator(999, OUT_OF_RANGE)]
    return field


class Asking(Pressed):
    """`unit`, `kind` and, but for a new one, `listed`: what is asked for; the words of it are the form's."""

    reason = Words(label="申请理由和依据", most=400, rows=3, help_text="为什么，依据哪份文件或哪项职责")

    def __init__(
        self,
        data: Any = None,
        *,
        unit: Unit,
        kind: str,
        listed: ListedItem | None,
        on: date,
        again: Admission | None = None,
        **first: Any,
    ) -> None:
        self.unit, self.kind, self.listed, self.on, self.again = unit, kind, listed, on, again
        super().__init__(data, initial=first)

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is said beside its field."""
        said = super().clean()
        if not self.errors and (why := admitting.hindrance(self.admission(), self.on)):
            self.add_error("name" if "name" in self.fields else None, why)
        return said

    def admission(self) -> Admission:
        item = self.listed.item if self.listed else None
        pk = self.again.pk if self.again else None
        return Admission(pk=pk, kind=self.kind, unit=self.unit, item=item, **self.values())

    def values(self) -> dict[str, Any]:
        assert self.listed, "only what is on the list is taken off it"
        return {**self.listed.values(), "reason": self.cleaned_data["reason"]}


class ItemForm(Asking):
    name = Words(label="事项", most=60, help_text="一看就知道是什么，如“共享单车乱停放”")
    domain = _chosen("领域", ())
    assisting = Words(label="配合单位", most=80, required=False)
    first_level = _chosen("首办层级", Item.Level.choices)
    urgency = _chosen("紧急程度", Item.Urgency.choices)
    respond_amount = _amount("响应时限")
    respond_span = _chosen("响应时限单位", Span.choices)
    close_amount = _amount("办结时限")
    close_span = _chosen("办结时限单位", Span.choices)
    closing_standard = Words(label="结案标准", most=80, help_text="看到什么算办好了")
    visibility = _chosen("公开级别", Visibility.choices)
    note = Words(label="备注", most=120, required=False)
    temporary = forms.BooleanField(label="临时事项（到期自动退出清单）", required=False)
    until = forms.DateField(
        label="有效期至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NO_DAY},
        help_text="临时事项必填，当天仍有效",
    )
    # What is asked for first, why last.
    field_order = (
        "name",
        "domain",
        "assisting",
        "first_level",
        "urgency",
        "respond_amount",
        "respond_span",
        "close_amount",
        "close_span",
        "closing_standard",
        "visibility",
        "note",
        "temporary",
        "until",
    )

    def __init__(self, data: Any = None, *, domains: list[str], **options: Any) -> None:
        usual = {"respond_span": Span.WORKING_HOUR, "close_span": Span.WORKING_DAY}
        super().__init__(data, **usual | options)
        self.fields["domain"].choices = [("", "请选择"), *((one, one) for one in domains)]  # type: ignore[attr-defined]
        if self.listed:
            first = {**self.listed.values(), "until": self.listed.until, "temporary": bool(self.listed.until)}
            self.initial = {**first, **self.initial}

    def clean(self) -> dict[str, Any]:
        temporary, until = self.cleaned_data.get("temporary"), self.cleaned_data.get("until")
        if temporary and not until and "until" not in self.errors:
            self.add_error("until", "临时事项必须写明有效期，到期自动退出清单。")
        if until and until < self.on:
            self.add_error("until", "有效期至不能早于今天。")
        if until and not temporary:
            self.add_error("temporary", "写了有效期的，请勾选“临时事项”；长期事项请清空有效期。")
        return super().clean()

    def values(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        lead = self.listed.lead or self.listed.item.lead if self.listed else self.unit
        line = self.listed.lead_line if self.listed else self.unit.line or self.unit.short_name
        return {**said, "lead": lead, "lead_line": line[:20]}


class NoteForm(forms.Form):
    note = Words(label="意见", most=400, rows=2)


class ApprovalForm(forms.Form):
    note = Words(label="意见", most=400, required=False)


class PublishForm(forms.Form):
    note = Words(label="公布说明", most=400, help_text="这一版改了什么、依据哪份文件，会留在版本记录里")
