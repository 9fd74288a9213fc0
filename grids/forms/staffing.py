"""Somebody is put into a grid, taken out of it, or goes on leave."""

import secrets
import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts import phones
from accounts.models import Unit, User
from grids.models import LINES, Duty, Leave, Place, Posting, StaffingRule
from grids.workflow import staffing

EARLIEST, LATEST = timedelta(days=366), timedelta(days=366 * 6)
MANY = 6  # so many people of one name are told apart
WAYS = {"": None, "yes": True, "no": False}
STALE = "表单已失效，请核对后再提交一次。"


class Said(forms.CharField):
    """One line; no `maxlength` on the control, since a browser would cut off what is pasted."""

    def __init__(self, *, most: int, **options: Any) -> None:
        label = options.get("label", "")
        super().__init__(error_messages={"required": f"请填写{label}。"}, **options)
        self.validators.append(MaxLengthValidator(most, f"最多 {most} 个字，请删减。"))

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "请写成 2026-11-22。", "required": "请填写日期。"}


def one_of(label: str, choices: Any, *, required: bool = True, **options: Any) -> forms.ChoiceField:
    words = {"required": f"请选择{label}。", "invalid_choice": "没有这个选项，请重新选择。"}
    return forms.ChoiceField(label=label, choices=choices, required=required, error_messages=words, **options)


