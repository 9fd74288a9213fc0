"""The same matter is worked on once: others attach to a main petition, and each of their callers is answered."""

from datetime import datetime
from typing import Any

from accounts.models import Notice, User
from accounts.notnow import NotNow
from petitions import ledger
from petitions.askings import why_not_into
from petitions.models import Callback, Event, Petition, Promise, Satisfied, Solved
from petitions.permissions import REVIEWERS
from petitions.step import step
from petitions.workflow.calling_back import tried_enough


def merge(
    petition: Petition,
    *,
    into: Petition,
    by: User,
    note: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    book = ledger.current()
    with book.transaction():
        for one in sorted((petition, into), key=lambda one: one.pk):  # both, always in the same order
            book.lock(one)
        with step("merge", petition, by=by, at=at, seen=seen) as this:
            if why := why_not_into(petition, into):
                raise NotNow(why)
            this.change(petition, merged_into=into, informed_at=None)
            this.note = note
            this.detail["main"] = into.number
            # No step of the main one: whoever is writing its reply is not interrupted by one caller more.
            this.add(
                Event(
                    petition=into,
                    action="take_in",
                    at=this.at,
                    by=by,
                    from_status=into.status,
                    to_status=into.status,
                    unit_id=into.unit_id,
                    detail={"number": petition.number},
                )
            )


def unmerge(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    """Not the same matter after all: it goes its own way, and has waited since it was registered."""
    with step("unmerge", petition, by=by, at=at, seen=seen) as this:
        assert petition.merged_into is not None
        this.detail["main"] = petition.merged_into.number
        this.change(petition, merged_into=None, informed_at=None, unit=None, contact_unit=None)
        this.note = note


def call_back_merged(
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
    """The main petition is done: its other callers are told, and asked the same three questions."""
    with step("call_back_merged", petition, by=by, at=at, seen=seen) as this:
        answers: dict[str, Any] = {}
        if reached:
            answers = {"contacted": contacted, "solved": Solved(solved), "satisfied": Satisfied(satisfied)}
        callback = Callback(
            petition=petition,
            round=petition.redo_count + 1,
            unit_id=petition.merged_into.unit_id if petition.merged_into else None,
            way=way,
            at=this.at,
            by=by,
            reached=reached,
            note=note,
            **answers,
        )
        this.add(callback)
        this.note = note
        this.detail |= {"reached": reached, **{name: value for name, value in answers.items() if value is not None}}
        if reached or tried_enough(_since_it_was_done(petition), petition.redo_count + 1):
            this.change(petition, informed_at=this.at)
            this.stop(Promise.CALL_BACK, of=None)
        if callback.dissatisfied:
            this.tell(REVIEWERS, "并单诉求人不满意，请看是否拆单另办", Notice.Weight.WARNING)


def _since_it_was_done(petition: Petition) -> list[Callback]:
    """What was tried before the main one was opened again counts no more."""
    done_at = petition.merged_into.concluded_at if petition.merged_into else None
    return [one for one in ledger.current().callbacks(petition) if done_at is None or one.at >= done_at]
