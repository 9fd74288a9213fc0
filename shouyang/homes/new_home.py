"""A household that is not on record yet: the door, and since when somebody lives behind it."""

from datetime import date, datetime
from typing import Any

from django import forms

from accounts.models import User
from grids import workflow
from grids.models import Household, Place
from grids.permissions import KEEPERS
from grids.scope import places_of
from grids.workflow import Door
from petitions import choices
from petitions.forms.words import Phone, Words
from shouyang.homes.fields import Day, One
from shouyang.homes.press import Press

LIVED_IN = "这个房屋已登记了一户，请在那一户里登记入户；确是另一户的，请勾选“与已登记的一户分开”。"


class NewHomeForm(forms.Form):
    key = Press()
    grid = One(label="网格", choices=[])
    compound = Words(label="小区", most=60, help_text="如 锦绣华庭")
    building = Words(label="楼栋", most=20, help_text="如 3号楼")
    unit = Words(label="单元", most=10, required=False, help_text="如 2单元")
    room = Words(label="房号", most=12, help_text="如 501")
    kind = One(label="户类型", choices=Household.Kind.choices, initial=Household.Kind.PERMANENT)
    colour = One(label="走访分类", choices=Household._meta.get_field("colour").choices, initial="green")
    phone = Phone(label="联系电话", required=False)
    since = Day(label="入住日期")
    apart = forms.BooleanField(label="与已登记的一户分开", required=False)

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data)
        self.user, self.today = user, today
        grid: Any = self.fields["grid"]
        grid.choices = [(place.code, choices.label_of_place(place)) for place in grids_of(user)]
        self.fields["since"].initial = today

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("since") and said["since"] > self.today:
            self.add_error("since", "不能晚于今天。")
        return said

    def do(self, at: datetime) -> Household | None:
        """The household; None when this press was done before, or when the form has to be asked again."""
        said = self.cleaned_data
        door = Door(said["compound"], said["building"], said["unit"], said["room"])
        dwelling = workflow.register_door(door, place=choices.places()[said["grid"]], by=self.user)
        if not said["apart"] and Household.objects.living().filter(dwelling=dwelling).exists():
            self.add_error("apart", LIVED_IN)
            return None
        names = ("kind", "colour", "phone", "since")
        household = Household(dwelling=dwelling, **{name: said[name] for name in names})
        return workflow.found(household, key=said["key"], by=self.user, at=at)


def grids_of(user: User) -> list[Place]:
    codes = tuple(places_of(user, *KEEPERS))
    standing = [place for place in choices.places().values() if place.closed_on is None]
    grids = [place for place in standing if len(place.code) == 15 and codes and place.code.startswith(codes)]
    return sorted(grids, key=lambda place: place.code)
