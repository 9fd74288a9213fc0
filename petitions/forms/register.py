"""The call form: the fields in the order of the conversation, and what they amount to."""

import uuid
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict

from accounts.models import User
from accounts.words import UNKNOWN, Phone
from grids.models import Item
from petitions import choices
from petitions.askings import why_not_into
from petitions.forms.attachments import Files
from petitions.forms.cited import MUST_CITE, Cited
from petitions.forms.sharing import SharingForm, shares_fields
from petitions.forms.words import Moment, Words, first_sentence
from petitions.intake import Decision, Next, accepts
from petitions.models import Direction, Nature, Petition, Tag
from petitions.permissions import is_among
from petitions.rules import RULES
from petitions.terms import Kept

BY_PHONE = frozenset({"12345", "CG", "HL1", "HL2"})
OUTSIDE = ("GRID", "WALK", "PATROL")  # how grid and community hear of things
ON_THE_SPOT = {"caller_phone": "诉求人电话", "caller_name": "诉求人姓名", "files": "现场照片、附件"}


KINDS: dict[str, tuple[Any, Any]] = {
    "item": (choices.item_named, choices.label_of_item),
    "place": (choices.standing_place_named, choices.label_of_place),
    "unit": (choices.unit_named, str),
}


class Chosen(forms.ChoiceField):
    """One of a few, as radio buttons that answer to the keys 1, 2, 3 …"""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": UNKNOWN}


class ListedChoice(Chosen):
    widget = forms.Select  # type: ignore[assignment]


