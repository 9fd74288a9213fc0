"""What a leader writes on a briefing, and what the leader's office makes of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.files import check
from petitions.forms.papers import CHOSEN, Instant, OpinionForm, PaperForm, RemarkForm, TextForm, charge_of
from petitions.forms.register import Chosen, Named
from petitions.forms.units import Units
from petitions.forms.words import Words
from petitions.models import Briefing, Instruction
from petitions.papers import pending, seats


class Scan(forms.FileField):
    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"})
        super().__init__(widget=widget, required=False, help_text="纸质批示的照片或 PDF，可不传", **options)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if file and check(file).content_type not in ("image/jpeg", "image/png", "application/pdf"):
            raise ValidationError("扫描件只收 JPG、PNG 图片和 PDF。")
        return file


class InstructForm(PaperForm):
    kind = Chosen(label="批示类别", choices=Instruction.Kind.choices, initial=Instruction.Kind.ACT)
    text = Words(label="批示原文", most=1000, rows=3, required=False, help_text="照录领导原话")
    named_unit = Named("unit", "units", label="点名的单位", required=False)
    due_at = Instant(label="要求的时限", required=False, coming=True)
    scan = Scan(label="扫描件")

    paper: Briefing

    def prepare(self) -> None:
        if not seats.addressee(self.user, self.paper):
            people = seats.addressees(self.paper)
            self.fields["leader"] = forms.TypedChoiceField(
                label="批示人",
                choices=[(person.pk, person.name) for person in people],
                coerce=lambda pk: next(person for person in people if str(person.pk) == str(pk)),
                error_messages=CHOSEN,
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        kind = said.get("kind")
        wordless = not {"text", "scan"} & set(self.errors) and not said.get("text") and not said.get("scan")
        if wordless and kind not in (None, "", Instruction.Kind.SEEN):
            self.add_error("text", "请写下批示的话，或上传扫描件。")
        if kind == Instruction.Kind.FORWARD and not said.get("named_unit") and "named_unit" not in self.errors:
            self.add_error("named_unit", "转有关单位要写明哪个单位。")
        return said


class InstructionField(forms.ModelChoiceField):
    def label_from_instance(self, instruction: Instruction) -> str:
        said = instruction.text[:40] or "见扫描件"
        return f"{instruction.leader} {instruction.get_kind_display()}：{said}"


class AssignForm(PaperForm):
    instruction = InstructionField(None, label="批示", empty_label=None, error_messages=CHOSEN)
    content = Words(label="办理要求", most=2000, rows=3, help_text="单位看得到批示原文，这里写要做什么")
    unit = Named("unit", "units", label="承办单位")
    assisting = Units("units", label="配合单位", required=False)
    due_at = Instant(label="完成时限", coming=True)
    standard = Words(label="办结标准", most=200, required=False)

    paper: Briefing

    def prepare(self) -> None:
        self.fields["instruction"].queryset = self._waiting()  # type: ignore[attr-defined]

    def proposed(self) -> dict[str, Any]:
        first = self._waiting().first()
        if first is None:
            return {}
        unit = first.named_unit or (self.paper.petition.unit if self.paper.petition else None)
        return {"content": first.text, "unit": unit.name if unit else "", "due_at": first.due_at}

    def _waiting(self) -> Any:
        return pending.unassigned().filter(briefing=self.paper).select_related("leader", "named_unit")

    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return said | {"charge": charge_of(said, said.pop("content"))}


FORMS: dict[str, type[PaperForm]] = {"instruct": InstructForm, "assign": AssignForm, "conclude": RemarkForm}
OF_TASKS: dict[str, type[PaperForm]] = {
    "progress": TextForm,
    "finish": TextForm,
    "accept": OpinionForm,
    "return": TextForm,
}
