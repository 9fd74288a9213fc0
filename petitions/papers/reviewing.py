"""The sweep of meetings that are to be looked at again: on the morning of that day who called and who prepared is told.

Once for each date, whatever the number of sweeps: the meeting's own record says that it was done.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Notice
from petitions import terms
from petitions.models import Meeting, PaperEvent
from petitions.papers import seats
from petitions.papers.step import record, tell
from petitions.workdays import BeyondCalendar

DUE = "review_due"


def remind(at: datetime) -> int:
    return sum(_remind(pk, at) for pk in list(_untold(at).values_list("pk", flat=True)))


def _untold(at: datetime) -> QuerySet[Meeting]:
    told = PaperEvent.objects.filter(meeting=OuterRef("pk"), action=DUE, at__date__gte=OuterRef("next_review_on"))
    due = Meeting.objects.filter(state=Meeting.State.MINUTED, next_review_on__lte=timezone.localdate(at))
    return due.exclude(Exists(told))


def _remind(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        locked = Meeting.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        meeting = locked.select_related("convener").filter(pk=pk).first()
        # Looked at once more behind the lock: another sweep may have been here.
        if meeting is None or not _untold(at).filter(pk=pk).exists():
            return False
        assert meeting.next_review_on is not None
        if at < _morning_of(meeting.next_review_on):
            return False
        record(meeting, DUE, by=None, at=at)
        tell(
            meeting,
            [meeting.convener, *seats.secretaries_of(meeting)],
            f"{DUE}:{meeting.next_review_on}",
            f"会议到了复盘日：{meeting.number}",
            at=at,
            body=f"{meeting.title}，请看议定事项办到哪一步。",
            weight=Notice.Weight.WARNING,
        )
    return True


def _morning_of(on: date) -> datetime:
    """When the city begins to work that day, or on the next day that it works: nobody is woken at midnight."""
    midnight = timezone.make_aware(datetime.combine(on, time.min))
    try:
        return terms.calendar().add(midnight, timedelta(microseconds=1))
    except BeyondCalendar:
        return midnight
