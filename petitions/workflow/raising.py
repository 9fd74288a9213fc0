"""What one unit cannot solve alone is raised to a meeting of several, or to a leader for a written instruction."""

from datetime import datetime

from accounts.models import User
from accounts.notnow import NotNow
from petitions.models import Briefing, Meeting, Petition, Topic
from petitions.papers import briefings
from petitions.step import step


def raise_topic(
    petition: Petition,
    *,
    by: User,
    note: str,
    level: str = Meeting.Kind.JOINT,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("raise_topic", petition, by=by, at=at, seen=seen) as this:
        this.add(Topic(petition=petition, reason=note, level=level, raised_at=this.at, raised_by=by))
        this.note = note
        this.detail["level"] = level


def brief(
    petition: Petition,
    *,
    by: User,
    reason: str,
    digest: str,
    proposal: str,
    duty: str = Briefing.Addressed.LEADER,
    addressee: User | None = None,
    at: datetime | None = None,
    seen: int | None = None,
) -> Briefing:
    """A briefing by hand, beside those that supervision and meetings raise; numbered in the same series."""
    with step("brief", petition, by=by, at=at, seen=seen) as this:
        if why := briefings.why_not_to(petition, duty):
            raise NotNow(why)
        briefing = briefings.raise_(
            petition=petition,
            reason=reason,
            digest=digest,
            proposal=proposal,
            duty=duty,
            addressee=addressee,
            by=by,
            at=this.at,
        )
        this.note = reason
        this.detail |= {"number": briefing.number, "to": briefing.get_duty_display()}
    return briefing