class ChosenSeveral(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": UNKNOWN}


class Named(Words):
    """A thing of the catalogue by its code or its name; the list beside it is only a help."""

    def __init__(self, kind: str, options_id: str, **options: Any) -> None:
        attrs = {"list": options_id, "autocomplete": "off"}
        super().__init__(most=80, widget=forms.TextInput(attrs=attrs), **options)
        self.named, self.label_of = KINDS[kind]

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        try:
            return self.named(words) if words else None
        except choices.NotFound as problem:
            raise ValidationError(str(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.label_of(value)


class Tick(forms.BooleanField):
    def __init__(self, *, label: str, key: str) -> None:
        super().__init__(label=label, required=False, widget=forms.CheckboxInput(attrs={"accesskey": key}))


channels_of_centre = Kept(lambda: [(code, channel.name) for code, channel in choices.channels().items()])
channels_outside = Kept(lambda: [pair for pair in channels_of_centre() if pair[0] in OUTSIDE])


@shares_fields
class CallForm(SharingForm):
    submission = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "表单已失效，请刷新页面。"})
    caller_phone = Phone(label="来电号码", required=False)
    caller_name = Words(label="姓名", most=40, required=False)
    anonymous = Tick(label="匿名（不留姓名和电话）", key="n")
    confidential = Tick(label="要求保密（承办单位看不到身份）", key="b")
    content = Words(label="诉求内容", most=4000, rows=3)
    wish = Words(label="期望", most=200, required=False)
    address = Words(label="地址", most=120, required=False)
    happened_at = Moment(label="发生时间", options_id="days", required=False)
    place = Named("place", "places", label="所属网格")
    item = Named("item", "items", label="事项")
    nature = Chosen(label="诉求性质", choices=Nature.choices, initial=Nature.ASSISTANCE)
    urgency = Chosen(label="紧急程度", choices=[("", "按事项"), *Item.Urgency.choices], required=False, initial="")
    channel = ListedChoice(label="渠道")
    tags = ChosenSeveral(label="标签", choices=Tag.choices, required=False)
    title = Words(label="标题", most=80, required=False, help_text="不填时取诉求内容的第一句。")
    files = Files(label="附件", required=False)  # type: ignore[assignment]
    next = Chosen(label="处理方式", choices=Next.choices, required=False, initial=Next.DISPATCH)
    into = Words(label="并入的主单编号", most=20, required=False, widget=forms.HiddenInput())
    answer = Words(label="答复内容", most=2000, rows=3, required=False)
    cites = Cited(label="依据的知识条目", required=False)
    reason = Words(label="不予受理的理由", most=1000, rows=3, required=False)
    direction = ListedChoice(label="告知的去向", choices=[("", "请选择"), *Direction.choices], required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.of_centre = accepts(user)
        channel: Any = self.fields["channel"]
        # Not by its setter, which goes through them all for every form.
        channel._choices = channel.widget._choices = channels_of_centre() if self.of_centre else channels_outside()
        channel.initial = next((code for code, _ in channel.choices), "")
        if not self.of_centre:
            for name, label in ON_THE_SPOT.items():
                self.fields[name].label = label
            del (
                self.fields["into"],
                self.fields["next"],
                self.fields["answer"],
                self.fields["cites"],
                self.fields["reason"],
                self.fields["direction"],
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("anonymous"):
            said["caller_name"] = said["caller_phone"] = ""
            self.errors.pop("caller_phone", None)
            self.errors.pop("caller_name", None)
        elif "caller_phone" in said and not said["caller_phone"] and said.get("channel") in BY_PHONE:
            self.add_error("caller_phone", "请填写来电号码；来电人不愿留的，请勾选“匿名”。")
        if said.get("into"):
            said["into"] = self._main(said["into"])
        elif said.get("next") == Next.ANSWER:
            if not said.get("answer") and "answer" not in self.errors:
                self.add_error("answer", "直接答复须写明答复内容。")
            if not said.get("cites") and "cites" not in self.errors:
                self.add_error("cites", MUST_CITE)
        elif said.get("next") == Next.REFUSE:
            if not said.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "不予受理须写明理由。")
            if not said.get("direction") and "direction" not in self.errors:
                self.add_error("direction", "不予受理须告知去向。")
        if said.get("place") and not is_among(self.user, RULES["register"].who, self.petition()):
            self.add_error("place", "这个网格不在您负责的范围内，请核对；辖区外的情况请拨打 12345。")
            del self._told  # it has no place after all
        return said

    def _main(self, number: str) -> Petition | None:
        """The call is about something that is being worked on already: one tap, and it is attached."""
        main = Petition.objects.visible_to(self.user).filter(number=number).select_related("merged_into").first()
        if why := why_not_into(Petition(), main) if main else "没有要并入的诉求，请核对编号。":
            self.add_error("into", why)
        return main

    def forget_errors(self) -> None:
        """It was only looked at, not sent: what is missing is no fault yet."""
        self._errors = ErrorDict()

    def begin_anew(self) -> None:
        """The same words, as a form that was not saved yet."""
        anew = cast(QueryDict, self.data).copy()
        anew["submission"] = str(uuid.uuid4())
        self.data = anew

    @property
    def files_are_lost(self) -> bool:
        """A browser does not choose files again by itself."""
        return bool(self.errors and self.files)

    def petition(self) -> Petition:
        """As far as the words go: complete when the form is valid, good enough for proposals before."""
        return self._told

    @cached_property
    def _told(self) -> Petition:
        said = self.cleaned_data
        item: Item | None = said.get("item")
        content = said.get("content", "")
        petition = Petition(
            submission=said.get("submission") or uuid.uuid4(),
            channel=choices.channels().get(said.get("channel", "")),
            nature=said.get("nature") or Nature.ASSISTANCE,
            urgency=said.get("urgency") or (item.urgency if item else Item.Urgency.NORMAL),
            tags=said.get("tags") or [],
            title=said.get("title") or first_sentence(content),
            content=content,
            wish=said.get("wish", ""),
            address=said.get("address", ""),
            happened_at=said.get("happened_at"),
            caller_name=said.get("caller_name", ""),
            caller_phone=said.get("caller_phone", ""),
            anonymous=said.get("anonymous", False),
            confidential=said.get("confidential", False),
        )
        if item:
            petition.item = item
        if said.get("place"):
            petition.place = said["place"]
        return petition

    def decision(self) -> Decision:
        said = self.cleaned_data
        if said.get("into"):
            return Decision(into=said["into"])
        if said.get("next") == Next.ANSWER:
            return Decision(Next.ANSWER, said["answer"], cites=said["cites"])
        return Decision(said.get("next") or Next.DISPATCH, said.get("reason") or "", said.get("direction") or "")
