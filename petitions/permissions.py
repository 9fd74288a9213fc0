"""Who may do what to a petition: a party is a set of duties, held over its place or in its unit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Unit, User
from grids.models import CITY_CODE, Duty, Item, ListedItem, Posting
from grids.scope import holders, holds, today
from petitions.models import Petition
from petitions.terms import Kept

# What may be ordered onto a grid worker (准入): the list in force, temporary items up to their last day.
listed = Kept(lambda: frozenset(ListedItem.objects.in_force(today()).values_list("item", flat=True)))


@dataclass(frozen=True, slots=True)
class Party:
    duties: tuple[str, ...]
    in_unit: bool = False  # in the unit that has the petition; otherwise over the place where it is
    as_: str = "unit"  # what the unit is to the petition: unit, contact_unit, assisting
    beyond: bool = False  # the list: nobody who works in a grid is asked

    def asked(self, petition: Petition) -> "Party":
        """Whom of them this petition may be ordered onto."""
        return self if not self.in_unit or petition.item_id in listed() else replace(self, beyond=True)

    def includes(self, user: User, petition: Petition) -> bool:
        if self.in_unit:
            return any(holds(user, *self.duties, unit=unit) for unit in self.units(petition))
        return holds(user, *self.duties, place=petition.place_id)

    def people(self, petition: Petition, unit: int | None = None) -> Iterable[User]:
        """`unit` says which one, where it is not the one that has the petition."""
        if not self.in_unit:
            return holders(*self.duties, place=petition.place_id)
        units = [unit] if unit else self.units(petition)
        if not units:
            return User.objects.none()
        return beyond_the_grid(self.duties, units[0]) if self.beyond else holders(*self.duties, unit=units[0])

    def units(self, petition: Petition) -> list[int]:
        match self.as_:
            case "assisting":
                return petition.assisting or []
            case "contact_unit":
                return [petition.contact_unit_id] if petition.contact_unit_id else []
        return [petition.unit_id] if petition.unit_id else []


def beyond_the_grid(duties: Iterable[str], unit: int) -> QuerySet[User]:
    """Of a unit, those who work in no grid. The desk of a committee is mostly kept by grid workers: then its head."""
    there = Posting.objects.current(today()).filter(unit=unit)
    head = Q(duty=Duty.HEAD, unit__kind=Unit.Kind.COMMUNITY_COMMITTEE)
    works = Posting.objects.current(today()).filter(duty=Duty.GRID_WORKER, user=OuterRef("pk"))
    asked = there.filter(Q(duty__in=[*duties]) | head).order_by().values("user")
    return User.objects.filter(~Exists(works), pk__in=asked)


def why_not_ordered(item: Item, unit: Unit) -> str:
    """Why what is not on the list cannot go to this committee: nobody there but grid workers would have it."""
    if unit.kind != Unit.Kind.COMMUNITY_COMMITTEE or item.pk in listed():
        return ""
    desk = Posting.objects.current(today()).filter(unit=unit, duty__in=OF_A_UNIT)
    if not desk.exists() or beyond_the_grid(OF_A_UNIT, unit.pk).exists():
        return ""
    return (
        f"“{item.name}”不在入格事项清单内，不能派给网格员；{unit}收件、承办的都是专职网格员，"
        "请改派其他单位，或先为该社区登记单位负责人。"
    )


OPERATORS = Party((Duty.OPERATOR,))
DISPATCHERS = Party((Duty.DISPATCHER,))
REVIEWERS = Party((Duty.REVIEWER,))
CALLERS_BACK = Party((Duty.CALLER_BACK,))
DIRECTORS = Party((Duty.CENTRE_DIRECTOR,))
# Who carries papers to meetings and leaders, and who decides there.
SECRETARIES = Party((Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.LEADERS_OFFICE))
LEADERS = Party((Duty.LEADER, Duty.PRINCIPAL_LEADER))
REGISTRARS = Party((Duty.OPERATOR, Duty.DISPATCHER, Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY))
RECEIVERS = Party((Duty.RECEIVER,), in_unit=True)
HANDLERS = Party((Duty.HANDLER,), in_unit=True)
HEADS = Party((Duty.HEAD,), in_unit=True)
UNIT_PEOPLE = (RECEIVERS, HANDLERS, HEADS)
OF_A_UNIT = (Duty.RECEIVER, Duty.HANDLER, Duty.HEAD)
KEEPING_CONTACT = Party(OF_A_UNIT, in_unit=True, as_="contact_unit")
ASSISTING = Party(OF_A_UNIT, in_unit=True, as_="assisting")


def is_among(user: User, parties: Iterable[Party], petition: Petition) -> bool:
    return any(party.includes(user, petition) for party in parties)


AUDITS = (Duty.AUDITOR, Duty.CENTRE_DIRECTOR, Duty.ADMINISTRATOR)  # who may read the record of what others did
CENTRE = (Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CALLER_BACK, Duty.CENTRE_DIRECTOR)


def sees_callers(user: User) -> bool:
    """May she know who called, whoever it was?"""
    return holds(user, *CENTRE, place=CITY_CODE)


def sees_identity(user: User, petition: Petition) -> bool:
    """A caller who asked for confidentiality is known to the centre alone (domain §9, 举报人保密)."""
    return not petition.confidential or holds(user, *CENTRE, place=petition.place_id)
