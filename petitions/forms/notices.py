"""What is written on a supervision notice: by the centre that drafts and verifies it, by the unit that answers."""

from typing import Any

from django.core.exceptions import ValidationError

from petitions.forms.papers import Instant, NoteForm, PaperForm, RemarkForm
from petitions.forms.raising import BriefOnNoticeForm
from petitions.forms.register import Chosen
from petitions.forms.supervision import Petitions
from petitions.forms.words import Words
from petitions.models import SupervisionNotice

MOST_REQUIREMENTS = 12


class Requirements(Words):
    """One in each line."""

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_REQUIREMENTS:
            raise ValidationError(f"督办要求最多 {MOST_REQUIREMENTS} 条。")
        return lines


class ReviseForm(PaperForm):
    title = Words(label="标题", most=120)
    urgency = Chosen(label="紧急程度", choices=SupervisionNotice.Urgency.choices)
    copies_to = Words(label="抄送", most=200, required=False)
    basis = Words(label="督办依据", most=400, rows=2)
    digest = Words(label="诉求摘要", most=2000, rows=3, help_text="不写诉求人姓名、电话、门牌")
    requirements = Requirements(label="督办要求", most=2000, rows=5, help_text="一行一条")
    complete_by = Instant(label="完成时限", coming=True)
    contact = Words(label="反馈方式与联系人", most=120)
    copy_number = Words(label="份号", most=6)
    further = Petitions(label="并案工单", help_text="同一事由的其他工单编号，用“、”隔开")

    paper: SupervisionNotice

    def proposed(self) -> dict[str, Any]:
        said = {name: getattr(self.paper, name) for name in self.base_fields if name not in ("seen", "further")}
        numbers = self.paper.further.values_list("number", flat=True)
        return said | {"requirements": "\n".join(self.paper.requirements), "further": "、".join(numbers)}


class DeliverForm(PaperForm):
    note = Words(label="送达方式", most=60, help_text="何人、以何方式送达，何人接收")


class FeedBackForm(PaperForm):
    handler = Words(label="承办人", most=60)
    measures = Words(label="办理措施", most=2000, rows=4)
    result = Words(label="办理结果", most=2000, rows=4)
    evidence = Words(label="佐证材料", most=500, rows=2, required=False, help_text="照片、文件请在工单里“上传附件”")
    opinion = Words(label="主要负责人意见", most=500, rows=2)

    hint = "回执由主要负责人填写并签署。"


class VerifyForm(PaperForm):
    finding = Chosen(label="核查结论", choices=SupervisionNotice.Finding.choices)
    note = Words(label="核查情况", most=1000, rows=3, help_text="怎样核查的：电话、现场、材料")


FORMS: dict[str, type[PaperForm]] = {
    "revise": ReviseForm,
    "review": RemarkForm,
    "return_draft": NoteForm,
    "issue": RemarkForm,
    "deliver": DeliverForm,
    "feed_back": FeedBackForm,
    "verify": VerifyForm,
    "ask_again": NoteForm,
    "clear": RemarkForm,
    "escalate": NoteForm,
    "discard": NoteForm,
    "brief": BriefOnNoticeForm,
}
