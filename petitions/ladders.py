"""The ladder of a class as people look at it: its steps in order, and tried on a date, each date with its working."""

from dataclasses import dataclass
from datetime import datetime

from petitions import promises, terms, timeleft
from petitions.models import WRITTEN, Clock, Effect, Promise, PromiseClass
from petitions.promises import Length
from petitions.workdays import BeyondCalendar

TRIED = (
    *(Promise.DISPATCH, Promise.SIGN, Promise.CONTACT, Promise.STAGE),
    *(Promise.RESOLVE, Promise.REVIEW, Promise.CALL_BACK),
)
TONES = {Effect.YELLOW_CARD: "yellow", Effect.RED_CARD: "red"}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    tone: str
    offset: str  # 到期后 1 工作日
    at: datetime | None  # None: beyond the calendar
    working: timeleft.Working | None
    written: bool  # with a notice, a briefing and a topic


@dataclass(frozen=True, slots=True)
class Ladder:
    promise: str
    length: str
    due_at: datetime | None
    working: timeleft.Working | None
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Trial:
    label: str
    at: datetime
    ladders: list[Ladder]
    missing: list[str]  # promises whose length depends on the item alone


def trial(promise_class: str, at: datetime) -> Trial:
    """What would ring when, were every promise of this class made at `at` and none kept."""
    lengths = [(promise, terms.length_of_class(promise_class, promise)) for promise in TRIED]
    return Trial(
        label=PromiseClass(promise_class).label,
        at=at,
        ladders=[_ladder(promise_class, promise, length, at) for promise, length in lengths if length],
        missing=[promise.label for promise, length in lengths if not length],
    )


def _ladder(promise_class: str, promise: Promise, length: Length, at: datetime) -> Ladder:
    rungs = terms.ladder(promise_class, promise)
    try:
        due_at = promises.due(at, length, terms.calendar())
        ticks = promises.ticks(at, due_at, rungs, terms.calendar())
    except BeyondCalendar:
        steps = [_step(rung, None, None) for rung in rungs]
        return Ladder(promise.label, terms.said(length), None, None, steps)
    return Ladder(
        promise.label,
        terms.said(length),
        due_at,
        _working(at, due_at, length),
        [_step(rung, tick.at, due_at) for rung, tick in zip(rungs, ticks, strict=True)],
    )


def _step(rung: promises.Rung, at: datetime | None, due_at: datetime | None) -> Step:
    effect = Effect(rung.effect)
    working = None
    if at and due_at:
        working = _working(*((at, due_at) if rung.before else (due_at, at)), rung.length)
    offset = f"{'到期前' if rung.before else '到期后'} {terms.said(rung.length)}" if rung.length.amount else "到期时"
    return Step(effect.label, TONES.get(effect, "red"), offset, at, working, effect in WRITTEN)


def _working(start: datetime, end: datetime, length: Length) -> timeleft.Working:
    return timeleft.explain(Clock(started_at=start, due_at=end, amount=length.amount, span=length.span))
