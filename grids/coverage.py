"""Who answers for a place, and how many grids are short of somebody (1+1+N, domain §3.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from grids.models import Duty, Leave, Place, Posting
from grids.shortages import SHORTAGES, Shortage

__all__ = ["SHORTAGES", "Shortage"]


def grids_short_of(name: str, place: Place, on: date) -> QuerySet[Place]:
    """The grids inside this place with this shortage; an unknown name lists none."""
    grids = (
        Place.objects.standing().within(place.code).of_kind(Place.Kind.GRID).select_related("parent").defer("boundary")
    )
    return grids.filter(SHORTAGES[name].where(on)) if name in SHORTAGES else grids.none()


def counts(place: Place, on: date) -> dict[str, int]:
    """How many grids there are inside this place, and how many have each shortage: one query."""
    grids = Place.objects.standing().within(place.code).of_kind(Place.Kind.GRID).order_by()
    wanted = {name: Count("pk", filter=shortage.where(on)) for name, shortage in SHORTAGES.items()}
    return grids.aggregate(grids=Count("pk"), **wanted)


def workers(place: Place, on: date) -> int:
    """How many people are full-time workers of grids inside this place."""
    posted = Posting.objects.current(on).filter(duty=Duty.GRID_WORKER, place__code__startswith=place.code)
    return posted.order_by().values("user").distinct().count()


# --- Who answers for a place ---------------------------------------------------------------------------

EXPECTED: dict[str, tuple[Duty, ...]] = {
    Place.Kind.CITY: (Duty.LEADER,),
    Place.Kind.STREET: (Duty.STREET_OFFICER,),
    Place.Kind.COMMUNITY: (Duty.COMMUNITY_SECRETARY,),
    Place.Kind.GRID: (Duty.GRID_WORKER, Duty.GRID_SECRETARY),
}
ANSWERING = (
    Duty.PRINCIPAL_LEADER,
    Duty.LEADER,
    Duty.CENTRE_DIRECTOR,
    Duty.STREET_OFFICER,
    Duty.COMMUNITY_SECRETARY,
    Duty.GRID_WORKER,
    Duty.GRID_SECRETARY,
    Duty.ASSISTANT,
    Duty.LINE_ASSISTANT,
)


@dataclass(frozen=True, slots=True)
class Post:
    """A duty at a place and who holds it; nobody, when it is vacant."""

    duty: str
    posting: Posting | None = None
    also: tuple[str, ...] = ()  # other grids that the same worker looks after
    away: Leave | None = None  # with her deputy


def posts(place: Place, on: date) -> list[Post]:
    """Who answers for this place, in the order of the duties; expected duties that nobody holds stand as vacant."""
    here = Posting.objects.current(on).filter(place=place)
    held = here.filter(Q(duty__in=ANSWERING) | Q(duty=Duty.HEAD, unit=place.unit_id)).select_related("user", "unit")
    others = (
        Posting.objects.current(on).filter(duty=Duty.GRID_WORKER, user__in=here.values("user")).exclude(place=place)
    )
    also: dict[int, list[str]] = {}
    for user, name in others.order_by("place").values_list("user", "place__name"):
        also.setdefault(user, []).append(name)
    leaves = Leave.objects.current(on).filter(user__in=here.filter(duty=Duty.GRID_WORKER).values("user"))
    away = {leave.user_id: leave for leave in leaves.select_related("deputy")}
    by_duty: dict[str, list[Posting]] = {}
    for posting in held:
        by_duty.setdefault(posting.duty, []).append(posting)
    found: list[Post] = []
    for duty in (Duty.HEAD, *ANSWERING):
        for posting in by_duty.get(duty, ()):
            works = duty == Duty.GRID_WORKER
            shared = tuple(also.get(posting.user_id, ())) if works else ()
            found.append(Post(posting.called, posting, shared, away.get(posting.user_id) if works else None))
        if duty not in by_duty and duty in EXPECTED[place.kind]:
            found.append(Post(duty.label))
    return found


def holders_by_duty(places: Iterable[Place], on: date) -> dict[str, list[tuple[str, str]]]:
    """For each place's code its expected duties and the names of their holders; an empty name is a vacancy."""
    places = list(places)
    duties = {duty for place in places for duty in EXPECTED[place.kind]}
    postings = Posting.objects.current(on).filter(place__in=places, duty__in=duties).order_by("id")
    names: dict[tuple[str, str], list[str]] = {}
    for code, duty, name in postings.values_list("place", "duty", "user__name"):
        names.setdefault((code, duty), []).append(name)
    return {
        place.code: [(duty.label, "、".join(names.get((place.code, duty), ()))) for duty in EXPECTED[place.kind]]
        for place in places
    }
