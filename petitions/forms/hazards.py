"""What somebody writes down about a hazard, standing before it with a phone in one hand."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms

from accounts.models import User
from accounts.words import UNKNOWN, Words
from grids.forms.pressed import Pressed
from grids.models import Hazard, Household, ListedItem, Place, Premises
from grids.permissions import VISITORS
from grids.scope import places_of
from petitions.forms.register import Chosen
from petitions.forms.words import first_sentence

SOLVED, SEND_ON, LATER = "solved", "send_on", "later"
NEXT = [(SOLVED, "已当场处置"), (SEND_ON, "上报处理"), (LATER, "先记下")]


class Seeing(Pressed):
    """What is pressed on the page of a hazard, which knows the version that was before one's eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class HazardForm(Pressed):
    place = forms.ChoiceField(label="网格", error_messages={"required": "请选网格。", "invalid_choice": UNKNOWN})
    item = forms.ChoiceField(label="事项", error_messages={"required": "请选最接近的事项。", "invalid_choice": UNKNOWN})
    address = Words(label="地点", most=120, help_text="小区、楼栋、路名或商户名，别人照着找得到")
    words = Words(label="现场情况", most=400, rows=3, help_text="不写居民的姓名、电话和证件号码")
    next = Chosen(label="怎么处理", choices=NEXT, error_messages={"required": "请选怎么处理。"})
    after_words = Words(label="处置结果", most=400, rows=2, required=False, help_text="当场处置的请写清做了什么")

    def __init__(
        self,
        data: Any = None,
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
        super().__init__(data, initial={"place": first, "address": found_at.address if found_at else ""})
        self.household, self.premises = household, premises
        self.places = {one.code: one for one in places}
        self.items = {one.code: one for one in items}
        self.fields["place"].choices = [(one.code, _said(one)) for one in places]  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", "请选择"), *_by_domain(self.items.values())]  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["place"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("next") == SOLVED and not said.get("after_words") and "after_words" not in self.errors:
            self.add_error("after_words", "请写清当场做了什么，例如“已劝离，通道已清空”。")
        if said.get("next") != SOLVED and said.get("after_words"):
            self.add_error("next", "写了处置结果，请选“已当场处置”；没有处置完的，请清空处置结果。")
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
    after_words = Words(label="处置结果", most=400, rows=2, help_text="做了什么，现在怎么样")


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
    words = Words(label="现场情况", most=400, rows=2, required=False, help_text="还在的，请写明现在的情况")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("cleared") == "no" and not said.get("words") and "words" not in self.errors:
            self.add_error("words", "隐患还在的，请写明现在的情况。")
        return said


FORMS: dict[str, type[Seeing]] = {"solve": SolveForm, "send_on": SendOnForm, "recheck": RecheckForm}


def grids_of(user: User) -> list[Place]:
    """Where she may find something: her grids, or those of her community."""
    codes = places_of(user, *VISITORS)
    grids = Place.objects.of_kind(Place.Kind.GRID).select_related("parent").defer("boundary")
    return [grid for code in codes for grid in grids.filter(code__startswith=code)]


def _said(place: Place) -> str:
    return f"{place.parent}{place}" if place.parent else str(place)


def _by_domain(items: Iterable[ListedItem]) -> list[tuple[str, list[tuple[str, str]]]]:
    of = groupby(sorted(items, key=lambda one: one.code), lambda one: one.domain)
    return [(domain, [(one.code, f"{one.code} {one.name}") for one in these]) for domain, these in of]
