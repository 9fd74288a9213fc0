"""More time: asked for before the deadline, once, with progress made; and what the caller hears in between."""

from datetime import datetime

from accounts.models import Notice, User
from accounts.notnow import NotNow
from petitions import ledger, terms
from petitions.askings import decides_extension, extension_cap
from petitions.models import Extension, Interval, Petition, Promise
from petitions.moments import spelled
from petitions.permissions import HANDLERS, HEADS
from petitions.promises import Length
from petitions.step import step


def ask_extension(
    petition: Petition,
    *,
    by: User,
    amount: int,
    reason: str,
    progress: str,
    told_manner: str = "",
    told_at: datetime | None = None,
    told_words: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """No clock stops while it is looked at."""
    with step("ask_extension", petition, by=by, at=at, seen=seen) as this:
        cap = extension_cap(petition)
        assert cap is not None, "no cap is a hindrance"
        if not 0 < amount <= cap.amount:
            raise NotNow(f"这一类最多延期 {terms.said(cap)}，请改短。")
        asked = Length(amount, cap.span)
        this.add(
            Extension(
                petition=petition,
                round=petition.redo_count + 1,
                amount=asked.amount,
                span=asked.span,
                reason=reason,
                progress=progress,
                told_manner=told_manner,
                told_at=told_at,
                told_words=told_words,
                asked_by=by,
                asked_at=this.at,
            )
        )
        this.note = f"{reason}\n已做：{progress}"
        this.detail |= {"length": terms.said(asked), "told": spelled(told_at)}
        this.tell(decides_extension(asked), f"申请延期 {terms.said(asked)}，待审批")


def grant_extension(
    petition: Petition, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    """The promise goes on with the due instant that the approved interval leads to."""
    with step("grant_extension", petition, by=by, at=at, seen=seen) as this:
        book = ledger.current()
        asked, stopped = book.asked(Extension, petition), book.last_clock(petition, Promise.RESOLVE)
        assert asked is not None
        assert stopped is not None
        this.change(asked, granted=True, decided_by=by, decided_at=this.at, words=note)
        until = terms.later(stopped.due_at, asked.length)
        this.go_on(
            Interval(
                petition=petition,
                kind=Interval.Kind.EXTENSION,
                stopped=stopped,
                from_at=stopped.due_at,
                until_at=until,
                amount=asked.amount,
                span=asked.span,
                reason=asked.reason,
                asked_by_id=asked.asked_by_id,
                asked_at=asked.asked_at,
                approved_by=by,
                approved_at=this.at,
            )
        )
        this.note = note
        this.detail |= {"length": terms.said(asked.length), "due": [stopped.due_at.isoformat(), until.isoformat()]}
        this.tell(HANDLERS, "延期已批准")
        this.tell(HEADS, "延期已批准")


def refuse_extension(
    petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("refuse_extension", petition, by=by, at=at, seen=seen) as this:
        asked = ledger.current().asked(Extension, petition)
        assert asked is not None
        this.change(asked, granted=False, decided_by=by, decided_at=this.at, words=note)
        this.note = note
        this.tell(HANDLERS, "延期没有批准，原期限不变", Notice.Weight.WARNING)
        this.tell(HEADS, "延期没有批准，原期限不变", Notice.Weight.WARNING)


def stage_feedback(
    petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """How far it has come, in words that the caller reads with number and code."""
    with step("stage_feedback", petition, by=by, at=at, seen=seen) as this:
        this.note = note
