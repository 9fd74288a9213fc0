"""How often each kind of meeting was held in a year, on how many topics, and what came of it (domain §7.8)."""

from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear

from petitions.models import Meeting, Task, Topic


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    kind: str
    meetings: int
    topics: int
    solved: int  # topics on which something was decided
    decisions: int
    done: int
    overdue: int


def counted() -> list[Year]:
    """A meeting counts once it was opened; a topic counts in the year of the meeting that heard it."""
    held = Meeting.objects.filter(opened_at__isnull=False).annotate(year=ExtractYear("held_at")).order_by()
    rows = held.values("year", "kind").annotate(
        meetings=Count("pk", distinct=True),
        heard=Count("topics", distinct=True),
        solved=Count("topics", distinct=True, filter=Q(topics__state=Topic.State.DECIDED)),
        decided=Count("decisions", distinct=True),
        done=Count("decisions", distinct=True, filter=Q(decisions__task__state=Task.State.DONE)),
        late=Count(
            "decisions",
            distinct=True,
            filter=Q(decisions__task__done_at__gt=F("decisions__task__due_at")),
        ),
    )
    return [
        Year(
            year=row["year"],
            kind=Meeting.Kind(row["kind"]).label,
            meetings=row["meetings"],
            topics=row["heard"],
            solved=row["solved"],
            decisions=row["decided"],
            done=row["done"],
            overdue=row["late"],
        )
        for row in rows.order_by("-year", "kind")
    ]
