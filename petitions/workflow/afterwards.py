"""After the end: the resident rates or opens again; old petitions are archived."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Notice, User
from petitions.models import Callback, Petition, Satisfied, Series, Solved
from petitions.permissions import REVIEWERS
from petitions.step import step


def rate(
    petition: Petition,
    *,
    solved: str,
    satisfied: str,
    contacted: bool | None = None,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """The resident rates a petition that was closed without a rating."""
    with step("rate", petition, by=None, at=at) as this:
        this.add(
            Callback(
                petition=petition,
                round=petition.redo_count + 1,
                unit_id=petition.unit_id,
                way=Callback.Way.SELF,
                at=this.at,
                reached=True,
                contacted=contacted,
                solved=Solved(solved),
                satisfied=Satisfied(satisfied),
                note=note,
            )
        )
        this.note = note
        this.detail |= {"solved": solved, "satisfied": satisfied}


def reopen(
    petition: Petition, *, by: User | None, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """The resident says it is not solved, within the days the city allows (15, domain §2.4)."""
    with step("reopen", petition, by=by, at=at, seen=seen) as this:
        this.change(petition, redo_count=petition.redo_count + 1, unit=None, contact_unit=None)
        this.note = note
        this.tell(REVIEWERS, "诉求人反映没有解决", Notice.Weight.WARNING)


def archive(petition: Petition, *, at: datetime) -> None:
    """From here on it is read-only, under a number of the year it was archived in (domain §2.11)."""
    with step("archive", petition, by=None, at=at) as this:
        number = Series.take(Petition.ARCHIVE_PREFIX, timezone.localdate(this.at))
        this.change(petition, archive_number=number)
        this.detail |= {"number": number}
