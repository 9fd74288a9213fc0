"""One form per action that needs words; its fields are named as the verb's keywords are."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from accounts.models import User
from grids.models import Item
from petitions import attachments, choices, photos, proposals
from petitions.forms.action import ActionForm, yes_or_no
from petitions.forms.askings import (
    ExtensionForm,
    FeedbackForm,
    MergeForm,
    ReviewForm,
    SuspensionForm,
    TerminationForm,
    names_nobody,
)
from petitions.forms.attachments import Files
from petitions.forms.cited import Cited, fitting, nothing_to_cite
from petitions.forms.raising import BriefForm
from petitions.forms.register import UNKNOWN, Chosen, Named
from petitions.forms.returns import RETURN_FORMS
from petitions.forms.supervision import SUPERVISION_FORMS
from petitions.forms.words import Moment, Words, day_options
from petitions.models import Callback, Direction, Dispatch, Exclusion, Meeting, Nature, Petition, Satisfied, Solved, Tag
from petitions.workflow.leaking import why_not_of


class AcceptForm(ActionForm):
    """What a resident or a grid worker wrote down is sorted by whoever takes it; a wordless program changes nothing."""

    item = Named("item", "items", label="事项", required=False)
    place = Named("place", "places", label="所属网格", required=False)
    nature = Chosen(label="诉求性质", choices=Nature.choices, required=False)
    urgency = Chosen(label="紧急程度", choices=[("", "不变，改了事项的随事项"), *Item.Urgency.choices], required=False)

    lists: ClassVar = {"places": choices.place_options, "items": choices.item_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        found = proposals.items_for(f"{petition.title} {petition.content}")
        if found:
            self.hint = "系统建议：" + "；".join(f"{one.label}（{one.reason}）" for one in found[:PROPOSED])
        first = next((one.item for one in found if one.sure), None) if petition.item.unsorted else petition.item
        return {"item": first, "place": petition.place, "nature": petition.nature, "urgency": ""}

    def clean_item(self) -> Item | None:
        item: Item | None = self.cleaned_data["item"]
        if (item or self.petition.item).unsorted:
            raise ValidationError("上报的人说不清是哪一类，请选定事项。")
        return item


class AnswerForm(ActionForm):
    note = Words(label="答复内容", most=2000, rows=3, help_text="怎样答复来电人的，回看时用得上")
    cites = Cited(label="依据的知识条目", options_id="entries")

    def proposed(self, petition: Petition) -> dict[str, Any]:
        self.suggested = fitting(petition)
        first = next(iter(self.suggested), None)
        self.hint = (
            f"建议依据《{first.entry.title}》：{first.reason}。{first.entry.text}" if first else nothing_to_cite()
        )
        return {"cites": first.label} if first else {}

    @property
    def datalists(self) -> list[tuple[str, SafeString]]:
        return [("entries", choices.options([(one.label, one.reason) for one in self.suggested]))]


class RefuseForm(ActionForm):
    reason = Words(label="不予受理的理由", most=1000, rows=3)
    direction = forms.ChoiceField(
        label="告知的去向",
        choices=[("", "请选择"), *Direction.choices],
        error_messages={"required": "不予受理须告知去向。", "invalid_choice": UNKNOWN},
    )


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


PROPOSED = 3  # items, each with its reason
BY_STAFF = [(way.value, way.label) for way in (Callback.Way.PHONE, Callback.Way.VISIT)]


class CallBackForm(ActionForm):
    """Three questions, each answered by the caller; none of them when nobody picked up the phone."""

    way = Chosen(
        label="回访方式",
        choices=BY_STAFF,
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


class ExclusionForm(ActionForm):
    reason = Chosen(label="剔除理由", choices=Exclusion.Reason.choices)
    note = Words(label="事实说明", most=500, rows=3, help_text="写明事实和依据；由另一个人复核，件数公开")

    hint = "提请后由另一个人复核同意才不计入考核；诉求照常办理、照常回访。"


class LeakForm(ActionForm):
    unit = Named("unit", "units", label="泄露的单位")
    note = Words(label="事实", most=500, rows=3, help_text="何时、经谁、泄露了什么；不写诉求人姓名和电话")
    passed_to = Words(label="移送", most=60, help_text="移送哪个部门处理")

    hint = "由中心主任认定，计入该单位扣分（每件 10 分），登记后不能撤销。"
    lists: ClassVar = {"units": choices.unit_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        return {"unit": petition.unit}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        unit = said.get("unit")
        if unit and (why := why_not_of(self.petition, unit)):
            self.add_error("unit", why)
        return said

    def clean_note(self) -> str:
        names_nobody(self.cleaned_data["note"], self.petition)
        return str(self.cleaned_data["note"])


class PassReviewForm(ActionForm):
    note = Words(label="意见", most=500, rows=2, required=False)
    excuse = Words(
        label="认可照片的理由", most=200, rows=2, required=False, help_text="照片与办理前过于相似时才填，会留在经过里"
    )

    def proposed(self, petition: Petition) -> dict[str, Any]:
        self.hint = photos.too_alike(petition)
        return {}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("excuse") and not self.errors and (why := photos.too_alike(self.petition)):
            self.add_error("excuse", f"{why}请退回补正；确认无误的，写明认可的理由。")
        return said


class RaiseTopicForm(ActionForm):
    note = Words(label="提请事由", most=200, rows=2, help_text="哪几个单位、卡在哪里、要会议定什么")
    level = Chosen(label="上什么会", choices=Meeting.Kind.choices, initial=Meeting.Kind.JOINT)


FORMS: dict[str, type[ActionForm]] = {
    **RETURN_FORMS,
    **SUPERVISION_FORMS,
    "ask_extension": ExtensionForm,
    "grant_extension": RemarkForm,
    "refuse_extension": ReasonForm,
    "stage_feedback": FeedbackForm,
    "ask_suspension": SuspensionForm,
    "approve_suspension": RemarkForm,
    "refuse_suspension": ReasonForm,
    "review_suspension": ReviewForm,
    "resume": ReasonForm,
    "ask_termination": TerminationForm,
    "terminate": ReasonForm,
    "refuse_termination": ReasonForm,
    "merge": MergeForm,
    "call_back_merged": CallBackForm,
    "unmerge": ReasonForm,
    "accept": AcceptForm,
    "answer": AnswerForm,
    "refuse": RefuseForm,
    "contact": ContactForm,
    "reply": ReplyForm,
    "approve": RemarkForm,
    "send_back": ReasonForm,
    "pass_review": PassReviewForm,
    "propose_exclusion": ExclusionForm,
    "record_leak": LeakForm,
    "correct": ReasonForm,
    "reject_return": ReasonForm,
    "dispute": ReasonForm,
    "call_back": CallBackForm,
    "conclude": ReasonForm,
    "reopen": ReasonForm,
    "amend": AmendForm,
    "attach": AttachForm,
    "raise_topic": RaiseTopicForm,
    "brief": BriefForm,
}
