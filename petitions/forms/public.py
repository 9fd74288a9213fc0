"""What residents fill in: number and code, what is not solved, how it went."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from petitions.forms.words import Words
from petitions.models import Satisfied, Solved

CHOOSE = {"required": "请选择一项。", "invalid_choice": "请重新选择。"}


class LookUpForm(forms.Form):
    number = Words(label="诉求编号", most=40, help_text="如 SG2026112200001，话务员登记时已告知。")
    code = Words(label="查询码", most=20, help_text="6 位字母和数字，不分大小写。")

    def clean_number(self) -> str:
        spelled = _plain(self.cleaned_data["number"])
        found = re.fullmatch(r"(?:SG)?([0-9]{13})", spelled)
        if not found:
            raise ValidationError("编号是 SG 加 13 位数字，请核对。")
        return f"SG{found[1]}"

    def clean_code(self) -> str:
        spelled = _plain(self.cleaned_data["code"])
        if not re.fullmatch(r"[A-Z0-9]{6}", spelled):
            raise ValidationError("查询码是 6 位字母和数字，请核对。")
        return spelled


class UnsolvedForm(forms.Form):
    note = Words(label="哪里没有解决", most=300, rows=3, help_text="请不要填写身份证号、银行卡号。")


class RatingForm(forms.Form):
    solved = forms.ChoiceField(
        label="问题解决了吗", choices=Solved.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    satisfied = forms.ChoiceField(
        label="您对办理满意吗", choices=Satisfied.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    contacted = forms.TypedChoiceField(
        label="承办单位联系过您吗",
        choices=[("yes", "联系过"), ("no", "没有"), ("", "记不清")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="",
        error_messages=CHOOSE,
    )
    note = Words(label="想补充的话", most=300, rows=2, required=False)


class AnswerForm(RatingForm):
    """The three questions of the call-back, in the words of the call."""

    contacted = forms.TypedChoiceField(
        label="一、承办单位是否在规定时间内联系您",
        choices=[("yes", "是"), ("no", "否"), ("", "记不清")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    field_order = ("contacted", "solved", "satisfied", "note")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["solved"].label = "二、问题是否解决"
        self.fields["satisfied"].label = "三、对办理是否满意"


def _plain(words: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", words)).upper()
