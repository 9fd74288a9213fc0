"""What is asked for with more words than a yes: more time, a place on the books, an end, one petition of two."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from grids.models import Span
from petitions import lookalikes, terms
from petitions.askings import decides_extension, extension_cap, why_not_into
from petitions.forms.action import ActionForm
from petitions.forms.register import Chosen
from petitions.forms.words import Moment, Words, day_options
from petitions.models import Dispatch, Petition, Suspension, Termination
from petitions.permissions import REVIEWERS
from petitions.promises import Length

TOLD = ("told_manner", "told_at", "told_words")
NUMBERS = re.compile(r"(?<!\d)(1\d{10}|\d{17}[\dXx]|0\d{2,3}-?\d{7,8})(?!\d)")  # mobile, ID card, fixed line


class Day(forms.DateField):
    def __init__(self, *, label: str, **options: Any) -> None:
        wrong = {"required": f"请填写{label}。", "invalid": "请写成 2027-03-31 这样的日期。"}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, error_messages=wrong, **options)


def still_to_come(day: Any) -> None:
    if day and day <= timezone.localdate():
        raise ValidationError("请填今天以后的日期。")


class TellingForm(ActionForm):
    """With proof that the caller was told; nobody can be told who left no number."""

    told_manner = Chosen(label="怎样告知诉求人", choices=Dispatch.Manner.choices, required=False)
    told_at = Moment(label="告知时间", options_id="days", required=False)
    told_words = Words(label="告知内容", most=500, rows=2, required=False, help_text="说了什么，诉求人怎么说")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.petition.reachable:
            for name in TOLD:
                self.fields[name].required = True
                self.fields[name].error_messages = {"required": "须先告知诉求人，并记下怎样、何时、说了什么。"}
            self.order_fields([name for name in self.fields if name not in TOLD])
        else:
            for name in TOLD:
                del self.fields[name]

    @property
    def datalists(self) -> list[tuple[str, SafeString]]:
        return [("days", day_options())]


class ExtensionForm(TellingForm):
    amount = forms.IntegerField(
        label="延长多久",
        min_value=1,
        error_messages={"required": "请填写延长多久。", "invalid": "请填整数。", "min_value": "至少填 1。"},
    )
    reason = Words(label="延期理由", most=200, rows=2)
    progress = Words(label="阶段进展", most=1000, rows=3, help_text="到现在做了什么、卡在哪里")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.cap:
            self.fields["amount"].label = f"延长多少{Span(self.cap.span).label}"

    def proposed(self, petition: Petition) -> dict[str, Any]:
        self.cap = extension_cap(petition)
        if self.cap:
            first = Length(terms.setting("extension_reviewer_days"), self.cap.span)
            self.hint = f"本件最多延期 {terms.said(self.cap)}，每次办理一次；审批期间期限照走。"
            if decides_extension(self.cap) is not REVIEWERS and self.cap.amount > first.amount:
                self.hint += f"{terms.said(first)}以内由中心审核员批，超过的由中心主任批。"
        return {}

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if self.cap and amount > self.cap.amount:
            raise ValidationError(f"最多 {terms.said(self.cap)}。")
        return amount


class FeedbackForm(ActionForm):
    note = Words(label="阶段进展", most=500, rows=3, help_text="诉求人查询进度时看得到这些话")
    hint = "写给诉求人看：做到哪一步、还要多久。请勿写姓名、电话和证件号码。"

    def clean_note(self) -> str:
        words: str = self.cleaned_data["note"]
        names_nobody(words, self.petition)
        return words


def names_nobody(words: str, petition: Petition) -> None:
    name = petition.caller_name
    if NUMBERS.search(words) or (len(name) > 1 and name in words):
        raise ValidationError("这段话诉求人以外的人也会读到，请去掉其中的姓名、电话或证件号码。")


class SuspensionForm(TellingForm):
    reason = Chosen(label="挂账原因", choices=Suspension.Reason.choices)
    work_done = Words(label="已做工作", most=1000, rows=3)
    next_step = Words(label="下一步", most=1000, rows=2, help_text="等什么、由谁推动、到哪个节点")
    leader = Words(label="责任领导", most=40)
    expected_on = Day(label="预计销账日", validators=[still_to_come])

    def proposed(self, petition: Petition) -> dict[str, Any]:
        length = terms.suspension_review()
        self.hint = (
            "依次由单位负责人、中心主任、分管市领导审批；批准前期限照走，"
            f"批准后停走，每 {terms.said(length)}复核一次。挂账不算办结，也不算解决。"
        )
        return {}


class ReviewForm(ActionForm):
    note = Words(label="复核情况", most=1000, rows=3, help_text="这段时间推进了什么，挂账原因是否还在")
    expected_on = Day(label="预计销账日", required=False, validators=[still_to_come], help_text="不变的留空")


class TerminationForm(TellingForm):
    ground = Chosen(label="终止理由", choices=Termination.Ground.choices)
    evidence = Words(
        label="事实和材料", most=1000, rows=3, help_text="何时要求提供或作了解释、诉求人怎么答、见哪份附件"
    )

    hint = "由中心审核员审批；批准前期限照走。"


class MergeForm(ActionForm):
    into = Words(label="主单编号", most=20, widget=forms.TextInput(attrs={"list": "mains", "autocomplete": "off"}))
    note = Words(label="说明", most=200, rows=2, required=False, help_text="为什么是同一件事")

    hint = "并入后由主单办理；主单办完，这位诉求人同样会被告知和回访，也可用自己的编号和查询码查进度。"

    def clean_into(self) -> Petition:
        number = self.cleaned_data["into"].split()[0].upper()
        main = Petition.objects.filter(number=number).select_related("merged_into").first()
        if main is None:
            raise ValidationError("没有这个编号，请核对。")
        if why := why_not_into(self.petition, main):
            raise ValidationError(why)
        return main

    @property
    def datalists(self) -> list[tuple[str, SafeString]]:
        alike = lookalikes.mains_for(self.petition, at=timezone.now())
        rows = ((one.petition.number, f"{one.petition.title}（{'；'.join(one.reasons)}）") for one in alike)
        return [("mains", format_html_join("", '<option value="{}">{}</option>', rows))]
