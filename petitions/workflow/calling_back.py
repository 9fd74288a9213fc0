"""The caller is asked: the answers close the petition or send it back to the unit."""

from datetime import datetime
from typing import Any

from accounts.models import Notice, User
from petitions import ledger, terms, turns
from petitions.models import Callback, Dispatch, Petition, Promise, Satisfied, Solved
from petitions.permissions import HANDLERS, HEADS, REVIEWERS
from petitions.step import step
from petitions.supervision import Asked, Origin


def call_back(
    petition: Petition,
    *,
    by: User | None,
    reached: bool = True,
    contacted: bool | None = None,
    solved: str = "",
    satisfied: str = "",
    note: str = "",
    way: str = Callback.Way.PHONE,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Three answers close the petition or send it back; three vain tries close it as not rated (domain §2.4)."""
    book = ledger.current()
    with book.transaction():
        with step("call_back", petition, by=by, at=at, seen=seen) as this:
            answers: dict[str, Any] = {}
            if reached:
                answers = {"contacted": contacted, "solved": Solved(solved), "satisfied": Satisfied(satisfied)}
            callback = Callback(
                petition=petition,
                round=petition.redo_count + 1,
                unit_id=petition.unit_id,
                way=way,
                at=this.at,
                by=by,
                reached=reached,
                note=note,
                **answers,
            )
            this.add(callback)
            this.note = note
            this.detail |= {"reached": reached, **{k: v for k, v in answers.items() if v is not None}}
        if reached and callback.dissatisfied:
            _redo(petition, by=by, at=this.at, note=note)
        elif reached:
            _close(petition, by=by, at=this.at, note="")
        elif not petition.reachable:
            _close(petition, by=by, at=this.at, note="没有联系方式，按“未评价”办结")
        elif tried_enough(book.callbacks(petition), petition.redo_count + 1):
            _close(petition, by=by, at=this.at, note="多次未接通，按“未评价”办结")


def tried_enough(callbacks: list[Callback], round_: int) -> bool:
    return turns.tried(callbacks, round_).enough


def _redo(petition: Petition, *, by: User | None, at: datetime, note: str) -> None:
    """Back to the same unit with half the time, never less than the floor (domain §2.4, state 71)."""
    with step("redo", petition, by=by, at=at) as this:
        lead = this.lead()
        this.change(lead, ended_at=at)
        this.change(petition, redo_count=petition.redo_count + 1)
        this.add(
            Dispatch(
                petition=petition,
                unit_id=lead.unit_id,
                round=petition.redo_count + 1,
                opinion=note[:200],
                dispatched_at=at,
                dispatched_by=by,
                signed_at=at,
                signed_by_id=lead.signed_by_id,
            )
        )
        this.lengths[Promise.RESOLVE] = terms.length_of(petition, Promise.RESOLVE).halved(terms.redo_floor())
        this.note = note
        this.tell(HANDLERS, "群众不满意，重新办理", Notice.Weight.WARNING)
        if petition.redo_count >= terms.setting("redo_supervised_from"):
            this.detail["supervised"] = True
            this.tell(HEADS, "再次不满意，请负责人督促办理", Notice.Weight.URGENT)
            this.tell(REVIEWERS, "再次不满意，请跟进督办", Notice.Weight.URGENT)
    if "supervised" in this.detail:
        _supervise(petition, at)


def _supervise(petition: Petition, at: datetime) -> None:
    """Not satisfied again: at once in writing, without waiting for the new promise to be broken (domain §2.9)."""
    book = ledger.current()
    clock = book.last_clock(petition, Promise.RESOLVE)
    assert clock is not None, "a redo has made this promise"
    book.supervise(Asked(clock.pk, at, 1, Origin.DISSATISFIED), at)


def _close(petition: Petition, *, by: User | None, at: datetime, note: str) -> None:
    with step("close", petition, by=by, at=at) as this:
        this.note = note


def conclude(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    """A reviewer ends what the caller will not accept, with reasons; only after the redos the city allows."""
    with step("conclude", petition, by=by, at=at, seen=seen) as this:
        this.note = note
