"""Time left as words and colour, and the working of a date for anyone who asks how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from petitions import promises, terms
from petitions.models import Clock, Effect, Interval, Petition, Promise, Status, SupervisionNotice, Task, Workday
from petitions.promises import Length
from petitions.workdays import WORKING_DAY, BeyondCalendar, Stretch

ZONE = ZoneInfo(settings.TIME_ZONE)
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


def left_of(task: Task, at: datetime) -> TimeLeft | None:
    """A task's date was said as a date, so that it is counted in days of the calendar; None when it is done."""
    if task.done_at:
        return None
    warnings = [tick for tick, effect in zip(task.ticks, task.effects, strict=False) if effect == Effect.YELLOW_CARD]
    length = Length(max(1, int((task.due_at - task.assigned_at).total_seconds()) // 60), "minute")
    return time_left(Due(Promise.RESOLVE, task.due_at, length, warnings[0] if warnings else None), at)


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


def left_of_notice(notice: SupervisionNotice, at: datetime) -> TimeLeft | None:
    """Until the unit has to sign it, then to feed back; None when it owes nothing."""
    if notice.due_at is None:
        return None
    return time_left(Due(Promise.SIGN, notice.due_at, Length(1, "working_day"), None), at)


def total(petition: Petition, at: datetime) -> str:
    """What the resident has waited, day and night, from the first word to the end; nothing resets or stops it."""
    main = petition.merged_into if petition.status == Status.MERGED else None
    concluded_at = (main or petition).concluded_at
    ended = concluded_at if concluded_at and concluded_at < at else at
    return _words(max(ended - petition.registered_at, timedelta()), working=False)


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


def explain(clock: Clock, moved: Sequence[Interval] = ()) -> Working:
    """Which days counted, which were holidays, what is provisional, by which approved intervals its due date moved."""
    length = _words(clock.length.delta, clock.length.working)
    aside = "".join(_said(interval) for interval in moved)
    if not clock.length.working:
        return Working(f"自起算起 {length}，昼夜连续计算，节假日不扣除。{aside}", [], False)
    try:
        stretches = promises.explain(clock.started_at, clock.due_at, clock.length, terms.calendar()).stretches
    except BeyondCalendar:
        return Working(f"自起算起 {length}。当时的工作日历已不在册，无法逐日列出。{aside}", [], clock.provisional)
    sentence = f"自起算起 {length}，只算工作时间（1 工作日 = 8 工作时）。{aside}"
    return Working(sentence, [_worked(stretch) for stretch in stretches], clock.provisional)


def _said(interval: Interval) -> str:
    approved = f"{interval.approved_at.astimezone(ZONE):%m-%d} {interval.approved_by}批准"
    if interval.length:
        return f"{approved}延期 {terms.said(interval.length)}。"
    if interval.until_at is None:
        return f"{approved}挂账，期限停走。"
    if interval.kind == Interval.Kind.SUSPENSION:
        days = f"{interval.from_at.astimezone(ZONE):%m-%d} 至 {interval.until_at.astimezone(ZONE):%m-%d}"
        return f"{approved}挂账，{days} 停走。"
    working = interval.stopped.length.working
    return f"其中 {_words(_span(interval.from_at, interval.until_at, working), working)}为中心审核占用，不计入。"


def _worked(stretch: Stretch) -> WorkedDay:
    return WorkedDay(
        on=stretch.on,
        kind=Workday.Kind(stretch.day.kind.value).label,
        note=stretch.day.note,
        counted=_words(stretch.counted, True) if stretch.counted else "",
        provisional=stretch.day.provisional,
    )
