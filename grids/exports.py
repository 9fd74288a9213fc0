"""The homes of one grid as a sheet, for who keeps them and says what for: masked, or with names and phones when
somebody agrees."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.listings import CHUNK, MOST, Cell, Column, Found, Listing
from accounts.masking import mask_id_number, mask_name, mask_phone
from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Duty, Place, Resident
from grids.permissions import KEEPERS
from grids.scope import holders, holds, places_of

ONE_GRID = "一次只能导出一个网格，请在“户情导出”里选定网格。"
COLUMNS = (
    Column("户编号", 12), Column("地址", 32), Column("走访分类", 10), Column("户类型", 10), Column("姓名", 12),
    Column("与户主关系", 12), Column("性别", 8), Column("出生年", 8), Column("证件号码", 22), Column("联系电话", 16),
    Column("入户日期", 12),
)  # fmt: skip
Line = Callable[[Resident], tuple[Cell, ...]]


def find(full: bool, user: User, query: QueryDict, at: datetime) -> Found:
    grid = _grid(user, query.get("place", ""))
    people = (
        Resident.objects.visible_to(user)
        .living_here()
        .filter(household__dwelling__place=grid)
        .select_related("household__dwelling")
        .order_by("household__dwelling__walk", "household_id", "id")
    )
    said = f"网格：{grid.name}" + ("，完整姓名和电话" if full else "，已脱敏")
    return Found(said, lambda: people.order_by()[: MOST + 1].count(), _lines(people, full))


def grids_of(user: User) -> QuerySet[Place]:
    """Those whose homes she may take along, one at a time."""
    codes = places_of(user, *KEEPERS)
    grids = Place.objects.standing().of_kind(Place.Kind.GRID)
    found = grids.none()
    for code in codes:
        found = found | grids.within(code)
    return found


def _grid(user: User, code: str) -> Place:
    """The one that was named; what she answers for may change between the asking and the file."""
    if (grid := grids_of(user).filter(pk=code).first()) is None:
        raise NotNow(ONE_GRID)
    return grid


def _lines(people: QuerySet[Resident], full: bool) -> Iterator[tuple[Cell, ...]]:
    for person in people[:MOST].iterator(chunk_size=CHUNK):
        yield _line(person, full)


def _line(person: Resident, full: bool) -> tuple[Cell, ...]:
    """Of a document number nobody gets more than its ends."""
    home = person.household
    return (
        home.number,
        home.dwelling.address,
        home.get_colour_display(),
        home.get_kind_display(),
        person.name if full else mask_name(person.name),
        person.get_relation_display(),
        person.get_sex_display(),
        person.born_on.year if person.born_on else None,
        mask_id_number(person.id_number),
        person.phone if full else mask_phone(person.phone),
        person.since.isoformat(),
    )


def _open_to(user: User) -> bool:
    return holds(user, *KEEPERS)


def _approvers(by: User, query: QueryDict) -> QuerySet[User]:
    """The secretary of the community for its workers, the street for the secretary."""
    grid = _grid(by, query.get("place", "")).pk
    above = Duty.STREET_OFFICER if holds(by, Duty.COMMUNITY_SECRETARY, place=grid) else Duty.COMMUNITY_SECRETARY
    return holders(above, place=grid)


LISTS = (
    Listing("homes", "本网格户情", COLUMNS, partial(find, False), _open_to, with_purpose=True),
    Listing("homes_full", "本网格户情（含姓名电话）", COLUMNS, partial(find, True), _open_to, approvers=_approvers),
)
