"""Who may do what with a home: those who answer for the place in which it lies."""

from accounts.models import User
from grids.models import Duty
from grids.scope import holds

KEEPERS = (Duty.GRID_WORKER, Duty.COMMUNITY_SECRETARY)  # of the record: people, fields, moving in and out
VISITORS = (*KEEPERS, Duty.GRID_SECRETARY)
RULERS = (Duty.CENTRE_DIRECTOR, Duty.ADMINISTRATOR)  # of how often a colour is visited
READERS_OF_RULES = (*RULERS, Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY)


def may_keep(user: User, place: str) -> bool:
    return holds(user, *KEEPERS, place=place)


def may_visit(user: User, place: str) -> bool:
    return holds(user, *VISITORS, place=place)


def may_rule(user: User) -> bool:
    return holds(user, *RULERS)
