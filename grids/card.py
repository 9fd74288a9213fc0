"""The card of a grid for its residents: who answers, for what, and how to be heard; with a code that leads there."""

from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings

from accounts.models import Unit, User
from grids.models import OF_A_GRID, Duty, Leave, Place, Posting

WHAT = (
    ("需求在网格发现", "家里有难处、社区有需要，告诉网格员，由社区想办法。"),
    ("信息在网格采集", "搬来、搬走、添丁、出租，说一次就够，不用到处跑。"),
    ("隐患在网格排查", "楼道堆物、私拉电线、消防设施损坏，看到请说一声。"),
    ("服务在网格开展", "独居、高龄、行动不便的住户，网格员定期上门看望。"),
    ("问题在网格解决", "能当场办的当场办，办不了的转给有关部门并盯到办完。"),
)


@dataclass(frozen=True, slots=True)
class Person:
    duty: str
    name: str = ""  # nobody, while the post is vacant
    unit: str = ""
    phone: str = ""
    note: str = ""
    instead: str = ""  # whom to ring while she is away


@dataclass(frozen=True, slots=True)
class Card:
    grid: Place
    community: str
    street: str
    phone: str
    people: list[Person]
    unnamed: int  # assistants whose names are not public


def of(code: str, on: date) -> Card | None:
    grids = Place.objects.of_kind(Place.Kind.GRID).select_related("parent__parent", "unit", "merged_into")
    drawn = ("boundary", "parent__boundary", "parent__parent__boundary", "merged_into__boundary")
    grid = grids.defer(*drawn).filter(pk=code).first()
    if grid is None:
        return None
    serving = Posting.objects.current(on).filter(place=grid, duty__in=OF_A_GRID)
    named = list(serving.named_openly().select_related("user", "unit").order_by("id"))
    street = grid.parent.parent if grid.parent else None
    return Card(
        grid,
        community=str(grid.parent or ""),
        street=str(street or ""),
        phone=grid.unit.phone if grid.unit else "",
        people=[] if grid.closed_on else _people(named, on),
        unnamed=serving.filter(duty=Duty.ASSISTANT).count() - sum(one.duty == Duty.ASSISTANT for one in named),
    )


def _people(named: list[Posting], on: date) -> list[Person]:
    leaves = Leave.objects.current(on).filter(user__in=[one.user_id for one in named if one.duty == Duty.GRID_WORKER])
    away = {leave.user_id: leave for leave in leaves.select_related("deputy")}
    deputies = [leave.deputy_id for leave in away.values()]
    working = Posting.objects.current(on).filter(duty=Duty.GRID_WORKER, user__in=deputies)
    works = set(working.values_list("user", flat=True)) if deputies else set()
    found: list[Person] = []
    for duty in OF_A_GRID:
        held = [one for one in named if one.duty == duty]
        if not held and duty in (Duty.GRID_SECRETARY, Duty.GRID_WORKER):
            found.append(Person(str(duty.label)))
        found += [_person(one, away.get(one.user_id) if duty == Duty.GRID_WORKER else None, works) for one in held]
    return found


def _person(posting: Posting, leave: Leave | None, works: set[int]) -> Person:
    """`works`: of those who stand in, the full-time workers."""
    said = (posting.called, posting.user.name, _said(posting.unit))
    if leave is None:
        return Person(*said, _number(posting.user, posting, works=posting.duty == Duty.GRID_WORKER))
    note = f"请假中，{leave.until:%m-%d} 返岗，由{leave.deputy.name}代管"
    return Person(*said, note=note, instead=_number(leave.deputy, posting, works=leave.deputy_id in works))


def _number(user: User, posting: Posting, *, works: bool) -> str:
    """The number that the work gave her; of all others, only their unit's: theirs may be their own."""
    return (user.mobile if works else "") or posting.unit.phone


def _said(unit: Unit) -> str:
    return unit.short_name or unit.name


def address(code: str, host: str) -> str:
    """Where the code leads; the address that the portal is known by, or the one it was asked under."""
    return f"{(settings.PORTAL_ADDRESS or host).rstrip('/')}/public/grid/{code}/"


def picture(words: str) -> str:
    """A QR code as the address of an image; a quarter of it may be torn off or wet."""
    return str(segno.make(words, error="q", micro=False).svg_data_uri(scale=8, border=2, dark="#000"))
