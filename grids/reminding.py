"""What the community must see to in time: a secretary's term that ends, a worker for whom nobody stands in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts import notices
from accounts.models import Notice, User
from grids.models import Duty, Leave, Posting, StaffingRule
from grids.scope import holders


def remind(at: datetime) -> int:
    """Tells each person once about each; how many there are by now."""
    on = timezone.localdate(at)
    notes = [*_terms(on, at), *_alone(on, at)]
    notices.post(notes)
    return len(notes)


def _terms(on: date, at: datetime) -> Iterable[Notice]:
    days = StaffingRule.objects.values_list("value", flat=True).get(pk="term_warning_days")
    ending = Posting.objects.current(on).filter(duty=Duty.GRID_SECRETARY, until__lte=on + timedelta(days=days))
    for posting in ending.select_related("place"):
        key, title = f"term:{posting.pk}:{posting.until}", f"{posting.place}书记的任期到 {posting.until} 届满"
        yield from _notes(posting, key, title, Notice.Weight.INFO, at)


def _alone(on: date, at: datetime) -> Iterable[Notice]:
    alone = list(Leave.objects.uncovered(on))
    worker = Posting.objects.current(on).filter(duty=Duty.GRID_WORKER, user__in=[leave.user_id for leave in alone])
    since = {leave.user_id: leave for leave in alone}
    for posting in worker.select_related("place", "user"):
        key = f"alone:{since[posting.user_id].pk}:{posting.place_id}"
        yield from _notes(posting, key, f"{posting.place}：{posting.user}请假，无人代管", Notice.Weight.WARNING, at)


def _notes(posting: Posting, key: str, title: str, weight: str, at: datetime) -> Iterable[Notice]:
    people: Iterable[User] = holders(Duty.COMMUNITY_SECRETARY, place=posting.place_id)
    path = f"/grids/{posting.place_id}/people/"
    for person in people:
        yield Notice(person=person, key=key, title=title, path=path, weight=weight, created_at=at)
