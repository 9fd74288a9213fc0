"""What a joint meeting could not solve: left open there, or decided and not kept. Only this goes to the top leaders."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from petitions.models import Briefing, Meeting, Task, Topic


def of(meeting: Meeting, at: datetime) -> QuerySet[Topic]:
    """Topics of this meeting that wait to be reported; each is reported once."""
    late = Task.objects.open().filter(decision__topic=OuterRef("pk"), due_at__lt=at)
    reported = Briefing.objects.filter(topic=OuterRef("pk"))
    broken = Q(state=Topic.State.UNSOLVED) | (Q(state=Topic.State.DECIDED) & Q(Exists(late)))
    return meeting.topics.filter(broken).exclude(Exists(reported))
