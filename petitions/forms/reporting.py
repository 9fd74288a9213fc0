"""What a resident reports from the street (随手拍): few fields, no account, every refusal a sentence."""

import uuid
from itertools import groupby
from typing import Any, cast

from django import forms
from django.http import QueryDict

from accounts import riddles
from accounts.words import Phone
from grids import locate
from grids.models import CITY_CODE, Item, Place
from petitions import choices
from petitions.forms.attachments import Photos
from petitions.forms.register import UNKNOWN
from petitions.forms.words import Words, first_sentence
from petitions.models import Nature, Petition

WITH_PHOTO, IN_WORDS = "SSP", "WEB"
NOT_SURE = "说不清，请工作人员判断"
NO_SUM = "请回答这道题；不方便填的，请拨打 12345，话务员替您登记。"
WRONG_SUM = "没有算对，换一道再试；不方便填的，请拨打 12345，话务员替您登记。"
ONCE_MORE = "页面打开得太久，已经更新，请再按一次“提交”。"


class ReportForm(forms.Form):
    submission = forms.UUIDField(widget=forms.HiddenInput)
    content = Words(label="发生了什么", most=2000, rows=4, help_text="请不要写自己或别人的身份证号、银行卡号。")
    files = Photos(label="照片", required=False)  # type: ignore[assignment]
    address = Words(
        label="在什么地方", most=120, required=False, help_text="小区、路名，或附近明显的地方；越具体办得越快。"
    )
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    item = forms.ChoiceField(
        label="是哪一类",
        required=False,
        error_messages={"invalid_choice": UNKNOWN, "required": "请选一类最接近的，选错了工作人员会改。"},
    )
    caller_name = Words(label="怎么称呼您", most=40, required=False)
    caller_phone = Phone(label="联系电话", required=False)
    confidential = forms.BooleanField(
        label="为我保密", required=False, help_text="办理单位看不到您的姓名和电话，由热线中心转达。"
    )
    riddle = forms.CharField(required=False, widget=forms.HiddenInput)
    sum = Words(label="", most=20, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, asks: bool) -> None:
        """`asks`: so much came from this address already that a sum has to be done first."""
        super().__init__(data, files, initial={"submission": uuid.uuid4()})
        item: Any = self.fields["item"]
        item.choices = [("", NOT_SURE if choices.unsorted() else "请选择"), *_groups()]
        item.required = choices.unsorted() is None
        if not asks:
            del self.fields["riddle"], self.fields["sum"]
        elif data is None:
            self._ask_anew()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self._look_at_the_place(said)
        if "sum" in self.fields:
            self._look_at_the_sum(said)
        if self.errors.pop("submission", None):
            self.begin_anew(ONCE_MORE)
        return said

    def _look_at_the_place(self, said: dict[str, Any]) -> None:
        if {"longitude", "latitude"} & self.errors.keys() or None in (said["longitude"], said["latitude"]):
            said |= {"longitude": None, "latitude": None}  # no browser of ours sent this: as if it had sent none
            self.errors.pop("longitude", None)
            self.errors.pop("latitude", None)
        if said["longitude"] is None and not said.get("address") and "address" not in self.errors:
            self.add_error("address", "请写明在什么地方，或按“用我现在的位置”。")

    def _look_at_the_sum(self, said: dict[str, Any]) -> None:
        token, answer = said.get("riddle", ""), said.get("sum", "")
        if riddles.is_solved(token, answer, str(said.get("submission"))):
            self["sum"].label = riddles.again(token).question
            return
        self.errors.pop("sum", None)
        self.add_error("sum", WRONG_SUM if answer else NO_SUM)
        self._ask_anew()

    def begin_anew(self, why: str) -> None:
        """The same words, as a form that was not sent yet."""
        self.add_error(None, why)
        self._put(submission=str(uuid.uuid4()))
        self._ask_anew()

    def _ask_anew(self) -> None:
        if "sum" in self.fields:
            riddle = riddles.ask(str(self["submission"].value()))
            self["sum"].label = riddle.question
            self._put(riddle=riddle.token, sum="")

    def _put(self, **values: str) -> None:
        self.initial = {**self.initial, **values}
        if self.is_bound:
            self.data = cast(QueryDict, self.data).copy()
            for name, value in values.items():
                self.data[name] = value

    @property
    def files_are_lost(self) -> bool:
        """A browser does not choose files again by itself."""
        return bool(self.errors and self.files)

    def petition(self) -> Petition:
        said = self.cleaned_data
        item = choices.items().get(said["item"]) or choices.unsorted()
        assert item is not None, "where nothing stands for “not sure”, the field is required"
        return Petition(
            submission=said["submission"],
            channel_id=WITH_PHOTO if said["files"] else IN_WORDS,
            nature=Nature.ASSISTANCE,  # what it really is, the centre says when it takes it
            item=item,
            urgency=item.urgency,
            title=first_sentence(said["content"]),
            content=said["content"],
            address=said["address"],
            place=self._place(),
            longitude=said["longitude"],
            latitude=said["latitude"],
            caller_name=said["caller_name"],
            caller_phone=said["caller_phone"],
            anonymous=not (said["caller_name"] or said["caller_phone"]),
            confidential=said["confidential"],
        )

    def _place(self) -> Place:
        """Where the phone says it stands, else what the address may mean; whoever takes it looks once more."""
        said, known = self.cleaned_data, choices.places()
        here = locate.by_point(said["longitude"], said["latitude"]) if said["longitude"] is not None else None
        meant = here or next(iter(locate.by_address(said["address"])), None)
        return known[meant.place.code if meant else CITY_CODE]


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """As the catalogue groups them, by their names alone: what others reported before is nobody's business here."""
    known = [item for item in choices.items().values() if not item.unsorted]
    return [(domain, [_option(item) for item in items]) for domain, items in groupby(known, lambda item: item.domain)]


def _option(item: Item) -> tuple[str, str]:
    return item.code, item.name
