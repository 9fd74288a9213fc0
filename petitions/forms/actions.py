"""One form per action that needs words; its fields are named as the verb's keywords are."""

from typing import Any, ClassVar

from django import forms
from django.utils.safestring import SafeString

from accounts.models import User
from petitions import attachments, choices, proposals, workflow
from petitions.forms.attachments import Files
from petitions.forms.register import UNKNOWN, Chosen, Named
from petitions.forms.words import Moment, Words, day_options
from petitions.models import Callback, Direction, Dispatch, Nature, Petition, Satisfied, Solved, Tag
from petitions.step import STALE


class ActionForm(forms.Form):
    """The whole form of an action that needs no words: only which version of the petition was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    stale = False
    hint = ""  # what is proposed, and why
    lists: ClassVar[dict[str, Any]] = {}  # the names that a box offers beneath

    def __init__(self, data: Any = None, files: Any = None, *, petition: Petition) -> None:
        self.petition = petition
        super().__init__(data, files, initial=self.proposed(petition), auto_id="do_%s")

    def proposed(self, petition: Petition) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        """What was typed stays on the screen when somebody else was quicker."""
        if self.cleaned_data.get("seen") not in (None, self.petition.version):
            self.stale = True
            self.add_error(None, STALE)
        return self.cleaned_data

    def take(self, action: str, by: User) -> None:
        """The verb of this name, with what was said; the lock of the step looks at the version once more."""
        getattr(workflow, action)(self.petition, by=by, **self.cleaned_data)

    @property
    def datalists(self) -> list[tuple[str, SafeString]]:
        return [(name, options()) for name, options in self.lists.items()]


def yes_or_no(label: str, yes: str, no: str, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": UNKNOWN},
        **more,
    )


class AnswerForm(ActionForm):
    note = Words(label="答复内容", most=2000, rows=3, help_text="怎样答复来电人的，回看时用得上")


class RefuseForm(ActionForm):
    reason = Words(label="不予受理的理由", most=1000, rows=3)
    direction = forms.ChoiceField(
        label="告知的去向",
        choices=[("", "请选择"), *Direction.choices],
        error_messages={"required": "不予受理须告知去向。", "invalid_choice": UNKNOWN},
    )


class DispatchForm(ActionForm):
    to = Named("unit", "units", label="主办单位")
    opinion = Words(label="派单意见", most=200, rows=2, required=False)

    lists: ClassVar = {"units": choices.unit_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        proposal = proposals.unit_for(petition.item, petition.place)
        self.hint = f"建议派给 {proposal.unit}：{proposal.reason}" if proposal else "没有建议，请按职责选择单位。"
        return {"to": proposal.unit.name} if proposal else {}


class ContactForm(ActionForm):
    manner = Chosen(label="联系方式", choices=Dispatch.Manner.choices, initial=Dispatch.Manner.PHONE)
    reached = yes_or_no("是否联系上", "已联系上", "未联系上")
    note = Words(label="联系记录", most=500, rows=2, help_text="何时、与谁、说了什么；未联系上的写明试过几次")


class ReplyForm(ActionForm):
    result = Words(label="办理结果", most=2000, rows=5)
    basis = Words(label="办理依据", most=200, help_text="法规、政策或职责条款")
    assessment = Chosen(label="自评", choices=Dispatch.Assessment.choices)

    def proposed(self, petition: Petition) -> dict[str, Any]:
        """What was sent back is there to be corrected, not to be typed again."""
        if standard := petition.item.closing_standard:
            self.hint = f"结案标准：{standard}"
        last = petition.dispatches.filter(ended_at=None, role=Dispatch.Role.LEAD).first()
        return {name: getattr(last, name) for name in ("result", "basis", "assessment")} if last else {}


class RemarkForm(ActionForm):
    note = Words(label="意见", most=500, rows=2, required=False)


class ReasonForm(ActionForm):
    note = Words(label="理由", most=500, rows=2)


class CallBackForm(ActionForm):
    """Three questions, each answered by the caller; none of them when nobody picked up the phone."""

    way = Chosen(
        label="回访方式",
        choices=[(way.value, way.label) for way in (Callback.Way.PHONE, Callback.Way.VISIT)],
        initial=Callback.Way.PHONE,
    )
    reached = yes_or_no("是否接通", "接通", "未接通")
    contacted = yes_or_no("一、是否在规定时间内联系您", "是", "否", required=False, empty_value=None)
    solved = Chosen(label="二、问题是否解决", choices=Solved.choices, required=False)
    satisfied = Chosen(label="三、对办理是否满意", choices=Satisfied.choices, required=False)
    note = Words(label="备注", most=500, rows=2, required=False, help_text="不满意的，写清楚诉求人还要什么")

    hint = "未接通时三问留空：不同日、不同时段多次未接通，按“未评价”办结。"

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("reached") is True:
            for name in ("contacted", "solved", "satisfied"):
                if said.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, "接通了就要问到，请选一项。")
        elif said.get("reached") is False:
            said |= {"contacted": None, "solved": "", "satisfied": ""}
        return said


class AmendForm(ActionForm):
    title = Words(label="标题", most=80)
    content = Words(label="诉求内容", most=4000, rows=5)
    wish = Words(label="期望", most=200, required=False)
    address = Words(label="地址", most=120, required=False)
    happened_at = Moment(label="发生时间", options_id="days", required=False)
    place = Named("place", "places", label="所属网格")
    item = Named("item", "items", label="事项")
    nature = Chosen(label="诉求性质", choices=Nature.choices)
    tags = forms.MultipleChoiceField(
        label="标签",
        choices=Tag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": UNKNOWN},
    )

    lists: ClassVar = {"places": choices.place_options, "items": choices.item_options, "days": day_options}
    hint = "更正登记不改变任何期限；改前改后都留在经过里。"

    def proposed(self, petition: Petition) -> dict[str, Any]:
        return {name: getattr(petition, name) for name in self.base_fields if name != "seen"}


class AttachForm(ActionForm):
    files = Files(label="附件")  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.petition.attachments.count() + len(said.get("files", ())) > attachments.PER_PETITION:
            self.add_error("files", f"一件诉求最多 {attachments.PER_PETITION} 个附件。")
        return said

    def take(self, action: str, by: User) -> None:
        attachments.attach(self.petition, self.cleaned_data["files"], by=by)


FORMS: dict[str, type[ActionForm]] = {
    "answer": AnswerForm,
    "refuse": RefuseForm,
    "dispatch": DispatchForm,
    "contact": ContactForm,
    "reply": ReplyForm,
    "approve": RemarkForm,
    "send_back": ReasonForm,
    "pass_review": RemarkForm,
    "correct": ReasonForm,
    "call_back": CallBackForm,
    "conclude": ReasonForm,
    "reopen": ReasonForm,
    "amend": AmendForm,
    "attach": AttachForm,
}
