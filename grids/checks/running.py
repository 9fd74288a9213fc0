"""To check, to keep what was found, and to check again what was changed since."""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from grids.checks import homes, outlines, points, staff
from grids.checks.check import Check, Found
from grids.models import CITY_CODE, CoverageAsk, CoverageFinding, CoverageRun, Place

GROUPS = (homes, outlines, points, staff)
CHECKS: dict[str, Check] = {check.name: check for group in GROUPS for check in group.CHECKS}
NIGHT = time(2)  # from this hour on, the city is checked once a day
KEPT_FOR = timedelta(days=400)  # the counts of past runs
AT_ONCE = 1000  # asks that one sweep takes


def run(code: str, at: datetime) -> int:
    """All checks in this community, or in the whole city; two at once come one after the other. How much was found."""
    with transaction.atomic():
        places = _checked(code)
        found = [one for group in GROUPS for one in group.find(code, timezone.localdate(at))]
        _keep(code, places, found, at)
    return len(found)


def check_what_was_asked(at: datetime) -> int:
    """The communities that were changed, each once; a sweep that is killed leaves what it took to the next."""
    with transaction.atomic():
        taken = list(CoverageAsk.objects.select_for_update(skip_locked=True, no_key=True).order_by("id")[:AT_ONCE])
        asked = {one.community for one in taken}
        for code in [CITY_CODE] if CITY_CODE in asked else sorted(asked):
            run(code, at)
        CoverageAsk.objects.filter(pk__in=[one.pk for one in taken]).delete()
    return len(taken)


def nightly(at: datetime) -> int | None:
    """Called every hour; the first after two in the night checks, also when nobody was there to do it at two."""
    local = timezone.localtime(at)
    night = datetime.combine(local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1), NIGHT)
    if CoverageRun.objects.filter(place=CITY_CODE, at__gte=timezone.make_aware(night)).exists():
        return None
    CoverageRun.objects.filter(at__lt=at - KEPT_FOR).delete()
    return run(CITY_CODE, at)


def _checked(code: str) -> list[str]:
    """Communities have a run each; the city has one for what lies in none of them. Locked in the order of codes."""
    locked = Place.objects.within(code).filter(kind__in=(Place.Kind.CITY, Place.Kind.COMMUNITY)).order_by("code")
    return list(locked.select_for_update(no_key=True).values_list("code", flat=True))


def _keep(code: str, places: list[str], found: list[Found], at: datetime) -> None:
    CoverageFinding.objects.within(code).delete()
    CoverageFinding.objects.bulk_create(
        (CoverageFinding(check_name=one.check, place_id=one.place, words=one.words, href=one.href) for one in found),
        batch_size=2000,
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        counts[one.place[:12] if len(one.place) >= 12 else CITY_CODE][one.check] += 1
    CoverageRun.objects.bulk_create(CoverageRun(place_id=place, at=at, counts=counts[place]) for place in places)
