"""What one unit cannot solve alone is raised to a meeting of several."""

from datetime import datetime

from accounts.models import User
from petitions.models import Meeting, Petition, Topic
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
