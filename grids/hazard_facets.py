"""The named lists of hazards: the page filters by them and counts them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from grids.models import Hazard
from grids.models.hazard import HazardQuerySet

State = Hazard.State


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    where: Callable[[User, date], Q]


FACETS = {
    "open": Facet("未销号", lambda user, on: ~Q(state=State.CLEARED)),
    "to_do": Facet(
        "要处置、复查", lambda user, on: ~Q(state=State.CLEARED) & (Q(state=State.FOUND) | Q(recheck_on__lte=on))
    ),
    "found": Facet("待处置", lambda user, on: Q(state=State.FOUND)),
    "to_recheck": Facet("该复查", lambda user, on: ~Q(state=State.CLEARED) & Q(recheck_on__lte=on)),
    "sent_on": Facet("已上报", lambda user, on: Q(state=State.SENT_ON)),
    "mine": Facet("我发现的", lambda user, on: Q(found_by=user) & ~Q(state=State.CLEARED)),
    "cleared": Facet("已销号", lambda user, on: Q(state=State.CLEARED)),
}
FIRST = "open"


def named(name: str) -> Facet:
    """As an address says it; what it does not know is the first."""
    return FACETS.get(name, FACETS[FIRST])


def counts(rows: HazardQuerySet, user: User, on: date) -> dict[str, int]:
    """All of them in one query."""
    asked: dict[str, Any] = {name: Count("pk", filter=one.where(user, on)) for name, one in FACETS.items()}
    return rows.order_by().aggregate(**asked)
