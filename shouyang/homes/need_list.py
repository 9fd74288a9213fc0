"""The list of needs and wishes: by what became of them, narrowed by kind, place and words of the address."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict

from accounts.models import User
from grids import lookup
from grids.models import Household, Need
from grids.models.visit import NeedQuerySet
from petitions import choices

RELATED = ("found_by", "household__dwelling__place")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page says."""

    state: str
    kind: str
    place: str
    words: str

    @classmethod
    def read(cls, said: QueryDict) -> "Asked":
        state, kind, place = (said.get(name, "") for name in ("facet", "kind", "place"))
        words = "".join(c for c in said.get("q", "") if c.isprintable()).strip()[:60]
        return cls(
            state if state in Need.State.values else Need.State.OPEN,
            kind if kind in Need.Kind.values else "",
            place if place in choices.places() else "",
            words,
        )

    def kept(self) -> dict[str, str]:
        """What stays in the address on the way from one state to another."""
        said = {"kind": self.kind, "place": self.place, "q": self.words}
        return {name: value for name, value in said.items() if value}

    def narrowed(self, user: User) -> NeedQuerySet:
        """In whatever state."""
        needs = Need.objects.visible_to(user)
        if self.kind:
            needs = needs.filter(kind=self.kind)
        if self.place or self.words:
            homes = lookup.by_address(self.words, Household.objects.in_place(self.place))
            needs = needs.filter(household__in=homes)
        return needs

    def listed(self, needs: NeedQuerySet) -> NeedQuerySet:
        """Who waits longest comes first; of what is settled, the latest."""
        order = ("found_at", "id") if self.state == Need.State.OPEN else ("-settled_at", "-id")
        found = needs.filter(state=self.state).select_related(*RELATED)
        return found.defer("household__dwelling__place__boundary").order_by(*order)


def counts(needs: NeedQuerySet) -> dict[str, int]:
    """Of every state, in one question."""
    asked: dict[str, Any] = {state: Count("pk", filter=Q(state=state)) for state in Need.State.values}
    return needs.order_by().aggregate(**asked)
