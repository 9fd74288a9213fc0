"""Time left as words and colour, and the working of a date for anyone who asks how it came about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from petitions import promises, terms
from petitions.models import Clock, Effect, Promise, Workday
from petitions.workdays import WORKING_DAY, BeyondCalendar, Stretch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPANS = {True: (WORKING_DAY, "工作日", "工作时", "工作分钟"), False: (DAY, "天", "小时", "分钟")}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    promise: str  # its Chinese name
    words: str  # 还剩 3 工作时
    tone: str  # green, blue, yellow, red
    due_at: datetime


def time_left(clock: Clock, at: datetime) -> TimeLeft:
    """Green, from half-way blue, from the warning tick yellow, overdue red (domain §2.8)."""
    label = Promise(clock.promise).label
    if at > clock.due_at:
        late = _span(clock.due_at, at, clock.length.working)
        return TimeLeft(label, f"超期 {_words(late, clock.length.working)}", "red", clock.due_at)
    left = _span(at, clock.due_at, clock.length.working)
    return TimeLeft(label, f"还剩 {_words(left, clock.length.working)}", _tone(clock, left, at), clock.due_at)


def first_due(clocks: Iterable[Clock]) -> dict[int, Clock]:
    """For each petition the running clock that falls due first."""
    first: dict[int, Clock] = {}
    for clock in clocks:
        if clock.petition_id not in first or clock.due_at < first[clock.petition_id].due_at:
            first[clock.petition_id] = clock
    return first


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


def _tone(clock: Clock, left: timedelta, at: datetime) -> str:
    warnings = [tick for tick, effect in zip(clock.ticks, clock.effects, strict=False) if effect == Effect.YELLOW_CARD]
    if warnings and warnings[0] <= at:
        return "yellow"
    return "green" if left > clock.length.delta / 2 else "blue"


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
