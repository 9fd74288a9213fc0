"""What is to be looked at again today, told once a day to whoever looks: the finder, or the workers after her."""

from collections import Counter
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from accounts import notices
from accounts.models import Notice, User
from grids.models import Duty, Hazard, Posting
from grids.permissions import VISITORS

FROM_HOUR = 7  # nobody is woken for it


def ring_due(at: datetime) -> int:
    """How many people have something to look at. Those who were told today are not told again."""
    local = timezone.localtime(at)
    if local.hour < FROM_HOUR:
        return 0
    counted = _counted(local.date())
    people = User.objects.in_bulk(counted)
    notices.post(
        Notice(
            person=people[person],
            key=f"rechecks:{local.date()}",
            title=f"今天有 {count} 处隐患到了复查的日子",
            path="/hazards/?facet=to_recheck",
            created_at=at,
        )
        for person, count in counted.items()
    )
    return len(counted)


def _counted(on: date) -> Counter[int]:
    due = Hazard.objects.to_recheck(on).order_by()
    rows = list(due.values_list("found_by", "place").annotate(count=Count("pk")))
    serving = _serving([finder for finder, _, _ in rows], on)
    workers = _workers(on) if rows else {}
    counted: Counter[int] = Counter()
    for finder, place, count in rows:
        still = any(place.startswith(code) for code in serving.get(finder, ()))
        for person in [finder] if still else _who_follows(workers, place):
            counted[person] += count
    return counted


def _serving(people: list[int], on: date) -> dict[int, list[str]]:
    """Where each of them still serves."""
    found: dict[int, list[str]] = {}
    posts = Posting.objects.current(on).filter(user__in=people, duty__in=VISITORS)
    for person, place in posts.values_list("user", "place"):
        found.setdefault(person, []).append(place)
    return found


def _workers(on: date) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    posts = Posting.objects.current(on).filter(duty__in=(Duty.GRID_WORKER, Duty.COMMUNITY_SECRETARY))
    for place, person in posts.values_list("place", "user"):
        found.setdefault(place, []).append(person)
    return found


def _who_follows(workers: dict[str, list[int]], place: str) -> list[int]:
    """The grid's own workers; where there is none, the secretary of the community."""
    return workers.get(place) or workers.get(place[:12], [])
