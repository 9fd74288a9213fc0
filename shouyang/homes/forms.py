"""Small forms about who lives where: each says its heading, and does its verb."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings

from accounts.models import User
from accounts.words import Phone
from grids import ages, id_numbers, lookup, workflow
from grids.models import Care, Household, Resident, VisitRule
from grids.team import Team
from petitions.forms.words import Words
from shouyang.homes.fields import FUTURE, Day, Helper, IdNumber, One
from shouyang.homes.press import Press
from shouyang.homes.row_forms import agree_with_number

Relation = Resident.Relation
A_YEAR = timedelta(days=365)
UNKNOWN_SEX = [("", "未登记"), *Resident.Sex.choices]


class Verb(forms.Form):
    """A form that does something to one household; `key` makes two presses one."""

    key = Press()

    heading = ""
    button = "保存"
    hint = ""
    done = ""  # what the page says afterwards
    danger: ClassVar[bool] = False

    def __init__(
        self, data: Any = None, *, household: Household, today: date, resident: Resident | None = None
    ) -> None:
        super().__init__(data)
        self.household, self.resident, self.today = household, resident, today

    def do(self, by: User, at: datetime) -> None:
        raise NotImplementedError

    def _not_later(self, name: str) -> None:
        if (day := self.cleaned_data.get(name)) and day > self.today:
            self.add_error(name, FUTURE)


class MoveInForm(Verb):
    heading = "登记入户"
    button = "登记入户"
    done = "已登记入户。"

    name = Words(label="姓名", most=40)
    relation = One(label="与户主关系", choices=Resident.Relation.choices, initial=Resident.Relation.OTHER)
    document = One(label="证件类型", choices=Resident.Document.choices, initial=Resident.Document.ID_CARD)
    id_number = Words(label="证件号码", most=40, required=False, help_text="身份证填 18 位，出生日期和性别随号码填好")
    sex = One(label="性别", choices=UNKNOWN_SEX, required=False)
    born_on = Day(label="出生日期", required=False)
    phone = Phone(label="联系电话", required=False)
    since = Day(label="入户日期")
    note = Words(label="说明", most=200, required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["since"].initial = self.today
        self.fields["id_number"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self._not_later("since")
        self._not_later("born_on")
        if said.get("document") == Resident.Document.ID_CARD and said.get("id_number"):
            try:
                said["id_number"] = id_numbers.canonical(said["id_number"], demo=settings.DEMO)
            except id_numbers.NotAnIdNumber as problem:
                self.add_error("id_number", str(problem))
            else:
                agree_with_number(self, said["id_number"], said)
        return said

    def do(self, by: User, at: datetime) -> None:
        said = self.cleaned_data
        names = ("name", "relation", "document", "id_number", "sex", "born_on", "phone", "since")
        resident = Resident(household=self.household, **{name: said[name] for name in names})
        workflow.move_in(self.household, resident, key=said["key"], by=by, at=at, note=said["note"])


class BirthForm(Verb):
    heading = "登记出生"
    button = "登记出生"
    done = "已登记出生。"

    name = Words(label="姓名", most=40, help_text="还没有起名的，先写“某某之子”或“某某之女”")
    relation = One(
        label="与户主关系",
        choices=[(one, one.label) for one in (Relation.CHILD, Relation.GRANDCHILD, Relation.OTHER)],
    )
    sex = One(label="性别", choices=Resident.Sex.choices)
    born_on = Day(label="出生日期")

    def clean(self) -> dict[str, Any]:
        self._not_later("born_on")
        if (day := self.cleaned_data.get("born_on")) and day < self.today - A_YEAR:
            self.add_error("born_on", "出生已满一年的，请用“登记入户”。")
        return self.cleaned_data

    def do(self, by: User, at: datetime) -> None:
        said = self.cleaned_data
        child = Resident(
            household=self.household,
            document=Resident.Document.NONE,
            since=said["born_on"],
            **{name: said[name] for name in ("name", "relation", "sex", "born_on")},
        )
        workflow.register_birth(self.household, child, key=said["key"], by=by, at=at)


class MoveOverForm(Verb):
    heading = "从另一户迁入"
    button = "迁入这一户"
    hint = "此人已登记在本市另一户：填证件号码，登记就迁到这一户，两户的记录里都会写明。"
    done = "已从另一户迁入。"

    id_number = IdNumber(label="身份证号码")
    note = Words(label="说明", most=200, required=False)

    def clean_id_number(self) -> str:
        number: str = self.cleaned_data["id_number"]
        self.found = lookup.elsewhere(number)
        if self.found is None:
            raise forms.ValidationError("没有查到登记在其他户的这个号码；没有登记过的，请用“登记入户”。")
        if self.found.household_id == self.household.pk:
            raise forms.ValidationError("此人已登记在这一户。")
        return number

    def do(self, by: User, at: datetime) -> None:
        said = self.cleaned_data
        assert self.found is not None
        workflow.move_over(self.found, self.household, key=said["key"], by=by, at=at, note=said["note"])


class CrisisForm(Verb):
    heading = "重大变故"
    button = "通知到户"
    done = "已登记重大变故，走访已提前，并通知了网格员。"

    note = Words(label="发生了什么", most=200, rows=2, help_text="如突发重病、家人去世、失火；加密保存")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        hours = VisitRule.objects.get(colour=self.household.colour).crisis_days * 24
        self.heading = f"重大变故，{hours} 小时内到户"
        self.hint = f"走访提前到 {hours // 24} 天内，须上门；上门走访以后自动解除。"

    def do(self, by: User, at: datetime) -> None:
        said = self.cleaned_data
        workflow.report_crisis(self.household, note=said["note"], key=said["key"], by=by, at=at)


class OfResident(Verb):
    """About one person of the household."""

    @property
    def person(self) -> Resident:
        assert self.resident is not None
        return self.resident


class MoveOutForm(OfResident):
    heading = "登记迁出"
    button = "登记迁出"
    hint = "迁到本市另一户的，请在那一户用“从另一户迁入”。最后一人迁出后，这一户注销，历史都保留。"
    done = "已登记迁出。"
    danger = True

    note = Words(label="迁往何处", most=200, required=False)

    def do(self, by: User, at: datetime) -> None:
        said = self.cleaned_data
        workflow.move_out(self.person, key=said["key"], by=by, at=at, note=said["note"])


class DeathForm(OfResident):
    heading = "登记去世"
    button = "登记去世"
    hint = "登记后，此人的重点关爱随之结束；户内没有别人的，这一户注销，历史都保留。"
    done = "已登记去世。"
    danger = True

    on = Day(label="去世日期")
    note = Words(label="说明", most=200, required=False)

    def clean(self) -> dict[str, Any]:
        self._not_later("on")
        if (day := self.cleaned_data.get("on")) and self.person.born_on and day < self.person.born_on:
            self.add_error("on", "早于出生日期，请核对。")
        return self.cleaned_data

    def do(self, by: User, at: datetime) -> None:
        said = self.cleaned_data
        workflow.register_death(self.person, on=said["on"], key=said["key"], by=by, at=at, note=said["note"])


class CareForm(OfResident):
    heading = "登记重点关爱"
    button = "登记"
    hint = "这些内容加密保存，平时隐去，查看会留下记录。"
    done = "已登记重点关爱。"

    category = One(label="类别", choices=[("", "请选择"), *Care.Category.choices])
    degree = Words(label="等级", most=40, required=False)
    need = Words(label="需求", most=200, required=False)
    helper = Helper()
    guardian = Words(label="监护人", most=60, required=False)
    health = Words(label="健康提示", most=200, required=False)
    device = Words(label="物联设备", most=60, required=False)
    assessed_on = Day(label="评估日期", required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        helper: Any = self.fields["helper"]
        helper.offer(Team(self.household.dwelling.place, self.today))

    def clean(self) -> dict[str, Any]:
        self._not_later("assessed_on")
        category, born_on = self.cleaned_data.get("category", ""), self.person.born_on
        if ages.too_young(category, born_on, self.today):
            label, age = Care.Category(category).label, self.person.age(self.today)
            self.add_error("category", f"按登记的出生日期，此人 {age} 岁，不是“{label}”；出生日期有误的，请先更正。")
        return self.cleaned_data

    def do(self, by: User, at: datetime) -> None:
        said = dict(self.cleaned_data)
        key = said.pop("key")
        care = Care(resident=self.person, since=self.today, **said)
        workflow.add_care(self.person, care, key=key, by=by, at=at)


VERBS: dict[str, type[Verb]] = {
    "move-in": MoveInForm,
    "birth": BirthForm,
    "move-over": MoveOverForm,
    "crisis": CrisisForm,
}
OF_RESIDENT: dict[str, type[OfResident]] = {"move-out": MoveOutForm, "death": DeathForm, "care": CareForm}
