"""Who may do what to a petition: a party is a set of duties, held over its place or in its unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from grids.models import CITY_CODE, Duty
from grids.scope import holders, holds
from petitions.models import Petition


@dataclass(frozen=True, slots=True)
class Party:
    duties: tuple[str, ...]
    in_unit: bool = False  # in the unit that has the petition; otherwise over the place where it is

    def includes(self, user: User, petition: Petition) -> bool:
        if self.in_unit:
            return petition.unit_id is not None and holds(user, *self.duties, unit=petition.unit_id)
        return holds(user, *self.duties, place=petition.place_id)

    def people(self, petition: Petition) -> Iterable[User]:
        if self.in_unit:
            return holders(*self.duties, unit=petition.unit_id) if petition.unit_id else User.objects.none()
        return holders(*self.duties, place=petition.place_id)


OPERATORS = Party((Duty.OPERATOR,))
DISPATCHERS = Party((Duty.DISPATCHER,))
REVIEWERS = Party((Duty.REVIEWER,))
CALLERS_BACK = Party((Duty.CALLER_BACK,))
DIRECTORS = Party((Duty.CENTRE_DIRECTOR,))
REGISTRARS = Party((Duty.OPERATOR, Duty.DISPATCHER, Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY))
RECEIVERS = Party((Duty.RECEIVER,), in_unit=True)
HANDLERS = Party((Duty.HANDLER,), in_unit=True)
HEADS = Party((Duty.HEAD,), in_unit=True)
UNIT_PEOPLE = (RECEIVERS, HANDLERS, HEADS)


def is_among(user: User, parties: Iterable[Party], petition: Petition) -> bool:
    return any(party.includes(user, petition) for party in parties)


CENTRE = (Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CALLER_BACK, Duty.CENTRE_DIRECTOR)


def sees_callers(user: User) -> bool:
    """May she know who called, whoever it was?"""
    return holds(user, *CENTRE, place=CITY_CODE)


def sees_identity(user: User, petition: Petition) -> bool:
    """A caller who asked for confidentiality is known to the centre alone (domain §9, 举报人保密)."""
    return not petition.confidential or holds(user, *CENTRE, place=petition.place_id)
