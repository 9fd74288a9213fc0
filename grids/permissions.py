"""Who may do what with a home: those who answer for the place in which it lies."""

from accounts.models import User
from grids.models import OF_HOMES, Duty
from grids.scope import holds

KEEPERS = (Duty.GRID_WORKER, Duty.COMMUNITY_SECRETARY)  # of the record: people, fields, moving in and out
VISITORS = (*KEEPERS, Duty.GRID_SECRETARY)
RULERS = (Duty.CENTRE_DIRECTOR, Duty.ADMINISTRATOR)  # of how often a colour is visited
READERS_OF_RULES = (*RULERS, Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY)


def may_see(user: User, place: str) -> bool:
    return holds(user, *OF_HOMES, place=place)


def may_keep(user: User, place: str) -> bool:
    return holds(user, *KEEPERS, place=place)


def may_visit(user: User, place: str) -> bool:
    return holds(user, *VISITORS, place=place)


def may_rule(user: User) -> bool:
    return holds(user, *RULERS)


# Who puts whom into a grid: its community chooses secretary and assistants, the city sends workers and line people.
_CITY = (Duty.ORGANISER, Duty.ADMINISTRATOR)
APPOINTS: dict[str, tuple[Duty, ...]] = {
    Duty.GRID_SECRETARY: (Duty.COMMUNITY_SECRETARY, *_CITY),
    Duty.GRID_WORKER: _CITY,
    Duty.ASSISTANT: (Duty.COMMUNITY_SECRETARY, *_CITY),
    Duty.LINE_ASSISTANT: _CITY,
}


def may_appoint(user: User, duty: str, place: str) -> bool:
    return len(place) == 15 and duty in APPOINTS and holds(user, *APPOINTS[duty], place=place)


def may_arrange_leave(user: User, place: str) -> bool:
    return holds(user, Duty.COMMUNITY_SECRETARY, *_CITY, place=place)


# Who changes the grids themselves; which grid a building belongs to is also said by those who know the place.
REDRAWERS = (Duty.CENTRE_DIRECTOR, Duty.ADMINISTRATOR)
ASSIGNERS = (*REDRAWERS, Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER)


def may_redraw(user: User, place: str) -> bool:
    return holds(user, *REDRAWERS, place=place)


def may_assign(user: User, place: str) -> bool:
    return holds(user, *ASSIGNERS, place=place)
