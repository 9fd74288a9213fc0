"""What is kept of a shop: typed once, edited where it changes; sealed words are never filled in again."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from stdnum.cn import uscc

from accounts.words import UNKNOWN, Phone, Words
from grids.forms.pressed import Pressed
from grids.models import Place, Premises
from grids.models.premises import SEALED
from grids.workflow import premises as verbs

CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
NOT_KEPT = ("key", "base", "was", "place")
YES_NO = [("", "不清楚"), ("yes", "是"), ("no", "否")]


class PremisesForm(Pressed):
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    name = Words(label="名称", most=80)
    kind = forms.ChoiceField(label="类型", choices=Premises.Kind.choices, error_messages={"invalid_choice": UNKNOWN})
    place = forms.ChoiceField(label="网格", error_messages={"required": "请选网格。", "invalid_choice": UNKNOWN})
    address = Words(label="地址", most=120)
    credit_code = Words(label="统一社会信用代码", most=40, required=False, help_text="18 位，见营业执照；没有的不填")
    owner = Words(label="法人", most=40, required=False)
    contact = Words(label="联系人", most=40, required=False)
    phone = Phone(label="联系电话", required=False)
    employees = forms.IntegerField(
        label="从业人数",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "请填整数。"},
    )
    licence = Words(label="营业执照或许可", most=60, required=False)
    party_organisation = Words(label="党组织情况", most=60, required=False)
    fire_risk = forms.ChoiceField(
        label="消防等级", required=False, choices=[("", "未评定"), *Premises.FireRisk.choices]
    )
    uses_gas = forms.ChoiceField(label="使用燃气", required=False, choices=YES_NO)

    def __init__(self, data: Any = None, *, places: list[Place], premises: Premises | None = None) -> None:
        self.premises, self.places = premises, {one.code: one for one in places}
        super().__init__(data, initial=_before(premises) if premises else {"kind": Premises.Kind.SMALL})
        field: Any = self.fields["place"]
        field.choices = [(one.code, f"{one.parent or ''}{one}") for one in places]
        if premises is not None:
            del self.fields["place"]  # which grid it lies in follows from where it is, and that changes with the grids
            for name in SEALED:
                kept = getattr(premises, name)
                self.fields[name].help_text = "已登记，不改的留空" if kept else ""

    def clean_credit_code(self) -> str:
        code = re.sub(r"\s", "", self.cleaned_data["credit_code"]).upper()
        if not code:
            return ""
        if not CREDIT_CODE.fullmatch(code):
            raise ValidationError("统一社会信用代码是 18 位数字和大写字母（不含 I、O、S、V、Z），请核对。")
        if not uscc.is_valid(code):
            raise ValidationError("统一社会信用代码的校验码不符，有一位填错了，请对照营业执照逐位核对。")
        return code

    def clean_employees(self) -> int | None:
        number: int | None = self.cleaned_data["employees"]
        if number is not None and not 0 <= number <= 100_000:
            raise ValidationError("从业人数请填 0 到 100000 之间的数。")
        return number

    def clean(self) -> dict[str, Any]:
        """What the verbs would refuse is said beside its field."""
        said = super().clean()
        if self.errors:
            return said
        if self.premises is None:
            if why := verbs.code_taken(self.new()):
                self.add_error("credit_code", why)
            return said
        clashing = verbs.changed_since(self.premises, self.base_version) & self.values().keys()
        for name in clashing:
            self.add_error(name, f"刚刚被别人改成“{_plain(self.premises, name)}”，请核对后再提交。")
        if clashing:
            self._begin_anew(self.premises)
        return said

    def values(self) -> dict[str, Any]:
        """What is written; of an edit only what its author has touched."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in NOT_KEPT}
        if "uses_gas" in said:
            said["uses_gas"] = {"yes": True, "no": False}.get(said["uses_gas"])
        return said if self.premises is None else {name: said[name] for name in said if name in self._touched()}

    def new(self) -> Premises:
        return Premises(place=self.places[self.cleaned_data["place"]], **self.values())

    @property
    def base_version(self) -> int:
        """Without one nothing is known of what was before her eyes: whatever was changed since asks."""
        return self.cleaned_data.get("base") or 0

    def _touched(self) -> set[str]:
        was = _read(self.cleaned_data.get("was", ""))
        return {name for name in self.fields if self.data.get(name, "").strip() != was.get(name, "")}

    def _begin_anew(self, premises: Premises) -> None:
        """She has now seen what the others wrote: what she touched stays as typed, everything else is theirs."""
        touched, now = self._touched(), _before(premises)
        self.put(**{name: value for name, value in now.items() if name not in touched or name in ("base", "was")})


class PatrolForm(Pressed):
    note = Words(label="巡查情况", most=400, rows=2, help_text="看了什么，如“灭火器在有效期内，通道畅通”")


class ClosingForm(Pressed):
    note = Words(label="停业说明", most=400)


class UnmaskForm(forms.Form):
    field = forms.ChoiceField(
        label="字段", choices=[(name, name) for name in SEALED], error_messages={"invalid_choice": UNKNOWN}
    )
    reason = Words(label="查看事由", most=200, error_messages={"required": "请填写查看事由，会记入查阅记录。"})


def _before(premises: Premises) -> dict[str, str]:
    """The form as it stands before anybody touches it; sealed words are not in it."""
    gas = {True: "yes", False: "no", None: ""}[premises.uses_gas]
    kept = {name: getattr(premises, name) for name in PremisesForm.base_fields if name not in NOT_KEPT + SEALED}
    words = {name: "" if value is None else str(value) for name, value in kept.items()} | {"uses_gas": gas}
    return words | {"base": str(premises.version), "was": json.dumps(words, ensure_ascii=False)}


def _read(was: str) -> dict[str, str]:
    """Of a browser that sent something else: as if it had seen nothing."""
    try:
        read = json.loads(was)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}


def _plain(premises: Premises, name: str) -> str:
    """Sealed words stay sealed, also in a refusal."""
    return "（已隐去）" if name in SEALED else verbs.words(premises, name)
