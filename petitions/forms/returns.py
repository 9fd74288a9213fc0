"""The forms of “not ours” and of assisting."""

from typing import Any, ClassVar

from django.db import transaction
from django.utils.safestring import SafeString

from accounts.models import Unit, User
from grids.models import Place
from petitions import attachments, choices, moments, parts, proposals, workflow
from petitions.forms.action import ActionForm
from petitions.forms.attachments import Files
from petitions.forms.register import Chosen, Named
from petitions.forms.units import Units
from petitions.forms.words import Words
from petitions.hindrances import return_until, why_not_to
from petitions.models import Petition
from petitions.permissions import why_not_ordered

GRID, COMMUNITY, STREET, CITY = "grid", "community", "street", "city"
REACH = {GRID: 15, COMMUNITY: 12, STREET: 9, CITY: 6}  # digits of the place's code
REACHES = [(CITY, "全市"), (STREET, "所在街道"), (COMMUNITY, "所在社区"), (GRID, "所在网格")]
WORDS_AT_MOST = 5


class DispatchForm(ActionForm):
    to = Named("unit", "units", label="主办单位")
    assisting = Units(
        "units", label="协办单位", required=False, help_text="可不填；各有自己的期限，办完主办才能提交结果"
    )
    opinion = Words(label="派单意见", most=200, rows=2, required=False)

    lists: ClassVar = {"units": choices.unit_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        words = f"{petition.title} {petition.address} {petition.content}"
        proposal = proposals.unit_for(petition.item, petition.place, words)
        self.hint = f"建议派给 {proposal.unit}：{proposal.reason}" if proposal else "没有建议，请按职责选择单位。"
        if petition.item.assisting:
            self.hint += f"。事项清单所列配合方：{petition.item.assisting}"
        return {"to": proposal.unit.name} if proposal and not proposal.refused else {}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("to") and (why := why_not_ordered(self.petition.item, said["to"])):
            self.add_error("to", why)
        for unit in said.get("assisting", ()):
            if why := why_not_ordered(self.petition.item, unit):
                self.add_error("assisting", why)
        if said.get("to") and said["to"] in said.get("assisting", ()):
            self.add_error("assisting", f"{said['to']}是主办单位，不能同时协办。")
        return said


class HandBackForm(ActionForm):
    basis = Words(label="依据", most=300, rows=2, help_text="三定规定、权责清单或派单目录的哪一条，说明不属本单位职责")
    proposed_unit = Named("unit", "units", label="建议承办单位")
    material = Words(
        label="情况说明", most=2000, rows=3, required=False, help_text="现场是什么情况；有材料的可以直接上传"
    )
    files = Files(label="材料", required=False)  # type: ignore[assignment]

    lists: ClassVar = {"units": choices.unit_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        until = return_until(petition)
        ends = f"本件最迟 {moments.spelled(until)} 前提出。" if until else ""
        self.hint = f"{ends}每家单位只能退一次；审核期间期限照走，另一家签收前仍由首接单位联系诉求人。"
        return {}

    def clean_proposed_unit(self) -> Unit:
        unit: Unit = self.cleaned_data["proposed_unit"]
        if unit.pk == self.petition.unit_id:
            self.add_error("proposed_unit", "建议的承办单位不能是本单位。")
        return unit

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("material") and not said.get("files") and not {"material", "files"} & set(self.errors):
            self.add_error("material", "请写明情况，或上传材料。")
        return said

    def take(self, action: str, by: User) -> None:
        said = dict(self.cleaned_data)
        files = said.pop("files", None) or []
        with transaction.atomic():
            workflow.hand_back(self.petition, by=by, files=len(files), **said)
            if files:
                attachments.attach(self.petition, files, by=by)


class Elsewhere(ActionForm):
    """Where to, now that it was handed back."""

    to = Named("unit", "units", label="改派给")

    lists: ClassVar = {"units": choices.unit_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        returns = petition.returns.select_related("unit", "proposed")
        self.hint = "；".join(f"{one.unit}：{one.basis}，建议由{one.proposed}承办" for one in returns)
        return {}


class UpholdReturnForm(Elsewhere):
    note = Words(label="审核意见", most=500, rows=2, required=False)

    def proposed(self, petition: Petition) -> dict[str, Any]:
        super().proposed(petition)
        asked = petition.returns.select_related("proposed").last()
        return {"to": asked.proposed.name} if asked else {}

    def clean_to(self) -> Unit:
        unit: Unit = self.cleaned_data["to"]
        if why := why_not_to(self.petition, unit):
            self.add_error("to", why)
        return unit


class ArbitrateForm(Elsewhere):
    """Nothing is filled in beforehand: the centre weighs both sides."""

    to = Named("unit", "units", label="指定承办单位")
    basis = Words(label="裁定依据", most=300, rows=2, help_text="写明条款和理由；会与裁定一起记入派单目录")
    place = Chosen(label="今后适用于", choices=REACHES, initial=CITY)
    words = Words(
        label="关键词",
        most=60,
        required=False,
        help_text="同一事项里只有一部分归它时填写，用顿号分开；诉求里全部出现才适用，不填则整个事项都适用",
    )

    def clean_to(self) -> Unit:
        unit: Unit = self.cleaned_data["to"]
        if why := why_not_ordered(self.petition.item, unit):
            self.add_error("to", why)
        return unit

    def clean_place(self) -> Place | None:
        place = reached(self.petition, self.cleaned_data["place"])
        if place is None:
            self.add_error("place", TOO_NARROW)
        return place

    def clean_words(self) -> list[str]:
        words, problem = split(self.cleaned_data["words"])
        if problem:
            self.add_error("words", problem)
        return words


TOO_NARROW = "这件诉求没有定到这一级，请选更大的范围。"


def reached(petition: Petition, reach: str) -> Place | None:
    """The place of this width around the petition; None where nobody said it so narrowly."""
    code = petition.place_id[: REACH[reach]]
    return choices.places()[code] if len(code) == REACH[reach] else None


def split(said: str) -> tuple[list[str], str]:
    words = [word for word in said.replace("，", "、").replace(",", "、").replace(" ", "、").split("、") if word]
    if len(words) > WORDS_AT_MOST or any(not 2 <= len(word) <= 20 for word in words):
        return [], f"最多 {WORDS_AT_MOST} 个关键词，每个 2 到 20 个字。"
    return words, ""


class InvolveForm(ActionForm):
    units = Units("units", label="协办单位")
    opinion = Words(label="请协办什么", most=200, rows=2)

    lists: ClassVar = {"units": choices.unit_options}
    hint = "各协办单位单独签收、单独计时；都提交结果后，主办单位才能提交办理结果。"

    def clean_units(self) -> list[Unit]:
        units: list[Unit] = self.cleaned_data["units"]
        for unit in units:
            if why := parts.why_not_involve(self.petition, unit):
                self.add_error("units", why)
        return units


class ReleaseForm(ActionForm):
    unit = Named("unit", "assisting", label="取消哪家的协办")
    note = Words(label="理由", most=500, rows=2)

    def proposed(self, petition: Petition) -> dict[str, Any]:
        self.owed = [part.unit for part in parts.owed(petition)]
        self.hint = f"尚未完成协办的：{'、'.join(unit.name for unit in self.owed)}"
        return {"unit": self.owed[0].name} if len(self.owed) == 1 else {}

    def clean_unit(self) -> Unit:
        unit: Unit = self.cleaned_data["unit"]
        if unit not in self.owed:
            self.add_error("unit", f"{unit}现在没有协办任务。")
        return unit

    @property
    def datalists(self) -> list[tuple[str, SafeString]]:
        return [("assisting", choices.options([(unit.name, "") for unit in self.owed]))]


class AssistReplyForm(ActionForm):
    result = Words(label="协办结果", most=2000, rows=4)
    basis = Words(label="办理依据", most=200, required=False)


RETURN_FORMS: dict[str, type[ActionForm]] = {
    "dispatch": DispatchForm,
    "hand_back": HandBackForm,
    "uphold_return": UpholdReturnForm,
    "arbitrate": ArbitrateForm,
    "involve": InvolveForm,
    "release": ReleaseForm,
    "assist_reply": AssistReplyForm,
}
