"""What somebody writes down about a hazard, standing before it with a phone in one hand."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms

from accounts.models import User
from accounts.pictures import likeness
from accounts.words import UNKNOWN, Words
from grids.forms.pressed import Pressed
from grids.models import Hazard, Household, ListedItem, Place, Premises
from grids.permissions import VISITORS
from grids.scope import places_of
from grids.workflow import photographs
from grids.workflow.hazards import NO_PHOTO, NOTHING_SHOWN
from petitions.forms.attachments import CAMERA, FileInput, Photos
from petitions.forms.register import Chosen
from petitions.forms.words import first_sentence
from petitions.photos import alike

SOLVED, SEND_ON, LATER = "solved", "send_on", "later"
NEXT = [(SOLVED, "已当场处置"), (SEND_ON, "上报处理"), (LATER, "先记下")]
LOOKS_THE_SAME = "照片与处置前的几乎一样，看不出变化；请重拍，或在“处置结果”里写清做了什么。"


def camera(label: str, **options: Any) -> Any:
    field = Photos(label=label, widget=FileInput(attrs=CAMERA), **{"required": False} | options)
    field.help_text += "尽量不拍到人脸和证件。"
    return field


class Seeing(Pressed):
    """What is pressed on the page of a hazard, which knows the version that was before one's eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, hazard: Hazard, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.hazard = hazard


class HazardForm(Pressed):
    place = forms.ChoiceField(label="网格", error_messages={"required": "请选网格。", "invalid_choice": UNKNOWN})
    item = forms.ChoiceField(label="事项", error_messages={"required": "请选最接近的事项。", "invalid_choice": UNKNOWN})
    address = Words(label="地点", most=120, help_text="小区、楼栋、路名或商户名，别人照着找得到")
    words = Words(label="现场情况", most=400, rows=3, help_text="不写居民的姓名、电话和证件号码")
    photos = camera("现场照片")
    next = Chosen(label="怎么处理", choices=NEXT, error_messages={"required": "请选怎么处理。"})
    after_words = Words(
        label="处置结果", most=400, rows=2, required=False, help_text="当场处置的请写清做了什么，或拍照"
    )
    after_photos = camera("处置后的照片")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User,
        items: Iterable[ListedItem],
        place: str = "",
        household: Household | None = None,
        premises: Premises | None = None,
    ) -> None:
        found_at = household.dwelling if household else premises
        places = [found_at.place] if found_at else grids_of(user)
        first = place or (places[0].code if places else "")
        super().__init__(data, files, initial={"place": first, "address": found_at.address if found_at else ""})
        self.household, self.premises = household, premises
        self.places = {one.code: one for one in places}
        self.items = {one.code: one for one in items}
        self.fields["place"].choices = [(one.code, _said(one)) for one in places]  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", "请选择"), *_by_domain(self.items.values())]  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["place"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("next") == SOLVED:
            _shown(self, said, before=[likeness(photo) for photo in said.get("photos", ())])
        elif said.get("after_words") or said.get("after_photos"):
            self.add_error("next", "有处置结果的，请选“已当场处置”；没有处置完的，请清空处置结果和处置后的照片。")
        return said

    def hazard(self) -> Hazard:
        said = self.cleaned_data
        return Hazard(
            item=self.items[said["item"]].item,
            place=self.places[said["place"]],
            household=self.household,
            premises=self.premises,
            address=said["address"],
            words=said["words"],
        )

    @property
    def title(self) -> str:
        return first_sentence(self.cleaned_data["words"])


class SolveForm(Seeing):
    named = "solve_%s"
    after_words = Words(label="处置结果", most=400, rows=2, required=False, help_text="做了什么，现在怎么样；或拍照")
    after_photos = camera("处置后的照片")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        _shown(self, said, before=[photo.likeness for photo in photographs.of(self.hazard)])
        return said


class SendOnForm(Seeing):
    named = "send_on_%s"
    content = Words(label="请上级处理什么", most=2000, rows=4, help_text="不写居民的姓名、电话和证件号码")


class RecheckForm(Seeing):
    named = "recheck_%s"
    cleared = Chosen(
        label="复查结果",
        choices=[("yes", "已无隐患"), ("no", "还在")],
        error_messages={"required": "请选复查结果。"},
    )
    words = Words(label="现场情况", most=400, rows=2, required=False, help_text="还在的，写明现在的情况，或拍照")
    photos = camera("现在的照片")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        told = said.get("words") or said.get("photos") or {"words", "photos"} & self.errors.keys()
        if said.get("cleared") == "no" and not told:
            self.add_error("words", "隐患还在的，请写明现在的情况，或拍一张照片。")
        return said


class PhotographForm(Seeing):
    named = "photograph_%s"
    photos = camera("现场照片", required=True, error_messages={"required": NO_PHOTO})


class RemovePhotoForm(Pressed):
    why = Words(label="删除原因", most=200, rows=2, help_text="例如：拍错了人家，拍到了人脸；不写居民的姓名")


FORMS: dict[str, type[Seeing]] = {
    "solve": SolveForm,
    "send_on": SendOnForm,
    "recheck": RecheckForm,
    "photograph": PhotographForm,
}


def grids_of(user: User) -> list[Place]:
    """Where she may find something: her grids, or those of her community."""
    codes = places_of(user, *VISITORS)
    grids = Place.objects.standing().of_kind(Place.Kind.GRID).select_related("parent").defer("boundary")
    return [grid for code in codes for grid in grids.filter(code__startswith=code)]


def _shown(form: Pressed, said: dict[str, Any], *, before: list[str]) -> None:
    """What was done is told in words, or a photo shows it that does not look like those from before."""
    if said.get("after_words") or {"after_words", "after_photos"} & form.errors.keys():
        return
    owns = [likeness(photo) for photo in said.get("after_photos") or ()]
    if not owns:
        form.add_error("after_words", NOTHING_SHOWN)
    elif all(any(alike(own, other) for other in before) for own in owns):
        form.add_error("after_photos", LOOKS_THE_SAME)


def _said(place: Place) -> str:
    return f"{place.parent}{place}" if place.parent else str(place)


def _by_domain(items: Iterable[ListedItem]) -> list[tuple[str, list[tuple[str, str]]]]:
    of = groupby(sorted(items, key=lambda one: one.code), lambda one: one.domain)
    return [(domain, [(one.code, f"{one.code} {one.name}") for one in these]) for domain, these in of]
