"""The frame around every verb: lock, check the rule, let the verb do its own part, record, wind, tell, commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from accounts.models import Notice, User
from accounts.notnow import NotNow
from petitions import clocks, ledger, terms
from petitions.hindrances import hindrance
from petitions.models import FINISHED, Clock, Dispatch, Event, Interval, Petition, Promise, Status
from petitions.permissions import Party, is_among
from petitions.promises import Length
from petitions.rules import RULES, Rule

STALE = "这张工单刚刚被别人处理过，页面已更新，请核对后再操作。"


@dataclass
class Step:
    """What one verb is doing: it adds rows and words, the frame around it checks, records, winds and commits."""

    action: str
    rule: Rule
    petition: Petition
    by: User | None
    at: datetime
    target: Status | None
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    lengths: dict[str, Length] = field(default_factory=dict)  # promises that are shorter this time
    units: list[int] = field(default_factory=list)  # whose clocks it is about; empty: of every unit that has some
    told: list[tuple[Party, str, str, int | None]] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)  # after which a promise goes on

    def add(self, *rows: models.Model) -> None:
        ledger.current().add(*rows)

    def change(self, row: models.Model, **values: Any) -> None:
        ledger.current().change(row, **values)

    def lead(self) -> Dispatch:
        dispatch = ledger.current().lead(self.petition)
        assert dispatch is not None, "a petition in a unit's hands has a running dispatch"
        return dispatch

    def last_dispatch(self, unit: int | None) -> Dispatch:
        """The last time this unit was given the petition to lead, whether it still has it or not."""
        lead = ledger.current().lead(self.petition)
        if lead is not None and lead.unit_id == unit:
            return lead
        led = [one for one in ledger.current().dispatches(self.petition) if one.role == Dispatch.Role.LEAD]
        return next(one for one in reversed(led) if one.unit_id == unit)

    def stop(self, promise: Promise, *, of: int | None) -> None:
        """A promise of this unit has come to nothing: another one has taken over."""
        for clock in ledger.current().running(self.petition):
            if clock.promise == promise and clock.unit_id == of:
                self.change(clock, stopped_at=self.at, next_tick_at=None)

    def go_on(self, interval: Interval) -> None:
        """The promise of the clock that the interval stopped goes on from now, with the due instant it leads to."""
        stopped = interval.stopped
        assert stopped.promise in self.rule.resumes
        if stopped.stopped_at is None:
            self.change(stopped, stopped_at=self.at, next_tick_at=None)
        if interval.pk is None:
            self.add(interval)
        self.intervals.append(interval)

    def tell(self, party: Party, title: str, weight: str = Notice.Weight.INFO, unit: int | None = None) -> None:
        """`unit`: the people of this one, where it is not the one that has the petition."""
        self.told.append((party, title, weight, unit))


@contextmanager
def step(
    action: str, petition: Petition, *, by: User | None, at: datetime | None, seen: int | None = None
) -> Iterator[Step]:
    rule, at, book = RULES[action], at or timezone.now(), ledger.current()
    with book.transaction():
        if petition.pk:
            book.lock(petition)
        check(action, petition, by=by, at=at, seen=seen)
        this = Step(action, rule, petition, by, at, rule.target)
        before = petition.status
        yield this
        _record(this, before)


def check(action: str, petition: Petition, *, by: User | None, at: datetime, seen: int | None = None) -> None:
    """May she, and now? Raises PermissionDenied, or NotNow with the sentence that says why not."""
    rule = RULES[action]
    if by is None and not (rule.by_resident or rule.by_clock):
        raise PermissionDenied
    if by is not None and not is_among(by, rule.who, petition):
        raise PermissionDenied
    if seen is not None and seen != petition.version:
        raise NotNow(STALE)
    if rule.sources and petition.status not in rule.sources:
        raise NotNow(f"工单现在是“{Status(petition.status).label}”，不能{rule.label}。")
    if why := hindrance(action, petition, by=by, at=at):
        raise NotNow(why)


def _record(step: Step, before: str) -> None:
    book, petition = ledger.current(), step.petition
    after = step.target or Status(petition.status)
    changes: dict[str, Any] = {"status": after, "version": petition.version + 1}
    if after in FINISHED and before not in FINISHED:
        changes |= {"concluded_at": step.at, "assisting": None}
        for dispatch in book.dispatches(petition) if petition.unit_id else ():
            if dispatch.ended_at is None:
                book.change(dispatch, ended_at=step.at)
    elif after not in FINISHED and before in FINISHED:
        changes["concluded_at"] = None
    if before or petition.pk:
        book.change(petition, **changes)
    event = Event(
        petition=petition,
        action=step.action,
        at=step.at,
        by=step.by,
        from_status=before,
        to_status=after,
        unit_id=step.units[0] if len(step.units) == 1 else petition.unit_id,
        note=step.note,
        detail=step.detail,
    )
    book.add(event)
    _wind(step)
    if (before in FINISHED) != (after in FINISHED):
        _pass_on("main_done" if after in FINISHED else "main_reopened", petition, step.at)
    for party, title, weight, unit in step.told:
        book.tell(
            party.asked(petition),
            petition,
            at=step.at,
            key=f"{petition.number}:{step.action}:{petition.version}",
            title=f"{title}：{petition.number}",
            body=petition.title,
            path=f"/petitions/{petition.number}/",
            weight=weight,
            unit=unit,
        )


def _wind(step: Step) -> None:
    """Stop the clocks of the promises that are kept, start those of the promises that are made."""
    book, petition, rule = ledger.current(), step.petition, step.rule
    kept: set[str] = set()
    if rule.keeps:
        for clock in book.running(petition):
            if clock.promise in rule.keeps and (not step.units or clock.unit_id in step.units):
                book.change(clock, stopped_at=step.at, next_tick_at=None)
                kept.add(clock.promise)
    made: list[Clock] = []
    units: list[int | None] = [*step.units] or [petition.unit_id]
    for promise in rule.makes:
        length = step.lengths.get(promise)
        if promise == Promise.CONTACT and (not petition.reachable or _runs_already(petition, promise)):
            continue  # nobody to contact: no promise can be kept or broken
        if promise == Promise.STAGE and (length := _next_stage(step, kept)) is None:
            continue
        for unit in units:
            made.append(clocks.plan(petition, promise, step.at, length=length, unit=unit))
    made += [clocks.going_on(interval, step.at) for interval in step.intervals]
    if made:
        book.add(*made)


def _next_stage(step: Step, kept: set[str]) -> Length | None:
    """First as the class of the petition says, and then as for all; not all classes ask for it."""
    match step.action:
        case "stage_feedback":
            return terms.stage() if Promise.STAGE in kept else None  # otherwise it was of her own accord
        case "correct":
            return terms.stage() if ledger.current().last_clock(step.petition, Promise.STAGE) else None
        case "grant_extension" | "resume":  # whatever its class, it has become a long matter
            return terms.stage()
    return terms.stage(terms.class_of(step.petition))


def _pass_on(action: str, main: Petition, at: datetime) -> None:
    """Whoever rang about the same matter is promised to be told how it ended, and waits while it goes on again."""
    for other in ledger.current().merged(main):
        if other.reachable:
            with step(action, other, by=None, at=at):
                pass


def _runs_already(petition: Petition, promise: Promise) -> bool:
    """A unit that gets back what it had handed back has kept its contact with the caller all the while."""
    if petition.contact_unit_id != petition.unit_id:
        return False
    running = ledger.current().running(petition)
    return any(clock.promise == promise and clock.unit_id == petition.unit_id for clock in running)
