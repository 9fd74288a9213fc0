"""What waits for somebody: queues with their first few petitions, the oldest promise on top."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.safestring import SafeString

from accounts.models import User
from petitions.facets import ALL, Facet, counts
from petitions.models import Petition
from petitions.rows import Row, cells, in_order, rows


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    label: str
    total: int
    href: str
    rows: list[Row]

    @property
    def table(self) -> SafeString:
        return cells(self.rows)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def queues(
    user: User, facets: Iterable[Facet], at: datetime, *, top: int, within: Q = ALL, units: Iterable[int] = ()
) -> list[Queue]:
    """`within` narrows all of them, and `units` says the same to the list that a queue's number opens."""
    facets = list(facets)
    totals = counts(user, facets, at, within=within)
    found = {}
    for facet in facets:
        if totals[facet.name]:
            petitions, order = in_order(Petition.objects.visible_to(user).filter(within, facet.where(at)), "due")
            found[facet.name] = list(petitions.order_by(*order.columns)[:top])
    shown = iter(rows([row for queue in found.values() for row in queue], at))
    return [
        Queue(
            name=facet.name,
            label=facet.label,
            total=totals[facet.name],
            href=f"/petitions/?facet={facet.name}&sort=due" + "".join(f"&unit={pk}" for pk in units),
            rows=[next(shown) for _ in found.get(facet.name, ())],
        )
        for facet in facets
    ]
