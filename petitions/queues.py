"""What waits for somebody: queues with their first few petitions, the oldest promise on top."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.safestring import SafeString

from accounts.models import User
from petitions.facets import ALL, Facet, counts
from petitions.models import Petition
from petitions.rows import Row, cells, page_of


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
    user: User, facets: Iterable[Facet], at: datetime, *, top: int, within: Q = ALL, query: str = ""
) -> list[Queue]:
    """`within` narrows all of them, and `query` says the same to the list that a queue's number opens."""
    facets = list(facets)
    totals = counts(user, facets, at, within=within)
    hers = Petition.objects.visible_to(user).filter(within)
    found = {
        facet.name: page_of(hers.filter(facet.where(at)), "due", at, size=top)[0]
        for facet in facets
        if totals[facet.name]
    }
    return [
        Queue(
            name=facet.name,
            label=facet.label,
            total=totals[facet.name],
            href=f"/petitions/?facet={facet.name}&sort=due{query}",
            rows=found.get(facet.name, []),
        )
        for facet in facets
    ]
