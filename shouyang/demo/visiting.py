"""The promises that were made to a household since it came on record, and the visits that kept them.

Nothing here is stored: what the verbs would have left is worked out, and a test tells a sample again through the verbs.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from grids import visit_clocks
from grids.models import VisitRule
from grids.visit_clocks import Promise
from grids.visit_dates import DAYS

KEPT = 0.96
IN_VAIN = 0.042  # of the visits, one before them; some have no room for it
EARLIEST = {
    "day": (0,),
    "week": (0, 0, 1, 1),
    "month": (0, 1, 2, 4, 6),
    "quarter": (0, 3, 7, 12),
    "year": (0, 5, 20, 40),
}
LATE = {"day": 1, "week": 3, "month": 8, "quarter": 12, "year": 25}  # days, at most
A_DAY = timedelta(days=1)
FRIDAY = 4


@dataclass(slots=True)
class Clock:
    promise: Promise
    rung: int
    next_tick_on: date | None
    stopped_at: datetime | None


@dataclass(slots=True)
class Story:
    founded_at: datetime
    visits: list[datetime] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)


def told(
    rng: random.Random,
    rule: VisitRule,
    founded_at: datetime,
    today: date,
    *,
    last: date | None = None,
    kept: bool = False,
) -> Story:
    """Until yesterday. With `last`, nobody came after that day; `kept` promises of today or earlier have been kept."""
    story = Story(founded_at)
    promise = visit_clocks.promise(rule, founded_at.date(), newcomer=True)
    while True:
        day = _day_of_visit(rng, rule, promise)
        if kept and promise.due_on <= today <= day:
            day = _working_day(today - A_DAY, back=True)
        if last:
            if promise.started_on >= last:
                break
            day = min(day, last)
        if day >= today:
            break
        at = datetime.combine(day, _time_of_day(rng), founded_at.tzinfo)
        at = max(at, founded_at + timedelta(minutes=20))
        story.clocks.append(_stopped(promise, at))
        story.visits.append(at)
        promise = visit_clocks.promise(rule, day)
    story.clocks.append(_running(promise, today))
    return story


def day_before(rule: VisitRule, due: date) -> date:
    """The last day from which the rule promises a visit by `due`."""
    day = due - A_DAY
    while visit_clocks.promise(rule, day).due_on > due:
        day -= A_DAY
    return day


def in_vain(rng: random.Random, since: datetime, at: datetime) -> datetime | None:
    """When nobody opened shortly before this visit, but after `since`; mostly somebody did."""
    if rng.random() > IN_VAIN:
        return None
    day = _working_day(at.date() - timedelta(days=rng.randint(1, 3)), back=True)
    before = datetime.combine(day, _time_of_day(rng), at.tzinfo)
    return before if before > since else None


def _day_of_visit(rng: random.Random, rule: VisitRule, promise: Promise) -> date:
    due = promise.due_on
    if rng.random() < KEPT:
        day = _not_at_a_weekend(rng, rule, due - timedelta(days=rng.choice(EARLIEST[rule.unit])))
        return day if day > promise.started_on else _working_day(promise.started_on + A_DAY, back=False)
    return _working_day(due + timedelta(days=rng.randint(1, LATE[rule.unit])), back=False)


def _not_at_a_weekend(rng: random.Random, rule: VisitRule, day: date) -> date:
    """But on one of the five days before, not all on the Friday; who comes every week has no days to spare."""
    beyond = day.weekday() - FRIDAY
    if beyond <= 0:
        return day
    return day - timedelta(days=beyond + (0 if rule.unit in DAYS else rng.randrange(5)))


def _working_day(day: date, *, back: bool) -> date:
    beyond = day.weekday() - FRIDAY
    if beyond <= 0:
        return day
    return day - timedelta(days=beyond) if back else day + timedelta(days=3 - beyond)


def _time_of_day(rng: random.Random) -> time:
    return time(rng.choice((8, 9, 9, 10, 10, 14, 15, 15, 16, 17, 18)), int(rng.random() * 60))


def _stopped(promise: Promise, at: datetime) -> Clock:
    """The sweep of the day had rung before anybody went."""
    return Clock(promise, _rung(promise, at.date()), None, at)


def _running(promise: Promise, today: date) -> Clock:
    """What rings today, the sweep of today rings."""
    rung = _rung(promise, today - A_DAY)
    return Clock(promise, rung, (promise.due_on, promise.escalates_on, None)[rung], None)


def _rung(promise: Promise, on: date) -> int:
    return (promise.due_on <= on) + (promise.escalates_on <= on)
