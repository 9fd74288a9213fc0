"""On the books (挂账): three agree in their order, then the deadline waits and a review clock runs in its place."""

from datetime import date, datetime

from accounts.models import Notice, User
from petitions import ledger
from petitions.models import Approval, Interval, Petition, Suspension
from petitions.moments import spelled
from petitions.permissions import HANDLERS, HEADS, RECEIVERS, REVIEWERS
from petitions.rules import AGREES, PAUSED, RULES
from petitions.step import Step, step

ORDER = tuple(Suspension.Step)


def ask_suspension(
    petition: Petition,
    *,
    by: User,
    reason: str,
    work_done: str,
    next_step: str,
    leader: str,
    expected_on: date,
    told_manner: str = "",
    told_at: datetime | None = None,
    told_words: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("ask_suspension", petition, by=by, at=at, seen=seen) as this:
        asked = Suspension(
            petition=petition,
            unit_id=this.lead().unit_id,
            reason=Suspension.Reason(reason),
            work_done=work_done,
            next_step=next_step,
            leader=leader,
            expected_on=expected_on,
            told_manner=told_manner,
            told_at=told_at,
            told_words=told_words,
            asked_by=by,
            asked_at=this.at,
        )
        this.add(asked)
        this.note = f"已做：{work_done}\n下一步：{next_step}"
        this.detail |= {
            "reason": asked.reason,
            "leader": leader,
            "expected": expected_on.isoformat(),
            "told": spelled(told_at),
        }
        this.tell(AGREES[ORDER[0]], "挂账待审批")


def approve_suspension(
    petition: Petition, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    """One of the three agrees; with the last of them it is on the books."""
    with ledger.current().transaction():
        with step("approve_suspension", petition, by=by, at=at, seen=seen) as this:
            asked = _answered(this, granted=True, note=note)
            passed = ORDER.index(Suspension.Step(asked.awaiting)) + 1
            following = ORDER[passed] if passed < len(ORDER) else None
            if following:
                this.change(asked, awaiting=following)
                this.tell(AGREES[following], "挂账待审批")
        if following is None:
            _suspend(petition, asked, by=by, at=this.at)


def refuse_suspension(
    petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("refuse_suspension", petition, by=by, at=at, seen=seen) as this:
        asked = _answered(this, granted=False, note=note)
        this.change(asked, awaiting="", refused_at=this.at)
        this.tell(HANDLERS, "挂账没有批准，请继续办理", Notice.Weight.WARNING)
        this.tell(HEADS, "挂账没有批准，请继续办理", Notice.Weight.WARNING)


def _answered(this: Step, *, granted: bool, note: str) -> Suspension:
    asked = ledger.current().asked(Suspension, this.petition)
    assert asked is not None
    this.add(Approval(suspension=asked, step=asked.awaiting, granted=granted, by=this.by, at=this.at, words=note))
    this.note = note
    this.detail["step"] = asked.awaiting
    return asked


def _suspend(petition: Petition, asked: Suspension, *, by: User, at: datetime) -> None:
    with step("suspend", petition, by=by, at=at) as this:
        this.change(asked, awaiting="", granted_at=at)
        for clock in ledger.current().running(petition):
            if clock.promise in PAUSED:
                this.add(
                    Interval(
                        petition=petition,
                        kind=Interval.Kind.SUSPENSION,
                        stopped=clock,
                        from_at=at,
                        reason=asked.get_reason_display(),
                        asked_by_id=asked.asked_by_id,
                        asked_at=asked.asked_at,
                        approved_by=by,
                        approved_at=at,
                    )
                )
        this.detail |= {"reason": asked.reason, "expected": asked.expected_on.isoformat()}
        this.tell(HANDLERS, "已批准挂账，请按期复核")
        this.tell(HEADS, "已批准挂账，请按期复核")
        this.tell(REVIEWERS, "一件诉求挂账")


def review_suspension(
    petition: Petition,
    *,
    by: User,
    note: str,
    expected_on: date | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Looked at again: what has moved, and whether the reason still stands. The next review is a promise anew."""
    with step("review_suspension", petition, by=by, at=at, seen=seen) as this:
        standing = ledger.current().asked(Suspension, petition)
        assert standing is not None
        if expected_on and expected_on != standing.expected_on:
            this.detail["changed"] = {"预计销账日": [standing.expected_on.isoformat(), expected_on.isoformat()]}
            this.change(standing, expected_on=expected_on)
        this.change(standing, reviewed_at=this.at)
        this.note = note


def resume(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    """Off the books: what stood still goes on where it stopped, and ends as any other, with a reply and a call-back."""
    with step("resume", petition, by=by, at=at, seen=seen) as this:
        book = ledger.current()
        standing = book.asked(Suspension, petition)
        assert standing is not None
        this.change(standing, ended_at=this.at)
        for interval in book.intervals(petition):
            if interval.until_at is None:
                this.change(interval, until_at=this.at)
                this.go_on(interval)
        this.note = note
        for party in (RECEIVERS, HANDLERS):
            this.tell(party, RULES["resume"].sentence)
