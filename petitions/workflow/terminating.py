"""An end without a solution: asked for by the unit with evidence, approved by the centre, told to the caller."""

from datetime import datetime

from accounts.models import Notice, User
from petitions import ledger
from petitions.models import Petition, Termination
from petitions.moments import spelled
from petitions.permissions import HANDLERS, HEADS, REVIEWERS
from petitions.step import Step, step


def ask_termination(
    petition: Petition,
    *,
    by: User,
    ground: str,
    evidence: str,
    told_manner: str = "",
    told_at: datetime | None = None,
    told_words: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("ask_termination", petition, by=by, at=at, seen=seen) as this:
        this.add(
            Termination(
                petition=petition,
                unit_id=this.lead().unit_id,
                ground=Termination.Ground(ground),
                evidence=evidence,
                told_manner=told_manner,
                told_at=told_at,
                told_words=told_words,
                asked_by=by,
                asked_at=this.at,
            )
        )
        this.note = evidence
        this.detail |= {"ground": ground, "told": spelled(told_at)}
        this.tell(REVIEWERS, "申请终止办理，待审批")


def terminate(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with step("terminate", petition, by=by, at=at, seen=seen) as this:
        asked = _decided(this, granted=True, note=note)
        this.detail["ground"] = asked.ground
        this.tell(HANDLERS, "终止办理已批准")
        this.tell(HEADS, "终止办理已批准")


def refuse_termination(
    petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("refuse_termination", petition, by=by, at=at, seen=seen) as this:
        _decided(this, granted=False, note=note)
        this.tell(HANDLERS, "终止办理没有批准，请继续办理", Notice.Weight.WARNING)
        this.tell(HEADS, "终止办理没有批准，请继续办理", Notice.Weight.WARNING)


def _decided(this: Step, *, granted: bool, note: str) -> Termination:
    asked = ledger.current().asked(Termination, this.petition)
    assert asked is not None
    this.change(asked, granted=granted, decided_by=this.by, decided_at=this.at, words=note)
    this.note = note
    return asked
