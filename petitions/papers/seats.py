"""Who may do what to a meeting, a briefing, a task: a seat is a question about one person and one paper."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.models import Unit, User
from grids.models import CITY_CODE, Duty
from grids.scope import holders, holds, units_of
from petitions.models import Attendance, Briefing, Meeting, Task
from petitions.models.meeting import IN_A_UNIT, SECRETARIES
from petitions.models.petition import OF_A_UNIT
from petitions.models.ruling import KEEPERS

Seat = Callable[[User, Any], bool]

# Who calls a meeting and accepts what comes of it: the deputy leader in charge; over the whole city, the principal one.
CONVENERS = {Meeting.Kind.JOINT: Duty.LEADER, Meeting.Kind.LEADING_GROUP: Duty.PRINCIPAL_LEADER}


def secretary(user: User, paper: object) -> bool:
    """The centre; for the leading group its own office as well."""
    of_the_group = isinstance(paper, Meeting) and paper.kind == Meeting.Kind.LEADING_GROUP
    return holds(user, *SECRETARIES) or (of_the_group and office(user, paper))


def director(user: User, paper: object) -> bool:
    return holds(user, Duty.CENTRE_DIRECTOR)


def reviewer(user: User, paper: object) -> bool:
    return holds(user, Duty.REVIEWER)


def keeper(user: User, paper: object) -> bool:
    """Of the dispatch catalogue."""
    return holds(user, *KEEPERS)


def convener(user: User, meeting: Meeting) -> bool:
    return meeting.convener_id == user.pk


def guest(user: User, meeting: Meeting) -> bool:
    return meeting.attendances.filter(unit__in=units_of(user, *IN_A_UNIT)).exists()


def addressee(user: User, briefing: Briefing) -> bool:
    return briefing.raised_for(user)


def office(user: User, paper: object) -> bool:
    return holds(user, Duty.LEADERS_OFFICE)


def officer(user: User, task: Task) -> bool:
    return holds(user, *OF_A_UNIT, unit=task.unit_id)


def head(user: User, task: Task) -> bool:
    return holds(user, Duty.HEAD, unit=task.unit_id)


def acceptor(user: User, task: Task) -> bool:
    """A decision's task is accepted by who called the meeting, an instruction's by the leader's office."""
    return user.pk == task.decision.meeting.convener_id if task.decision else office(user, task)


def sits(user: User, seats: Iterable[Seat], paper: object) -> bool:
    return any(seat(user, paper) for seat in seats)


# --- Whom to tell ---------------------------------------------------------------------------------------


def secretaries() -> list[User]:
    return list(holders(*SECRETARIES, place=CITY_CODE))


def secretaries_of(meeting: Meeting) -> list[User]:
    of_the_group = meeting.kind == Meeting.Kind.LEADING_GROUP
    return [*secretaries(), *(offices() if of_the_group else [])]


def offices() -> list[User]:
    return list(holders(Duty.LEADERS_OFFICE, place=CITY_CODE))


def addressees(briefing: Briefing) -> list[User]:
    return [briefing.addressee] if briefing.addressee else list(holders(briefing.duty, place=CITY_CODE))


def people_of(unit: int) -> list[User]:
    return list(holders(*OF_A_UNIT, unit=unit))


def heads_of(unit: int) -> list[User]:
    return list(holders(Duty.HEAD, unit=unit))


def acceptors(task: Task) -> list[User]:
    return [task.decision.meeting.convener] if task.decision else offices()


def units_in(attendances: QuerySet[Attendance]) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=attendances.values("unit"))
