"""A household that is not on record yet: the door, and since when somebody lives behind it."""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from django import forms

from accounts.models import User
from accounts.words import Phone
from grids import workflow
from grids.importing.addresses import building_of, room_of, unit_of
from grids.models import Compound, Household, Place
from grids.permissions import KEEPERS, may_keep
from grids.scope import places_of
from grids.workflow import Door
from grids.workflow.doors import building_called, compound_called
from petitions import choices
from petitions.forms.words import Words
from shouyang.homes.fields import Day, One
from shouyang.homes.press import Press

FRESH = "没有登记过，确认新建"
LIVED_IN = "这个房屋已登记了一户，请在那一户里登记入户；确是另一户的，请勾选“与已登记的一户分开”。"


class NewHomeForm(forms.Form):
    key = Press()
    grid = One(label="网格", choices=[])
    compound = Words(label="小区", most=60, help_text="如 锦绣华庭")
    building = Words(label="楼栋", most=20, help_text="如 3号楼")
    fresh = forms.BooleanField(label=FRESH, required=False)
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
        if data is None:
            del self.fields["fresh"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("since") and said["since"] > self.today:
            self.add_error("since", "不能晚于今天。")
        if {"grid", "compound", "building", "room"} <= said.keys():
            self.door = self._door(said)
        if not said["fresh"] and not self.has_error("compound") and not self.has_error("building"):
            del self.fields["fresh"]  # nothing is asked
        return said

    def _door(self, said: dict[str, Any]) -> Door:
        """In the spelling in which doors are on record; whether a compound or a building is really new, is asked."""
        typed = {name: _tight(said[name]) for name in ("compound", "building", "unit", "room")}
        community = said["grid"][:12]
        compound = compound_called(typed["compound"], community)
        known = compound and building_called(typed["building"], compound)
        door = Door(
            compound.name if compound else typed["compound"],
            known.name if known else building_of(typed["building"])[0],
            unit_of(typed["unit"]),
            room_of(typed["room"]),
        )
        if said["fresh"]:
            return door
        if compound is None:
            there = Compound.objects.filter(community=community)
            self._ask("compound", "这个社区", door.compound, there.values_list("name", flat=True))
        elif known is None and not building_called(door.building, compound):
            self._ask("building", compound.name, door.building, compound.buildings.values_list("name", flat=True))
        return door

    def _ask(self, field: str, where: str, name: str, names: Iterable[str]) -> None:
        near = get_close_matches(name, list(names), cutoff=0.3)
        named = f"，相近的有：{'、'.join(near)}" if near else ""
        self.add_error(field, f"{where}没有登记过“{name}”{named}。确是新的，请勾选“{FRESH}”。")

    def do(self, at: datetime) -> Household | None:
        """The household; None when this press was done before, or when the form has to be asked again."""
        said = self.cleaned_data
        dwelling = workflow.register_door(self.door, place=choices.places()[said["grid"]], by=self.user)
        if not may_keep(self.user, dwelling.place_id):
            self.add_error("room", f"这个房屋在{dwelling.place}，请由那里登记。")
            return None
        if not said["apart"] and Household.objects.living().filter(dwelling=dwelling).exists():
            self.add_error("apart", LIVED_IN)
            return None
        names = ("kind", "colour", "phone", "since")
        household = Household(dwelling=dwelling, **{name: said[name] for name in names})
        return workflow.found(household, key=said["key"], by=self.user, at=at)


def _tight(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


def grids_of(user: User) -> list[Place]:
    codes = tuple(places_of(user, *KEEPERS))
    standing = [place for place in choices.places().values() if place.closed_on is None]
    grids = [place for place in standing if len(place.code) == 15 and codes and place.code.startswith(codes)]
    return sorted(grids, key=lambda place: place.code)
