"""What shall not count in the rates: one person proposes it, another one decides."""

from datetime import datetime

from accounts.models import User
from petitions.models import Exclusion, Petition
from petitions.permissions import DIRECTORS, REVIEWERS
from petitions.step import step


def propose_exclusion(
    petition: Petition, *, by: User, reason: str, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("propose_exclusion", petition, by=by, at=at, seen=seen) as this:
        this.add(Exclusion(petition=petition, reason=reason, note=note, proposed_at=this.at, proposed_by=by))
        this.note = note
        this.detail["reason"] = Exclusion.Reason(reason).label
        this.tell(REVIEWERS, "有诉求提请不计入考核，待复核")
        this.tell(DIRECTORS, "有诉求提请不计入考核，待复核")


def decide_exclusion(
    petition: Petition, *, by: User, agreed: bool, words: str = "", at: datetime | None = None
) -> None:
    with step("decide_exclusion", petition, by=by, at=at) as this:
        proposed = petition.exclusions.proposed().get()
        this.change(proposed, agreed=agreed, words=words, decided_by=by, decided_at=this.at)
        this.note = words
        this.detail |= {"agreed": agreed, "reason": proposed.get_reason_display()}
