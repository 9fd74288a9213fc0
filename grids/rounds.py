"""Whom to look in on today: by the day that was promised, and within a day as somebody walks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from grids.models import Resident, VisitClock
from grids.models.dwelling import within

MOST = 200  # doors on one page
AHEAD = timedelta(days=3)
DWELLING = "household__dwelling"
COLUMNS = (
    *("due_on", "crisis_at", "household__colour", f"{DWELLING}__unit", f"{DWELLING}__room", f"{DWELLING}__walk"),
    *(f"{DWELLING}__building__name", f"{DWELLING}__building__compound__name"),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One door."""

    clock: VisitClock
    people: int
    late: int  # days

    @property
    def pressing(self) -> bool:
        """Not due before tomorrow, and yet somebody goes there today."""
        return self.late < 0 and self.clock.crisis_at is not None

    @property
    def address(self) -> str:
        """As it is said inside its compound."""
        dwelling = self.clock.household.dwelling
        return f"{dwelling.building.name}{dwelling.unit}{dwelling.room}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The doors of one compound, in walking order."""

    compound: str
    stops: list[Stop]


@dataclass(frozen=True, slots=True)
class Rounds:
    late: list[Stretch]
    today: list[Stretch]
    soon: list[Stretch]
    more: bool  # than fit on the page

    @property
    def counts(self) -> tuple[int, int, int]:
        late, today, soon = (sum(len(one.stops) for one in part) for part in (self.late, self.today, self.soon))
        return late, today, soon


def rounds(user: User, on: date) -> Rounds:
    """In one question, however many compounds and people."""
    people = Resident.objects.living_here().filter(household=OuterRef("household")).order_by()
    counted = people.values("household").annotate(n=Count("pk")).values("n")
    clocks = (
        VisitClock.objects.due(on + AHEAD)
        .filter(within(user, "household__dwelling__place__code"))
        .select_related("household__dwelling__building__compound")
        .only(*COLUMNS)
        .annotate(people=Coalesce(Subquery(counted), 0))
        .order_by("due_on", "household__dwelling__walk", "id")
    )
    found = [Stop(clock, clock.people, (on - clock.due_on).days) for clock in clocks[: MOST + 1]]
    shown = found[:MOST]
    return Rounds(
        late=_stretches(stop for stop in shown if stop.late > 0),
        today=_stretches(stop for stop in shown if stop.late == 0 or stop.pressing),
        soon=_stretches(stop for stop in shown if stop.late < 0 and not stop.pressing),
        more=len(found) > MOST,
    )


def _stretches(stops: Iterable[Stop]) -> list[Stretch]:
    """The compound whose door waits longest first; inside of it the doors as they follow each other."""
    found = list(stops)
    longest: dict[int, date] = {}
    for stop in found:
        longest.setdefault(_compound(stop), stop.clock.due_on)  # they come by their days
    found.sort(key=lambda stop: (longest[_compound(stop)], stop.clock.household.dwelling.walk))
    return list(_grouped(found))


def _grouped(stops: list[Stop]) -> Iterator[Stretch]:
    for _, group in groupby(stops, key=_compound):
        here = list(group)
        yield Stretch(here[0].clock.household.dwelling.building.compound.name, here)


def _compound(stop: Stop) -> int:
    return stop.clock.household.dwelling.building.compound_id
