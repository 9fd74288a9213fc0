"""What a reviewer says when she urges, inspects or supervises by hand."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from petitions import terms
from petitions.forms.action import ActionForm
from petitions.forms.register import Chosen
from petitions.forms.words import Words
from petitions.models import Petition, SupervisionNotice
from petitions.repeated import others_like

Origin = SupervisionNotice.Origin
BY_HAND = (Origin.COMPLEX, Origin.REPEATED, Origin.DISSATISFIED, Origin.OVERDUE)
MOST_PETITIONS = 20


class UrgeForm(ActionForm):
    spoken_to = Words(label="接话人", most=60, help_text="姓名和职务")
    promised = Words(label="承诺", most=200, rows=2, help_text="答应何时办到哪一步")
    note = Words(label="备注", most=500, rows=2, required=False)


class InspectForm(ActionForm):
    people = Words(label="到场人员", most=120, help_text="两人以上，用“、”隔开")
    place = Words(label="地点", most=120)
    note = Words(label="现场情况", most=2000, rows=4, help_text="照片、笔录请用“上传附件”")

    def proposed(self, petition: Petition) -> dict[str, Any]:
        return {"place": petition.address}

    def clean_people(self) -> str:
        names = [name for name in re.split(r"[、，,;；\s]+", self.cleaned_data["people"]) if name]
        if len(set(names)) < 2:
            raise ValidationError("现场督办须两人以上到场，请写出姓名。")
        return "、".join(names)


class Petitions(Words):
    """Several petitions by their numbers, as far as they exist."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=400, rows=2, required=False, **options)

    def clean(self, value: Any) -> list[Petition]:
        numbers = list(dict.fromkeys(re.findall(r"[^\s、，,;；]+", super().clean(value).upper())))
        found = {p.number: p for p in Petition.objects.filter(number__in=numbers[:MOST_PETITIONS])}
        if len(numbers) > MOST_PETITIONS:
            raise ValidationError(f"一份通知单最多并入 {MOST_PETITIONS} 件工单。")
        if unknown := [number for number in numbers if number not in found]:
            raise ValidationError(f"没有这个编号的工单：{'、'.join(unknown[:3])}。")
        return list(found.values())


class ProposeForm(ActionForm):
    origin = Chosen(label="督办事由", choices=[(o.value, o.label) for o in BY_HAND], initial=Origin.COMPLEX)
    note = Words(label="理由", most=200, rows=2, help_text="写进督办依据")
    further = Petitions(label="并案工单", help_text="同一事由的其他工单编号，用“、”隔开")

    hint = "先拟稿，再由中心主任签发；签发时同时呈报市级分管领导、提请联席会议。"

    def proposed(self, petition: Petition) -> dict[str, Any]:
        """Where the same came again and again, one notice is about all of them."""
        at = timezone.now()
        others = others_like(petition, at)
        if not others:
            return {}
        days, numbers = terms.setting("repeated_days"), "、".join(other.number for other in others)
        reason = f"{days} 日内同一网格同一事项已有 {len(others) + 1} 件"
        self.hint = f"{reason}，建议并案督办。{self.hint}"
        return {"origin": Origin.REPEATED, "note": reason, "further": numbers}


SUPERVISION_FORMS: dict[str, type[ActionForm]] = {
    "urge": UrgeForm,
    "inspect": InspectForm,
    "propose_supervision": ProposeForm,
}
