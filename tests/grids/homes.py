"""Homes of the tests: a door in 向阳社区 第1网格, and who lives behind it."""

from datetime import date
from typing import Any
from uuid import uuid4

from grids import workflow
from grids.models import Building, Compound, Dwelling, Household, Resident, VisitRule
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast

WANG = "110101194408112345"  # not valid; forms check digits, verbs do not


def rules() -> None:
    for colour, unit in (("red", "week"), ("orange", "month"), ("yellow", "quarter"), ("green", "year")):
        VisitRule.objects.get_or_create(colour=colour, defaults={"unit": unit, "manner": "上门", "who": "户"})


def door(room: str = "501", *, place: str = XIANGYANG_1, unit: str = "2单元", building: str = "3号楼") -> Dwelling:
    compound, _ = Compound.objects.get_or_create(name="锦绣华庭", community_id=place[:12])
    house, _ = Building.objects.get_or_create(compound=compound, name=building, defaults={"number": 3})
    dwelling = Dwelling(building=house, unit=unit, room=room, place_id=place)
    dwelling.name_address()
    dwelling.save()
    return dwelling


def home(cast: Cast, room: str = "501", *, colour: str = "green", **said: Any) -> Household:
    rules()
    household = Household(dwelling=door(room, **said), colour=colour, since=date(2026, 11, 16))
    found = workflow.found(household, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert found
    return found


def lives(cast: Cast, household: Household, name: str = "王秀英", **said: Any) -> Resident:
    values: dict[str, Any] = {"relation": Resident.Relation.HEAD, "since": date(2026, 11, 16)} | said
    resident = Resident(name=name, **values)
    workflow.move_in(household, resident, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    return resident


def values(row: Any, but: set[str]) -> dict[str, Any]:
    """What the columns of a row say, to be compared with those of another."""
    fields = [field for field in row._meta.concrete_fields if field.name not in but]
    return {field.attname: getattr(row, field.attname) for field in fields}
