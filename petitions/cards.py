"""Yellow and red cards: who got them in the last thirty days, which were withdrawn."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Unit, User
from petitions.models import Effect, Event, Petition

CARDS = (Effect.YELLOW_CARD, Effect.RED_CARD)
SINCE = timedelta(days=30)


def standing(**where: Any) -> QuerySet[Event]:
    """Cards that nobody has withdrawn."""
    return Event.objects.filter(withdrawal=None, **where)


def visible_to(user: User, at: datetime) -> QuerySet[Event]:
    """Of the petitions that she sees, newest first."""
    petitions = Petition.objects.visible_to(user)
    cards = Event.objects.filter(action__in=CARDS, at__gt=at - SINCE, petition__in=petitions)
    return cards.select_related("petition", "unit", "withdrawal__by").order_by("-at", "-pk")


def by_unit(cards: QuerySet[Event]) -> list[dict[str, Any]]:
    """Of each unit how many stand; a yellow card is a reminder and counts for nothing else (domain §2.8)."""
    stands = Q(withdrawal=None)
    counted = (
        cards.order_by()
        .values("unit")
        .annotate(
            red=Count("pk", filter=stands & Q(action=Effect.RED_CARD)),
            yellow=Count("pk", filter=stands & Q(action=Effect.YELLOW_CARD)),
            withdrawn=Count("pk", filter=~stands),
        )
    )
    names = {unit.pk: str(unit) for unit in Unit.objects.only("name", "short_name")}
    rows = [row | {"name": names.get(row["unit"], "热线中心")} for row in counted]
    return sorted(rows, key=lambda row: (-row["red"], -row["yellow"], row["name"]))