class Pressed(forms.Form):
    """Sent twice, it is done once."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": STALE, "required": STALE})

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options["initial"] = {"key": uuid.uuid4()} | options.get("initial", {})
        super().__init__(*arguments, **options)

    def clean(self) -> dict[str, Any]:
        if "key" in self.errors:  # a field that nobody sees
            self.add_error(None, STALE)
            self.data = {**self.data.dict(), "key": str(uuid.uuid4())}  # type: ignore[attr-defined]
        return super().clean() or {}


class AppointForm(Pressed):
    line = one_of("条线", [("", "请选择"), *((line, line) for line in LINES)])
    person = Said(most=40, label="姓名或用户名", help_text="先在名册里找；同名的请写用户名")
    new = forms.BooleanField(label="名册里没有此人，新登记一位（不能登录系统）", required=False)
    mobile = Said(most=40, label="工作电话", required=False, help_text="只在新登记时填写")
    source = one_of("来源", [("", "请选择"), *Posting.Source.choices])
    lives = one_of("居住", Posting.Lives.choices, initial=Posting.Lives.HERE, widget=forms.RadioSelect)
    lives_why = Said(most=120, label="不住在本网格的理由", required=False, help_text="住在相邻网格时填写")
    since = Day(label="任职起")
    until = Day(label="任职止（不含）", required=False, help_text="不填为没有期限")
    shown = one_of("姓名对居民公开", [("", "按职责"), ("yes", "公开"), ("no", "不公开")], required=False)

    only_for = {
        "line": (Duty.LINE_ASSISTANT,),
        "source": (Duty.ASSISTANT,),
        "lives": (Duty.GRID_SECRETARY,),
        "lives_why": (Duty.GRID_SECRETARY,),
        # A worker signs in every day: her account comes first.
        "new": (Duty.GRID_SECRETARY, Duty.ASSISTANT, Duty.LINE_ASSISTANT),
        "mobile": (Duty.GRID_SECRETARY, Duty.ASSISTANT, Duty.LINE_ASSISTANT),
    }

    def __init__(self, data: Any = None, *, grid: Place, duty: Duty, on: date) -> None:
        self.grid, self.duty, self.on = grid, duty, on
        super().__init__(data, initial={"since": on, "until": self._end_of_term(duty, on)})
        for name, duties in self.only_for.items():
            if duty not in duties:
                del self.fields[name]
        self.fields["person"].widget.attrs |= {"list": "people", "autocomplete": "off"}

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if not self.on - EARLIEST <= since <= self.on + EARLIEST:
            raise ValidationError("请核对日期：任职起应在前后一年以内。")
        return since

    def clean_mobile(self) -> str:
        words: str = self.cleaned_data["mobile"]
        try:
            return phones.canonical(words, demo=settings.DEMO) if words else ""
        except phones.NotAPhone as problem:
            raise ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        since, until = said.get("since"), said.get("until")
        if since and until and not since < until <= since + LATEST:
            self.add_error("until", "任职止应晚于任职起，且不超过六年。")
        if said.get("lives") == Posting.Lives.NEXT_DOOR and not said.get("lives_why"):
            self.add_error("lives_why", "住在相邻网格的，请写明理由。")
        if self.errors:
            return said
        try:
            self.posting = self._posting(said)
        except ValidationError as problem:
            self.add_error("person", problem)
        else:
            if refusal := staffing.why_not(self.posting, self.on):
                self.add_error("person", refusal)
        return said

    def _posting(self, said: dict[str, Any]) -> Posting:
        names = ("since", "until", "source", "lives", "lives_why")
        return Posting(
            user=self._person(said),
            duty=self.duty,
            unit=self._unit(said.get("line", "")),
            place=self.grid,
            shown=WAYS[said["shown"]],
            **{name: said[name] for name in names if name in said},
        )

    def _person(self, said: dict[str, Any]) -> User:
        words, mobile = said["person"], said.get("mobile", "")
        if said.get("new"):
            if User.objects.filter(name=words, mobile=mobile).exclude(mobile="").exists():
                raise ValidationError(f"名册里已有电话相同的{words}，请不要重复登记。")
            return User(username=f"p{secrets.token_hex(6)}", name=words, mobile=mobile)
        return found(words, self.grid)

    def _unit(self, line: str) -> Unit:
        if not line:
            assert self.grid.unit
            return self.grid.unit
        unit = Unit.objects.filter(line=line, active=True).order_by("id").first()
        if unit is None:
            raise ValidationError(f"还没有登记“{line}”条线的单位，请先由系统管理员登记。")
        return unit

    @staticmethod
    def _end_of_term(duty: Duty, on: date) -> date | None:
        if duty != Duty.GRID_SECRETARY:
            return None
        years = StaffingRule.objects.values_list("value", flat=True).get(pk="secretary_term_years")
        leap_day = (on.month, on.day) == (2, 29)
        return on.replace(year=on.year + years, day=28 if leap_day else on.day)

    @property
    def people(self) -> SafeString:
        """Who serves near by: a help for typing, the whole register is searched."""
        near = Q(place__code__startswith=self.grid.code[:12])
        if self.duty == Duty.LINE_ASSISTANT:
            near = Q(place__code__startswith=self.grid.code[:9], duty=Duty.LINE_ASSISTANT)
        serving = Posting.objects.current(self.on).filter(near).order_by("user__name", "user_id")
        rows = serving.values_list("user__name", "user__username").distinct()[:200]
        return format_html_join("", '<option value="{} {}">', rows)


def found(words: str, grid: Place) -> User:
    """By sign-in name, or by a name that one person has, near by or in the whole city."""
    people = User.objects.filter(is_active=True)
    if exact := people.filter(username=words.split()[-1]).first():
        return exact
    named = list(people.filter(name=words).order_by("username")[: MANY + 1])
    if not named:
        raise ValidationError(f"名册里没有“{words}”，请核对姓名，或勾选新登记。")
    near = {one.pk for one in people.filter(name=words, postings__place__code__startswith=grid.code[:12])}
    here = [one for one in named if one.pk in near]
    if len(named) == 1 or len(here) == 1:
        return (here or named)[0]
    told = "、".join(one.username for one in named[:MANY])
    raise ValidationError(f"有 {len(named)} 位“{words}”，请填写用户名：{told}。")


class RelieveForm(Pressed):
    why = Said(most=100, label="卸任事由")


class LeaveForm(Pressed):
    since = Day(label="请假的第一天")
    until = Day(label="返岗日", help_text="回来上班的那一天，当天起不再代管")
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label="代管人",
        empty_label="请选择",
        help_text="同一社区的网格员、网格党支部书记或社区负责人",
        error_messages={"required": "请假期间网格不能没有人管，请选择代管人。", "invalid_choice": "请从列表中选择。"},
    )
    why = Said(most=60, label="事由", required=False, help_text="可不填，如“年休假”")

    def __init__(self, data: Any = None, *, worker: User, held: list[Posting], on: date) -> None:
        self.worker, self.held, self.on = worker, held, on
        super().__init__(data, initial={"since": on})
        deputies: Any = self.fields["deputy"]
        deputies.queryset = staffing.deputies_for(held, on).order_by("name", "id")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        since, until = said.get("since"), said.get("until")
        if since and not self.on - EARLIEST <= since <= self.on + EARLIEST:
            self.add_error("since", "请核对日期：应在前后一年以内。")
        elif since and until and not since < until <= since + EARLIEST:
            self.add_error("until", "返岗日应晚于请假的第一天，且不超过一年。")
        elif until and until <= self.on:
            self.add_error("until", "返岗日已经过去，不用再登记。")
        if not self.errors:
            words = {name: said[name] for name in ("since", "until", "deputy", "why")}
            self.leave = Leave(user=self.worker, **words)
            if problem := staffing.why_no_leave(self.leave, self.held):
                self.add_error("deputy" if said["deputy"].name in problem else None, problem)
        return said


class ReturnForm(Pressed):
    """One press."""
