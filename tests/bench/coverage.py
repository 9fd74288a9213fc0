"""All checks of “no gap, no overlap, full coverage” on the whole city, against reading the same rows once."""

import time

from django.utils import timezone

from grids import checks
from grids.models import CITY_CODE, Dwelling, Household, Place, Posting, Premises
from tests.bench import homes
from tests.bench.result import Result

SECONDS = 10.0  # on two cores
ROUNDS = {"small": 2, "full": 5}


def measure(size: str) -> Result:
    homes.settle()
    ours, reference, found = [], [], 0
    for _ in range(ROUNDS[size]):  # in turns; the best is the least disturbed
        begun = time.perf_counter()
        found = checks.run(CITY_CODE, timezone.now())
        ours.append(time.perf_counter() - begun)
        reference.append(_read_once())
    slow = min(ours) > SECONDS
    return Result(
        "coverage",
        "ms",
        min(ours) * 1000,
        min(reference) * 1000,
        "reading the dwellings, households, premises, postings and boundaries once",
        misses=[f"all checks took {min(ours):.1f} s, more than {SECONDS:.0f} s"] if slow else [],
        notes=homes.sizes() | {"dwellings": f"{Dwelling.objects.count():,}", "found": f"{found:,}"},
    )


def _read_once() -> float:
    begun = time.perf_counter()
    for rows in (
        Dwelling.objects.values_list("said", "place_id", "building_id", "unit"),
        Household.objects.values_list("dwelling_id", "ended_at"),
        Premises.objects.values_list("place_id", "name"),
        Posting.objects.values_list("place_id", "duty", "user_id"),
        Place.objects.values_list("code", "boundary"),
    ):
        list(rows)
    return time.perf_counter() - begun
