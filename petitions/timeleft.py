"""Time left as words and colour, and the working of a date for anyone who asks how it came about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from petitions import promises, terms
from petitions.models import Clock, Effect, Promise, Workday
from petitions.promises import Length
from petitions.workdays import WORKING_DAY, BeyondCalendar, Stretch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LABELS: dict[str, str] = dict(Promise.choices)
SPANS = {True: (WORKING_DAY, "工作日", "工作时", "工作分钟"), False: (DAY, "天", "小时", "分钟")}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    promise: str  # its Chinese name
    words: str  # 还剩 3 工作时
    tone: str  # green, blue, yellow, red
    due_at: datetime


class Due(NamedTuple):
    """What has to be known of a running clock to say how much time is left."""

    promise: str
    due_at: datetime
    length: Length
    warned_at: datetime | None  # when its yellow card rings


def due_of(clock: Clock) -> Due:
    warnings = [tick for tick, effect in zip(clock.ticks, clock.effects, strict=False) if effect == Effect.YELLOW_CARD]
    return Due(clock.promise, clock.due_at, clock.length, warnings[0] if warnings else None)


# Of one petition the running clock that falls due first; lists ask for it beside each of their rows.
FIRST_DUE = """
SELECT promise, due_at, amount, span, ticks[array_position(effects, 'yellow_card'::varchar)] AS warned_at
FROM petitions_clock WHERE petition_id = {petition} AND stopped_at IS NULL ORDER BY due_at, id LIMIT 1
"""
OF_EACH = f"""
SELECT wanted.pk, due.* FROM unnest(%s::bigint[]) AS wanted (pk)
CROSS JOIN LATERAL ({FIRST_DUE.format(petition="wanted.pk")}) AS due
"""


def first_due(petitions: list[int]) -> dict[int, Due]:
    with connection.cursor() as cursor:
        cursor.execute(OF_EACH, [petitions])
        return {
            petition: Due(promise, due_at, Length(amount, span), warned_at)
            for petition, promise, due_at, amount, span, warned_at in cursor.fetchall()
        }


def time_left(due: Due, at: datetime) -> TimeLeft:
    """Green, from half-way blue, from the warning tick yellow, overdue red (domain §2.8)."""
    label, working = LABELS[due.promise], due.length.working
    if at > due.due_at:
        late = _span(due.due_at, at, working)
        return TimeLeft(label, f"超期 {_words(late, working)}", "red", due.due_at)
    left = _span(at, due.due_at, working)
    return TimeLeft(label, f"还剩 {_words(left, working)}", _tone(due, left, at), due.due_at)


def _span(start: datetime, end: datetime, working: bool) -> timedelta:
    try:
        return promises.left(start, end, working=working, calendar=terms.calendar())
    except BeyondCalendar:  # a promise of many years ago: its days are no longer in the table
        return end - start


def _words(length: timedelta, working: bool) -> str:
    day, days, hours, minutes = SPANS[working]
    if length < timedelta(minutes=1):
        return f"不到 1 {minutes}"
    if length < HOUR:
        return f"{length // timedelta(minutes=1)} {minutes}"
    if length < day:
        return f"{length // HOUR} {hours}"
    whole, rest = divmod(length, day)
    return f"{whole} {days}" if whole > 2 or rest < HOUR else f"{whole} {days} {rest // HOUR} {hours}"


def _tone(due: Due, left: timedelta, at: datetime) -> str:
    if due.warned_at is not None and due.warned_at <= at:
        return "yellow"
    return "green" if left > due.length.delta / 2 else "blue"


# --- The working of a date ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkedDay:
    on: date
    kind: str  # 工作日, 周末 …
    note: str
    counted: str  # 3 工作时; empty when the day does not count
    provisional: bool


@dataclass(frozen=True, slots=True)
class Working:
    sentence: str
    days: list[WorkedDay]
    provisional: bool


def explain(clock: Clock) -> Working:
    """Which days counted, which were holidays, what is provisional, what was not held against the unit."""
    length = _words(clock.length.delta, clock.length.working)
    if not clock.length.working:
        return Working(f"自起算起 {length}，昼夜连续计算，节假日不扣除。", [], False)
    try:
        stretches = promises.explain(clock.started_at, clock.due_at, clock.length, terms.calendar()).stretches
    except BeyondCalendar:
        return Working(f"自起算起 {length}。当时的工作日历已不在册，无法逐日列出。", [], clock.provisional)
    sentence = f"自起算起 {length}，只算工作时间（1 工作日 = 8 工作时）。"
    aside = sum((stretch.counted for stretch in stretches), timedelta()) - clock.length.delta
    if aside >= timedelta(minutes=1):
        sentence += f"其中 {_words(aside, True)}为中心审核占用，不计入。"
    return Working(sentence, [_worked(stretch) for stretch in stretches], clock.provisional)


def _worked(stretch: Stretch) -> WorkedDay:
    return WorkedDay(
        on=stretch.on,
        kind=Workday.Kind(stretch.day.kind.value).label,
        note=stretch.day.note,
        counted=_words(stretch.counted, True) if stretch.counted else "",
        provisional=stretch.day.provisional,
    )
