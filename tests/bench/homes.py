"""The homes of the whole demo city, once per database: 104,000 households, 350,000 residents, the visits of a year."""

import random
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from grids.models import Duty, Household, Resident, VisitClock
from shouyang.demo import city, homes
from tests.bench import web
from tests.bench.load import CLIENTS


def settle() -> None:
    if Household.objects.exists():
        return
    now = timezone.now().replace(second=0, microsecond=0)
    city.load_fictional_units()
    city.hire(random.Random(2019), timezone.localdate(now))
    homes.settle(2019, now, lambda words: None, grids=homes.grids_of())
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM (ANALYZE) grids_household, grids_resident, grids_visit, grids_visitclock, grids_dwelling"
        )
        cursor.execute("CHECKPOINT")


def workers(count: int = CLIENTS) -> list[User]:
    """One for each client, from grids all over the city."""
    found = list(User.objects.filter(postings__duty=Duty.GRID_WORKER).distinct().order_by("pk"))
    return found[:: max(1, len(found) // count)][:count]


def cookies(users: list[User]) -> list[str]:
    return [web.signed_in(user) for user in users]


def sizes() -> dict[str, Any]:
    return {
        "residents": f"{Resident.objects.count():,} in {Household.objects.count():,} households",
        "visits promised": f"{VisitClock.objects.running().count():,}",
    }
