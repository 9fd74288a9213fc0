"""What stands on the books (挂账): how many, for which reason, with whom, since when; never counted as done."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from grids.models import Visibility
from petitions import timeleft
from petitions.models import Clock, Petition, Promise, Status, Suspension
from petitions.residents import community

SHOWN_TO_ALL = 100


@dataclass(frozen=True, slots=True)
class Line:
    suspension: Suspension
    where: str
    total: str
    review: timeleft.TimeLeft | None = None  # until it has to be looked at again


@dataclass(frozen=True, slots=True)
class Books:
    total: int
    by_reason: list[tuple[str, int]]
    by_unit: list[tuple[str, int]]
    lines: list[Line]

    @property
    def unreviewed(self) -> int:
        return sum(1 for line in self.lines if line.review and line.review.tone == "red")

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def books(user: User, at: datetime) -> Books:
    """Of all that she may see; what has to be reviewed first stands on top."""
    hers = Petition.objects.visible_to(user).filter(status=Status.SUSPENDED)
    reviews = Clock.objects.running().filter(promise=Promise.SUSPENSION_REVIEW, petition__in=hers.values("pk"))
    due = {clock.petition_id: timeleft.time_left(timeleft.due_of(clock), at) for clock in reviews}
    standing = _standing(hers)
    lines = [_line(one, at, due.get(one.petition_id)) for one in standing]
    lines.sort(key=lambda line: (line.review is None, line.review.due_at if line.review else at))
    return _counted(standing, lines)


def public_books(at: datetime) -> Books:
    """For everybody: what kind of matter, where, why and until when; not one word of a caller, an address, a text."""
    standing = _standing(Petition.objects.filter(status=Status.SUSPENDED))
    told = [one for one in standing if one.petition.item.visibility == Visibility.PUBLIC]
    return _counted(standing, [_line(one, at) for one in told[:SHOWN_TO_ALL]])


def _standing(petitions: QuerySet[Petition]) -> list[Suspension]:
    related = ("unit", "petition__item", "petition__place__parent")
    found = Suspension.objects.standing().filter(petition__in=petitions.values("pk")).select_related(*related)
    hidden = [f"petition__{name}" for name in ("content", "words", "wish", "caller_name", "caller_phone")]
    return list(found.defer(*hidden).order_by("granted_at", "pk"))


def _line(one: Suspension, at: datetime, review: timeleft.TimeLeft | None = None) -> Line:
    return Line(one, community(one.petition), timeleft.total(one.petition, at), review)


def _counted(standing: list[Suspension], lines: list[Line]) -> Books:
    reasons = Counter(one.reason for one in standing)
    units = Counter(str(one.unit) for one in standing)
    return Books(
        total=len(standing),
        by_reason=[(reason.label, reasons[reason]) for reason in Suspension.Reason],
        by_unit=units.most_common(),
        lines=lines,
    )
