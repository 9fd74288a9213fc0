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
from petitions import clocks, ledger
from petitions.hindrances import hindrance
from petitions.models import FINISHED, Clock, Dispatch, Event, Petition, Promise, Status
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
    told: list[tuple[Party, str, str]] = field(default_factory=list)

    def add(self, *rows: models.Model) -> None:
        ledger.current().add(*rows)

    def change(self, row: models.Model, **values: Any) -> None:
        ledger.current().change(row, **values)

    def lead(self) -> Dispatch:
        dispatch = ledger.current().lead(self.petition)
        assert dispatch is not None, "a petition in a unit's hands has a running dispatch"
        return dispatch

    def tell(self, party: Party, title: str, weight: str = Notice.Weight.INFO) -> None:
        self.told.append((party, title, weight))


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
        changes["concluded_at"] = step.at
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
        unit_id=petition.unit_id,
        note=step.note,
        detail=step.detail,
    )
    book.add(event)
    _wind(step)
    for party, title, weight in step.told:
        book.tell(
            party,
            petition,
            at=step.at,
            key=f"{petition.number}:{step.action}:{petition.version}",
            title=f"{title}：{petition.number}",
            body=petition.title,
            path=f"/petitions/{petition.number}/",
            weight=weight,
        )


def _wind(step: Step) -> None:
    """Stop the clocks of the promises that are kept, start those of the promises that are made."""
    book, petition, rule = ledger.current(), step.petition, step.rule
    if rule.keeps:
        for clock in book.running(petition):
            if clock.promise in rule.keeps:
                book.change(clock, stopped_at=step.at, next_tick_at=None)
    made: list[Clock] = []
    for promise in rule.makes:
        if promise == Promise.CONTACT and not petition.reachable:
            continue  # nobody to contact: no promise can be kept or broken
        made.append(clocks.plan(petition, promise, step.at, length=step.lengths.get(promise)))
    for promise in rule.resumes:
        if stopped := book.last_clock(petition, promise):
            made.append(clocks.resume(stopped, step.at))
    if made:
        book.add(*made)
