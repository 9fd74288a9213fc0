"""Premises as their list and their page show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.http import QueryDict

from accounts.masking import mask_name, mask_phone
from grids.models import Premises
from grids.models.premises import SEALED, PremisesQuerySet, to_patrol

SHOWN = 30  # of what happened at one
MASKS = {"owner": mask_name, "contact": mask_name, "phone": mask_phone}
FACETS = {
    "due": ("该巡查", to_patrol),
    "open": ("营业中", lambda on: Q(closed_at=None)),
    "closed": ("已停业", lambda on: Q(closed_at__isnull=False)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    facet: str
    kind: str
    words: str
    place: str

    @classmethod
    def read(cls, asked: QueryDict) -> "Asked":
        facet, kind, place = asked.get("facet", ""), asked.get("kind", ""), asked.get("place", "")
        return cls(
            facet if facet in FACETS else "open",
            kind if kind in Premises.Kind else "",
            asked.get("q", "").replace("\x00", "").strip()[:60],
            place if place.isascii() and place.isdigit() else "",
        )

    def narrow(self, rows: PremisesQuerySet, on: date) -> PremisesQuerySet:
        """Where nobody has been for longest comes first."""
        found = self.narrowed_beside(rows).filter(FACETS[self.facet][1](on))
        return found.order_by(F("inspected_on").asc(nulls_first=True), "place", "name", "id")

    def narrowed_beside(self, rows: PremisesQuerySet) -> PremisesQuerySet:
        """By everything but the facet."""
        found = rows.filter(kind=self.kind) if self.kind else rows
        found = found.filter(place__code__startswith=self.place) if self.place else found
        return found.filter(Q(name__icontains=self.words) | Q(address__icontains=self.words)) if self.words else found

    def query(self, **other: str) -> str:
        asked = QueryDict(mutable=True)
        values = {"facet": self.facet, "kind": self.kind, "q": self.words, "place": self.place} | other
        asked.update({name: value for name, value in values.items() if value})
        return f"?{asked.urlencode()}"


@dataclass(frozen=True, slots=True)
class Sealed:
    name: str
    label: str
    words: str
    masked: bool


def tabs(rows: PremisesQuerySet, asked: Asked, on: date) -> list[tuple[str, str, int, bool]]:
    """Label, address, how many, and whether one is here; all counted in one query."""
    counted: dict[str, Any] = {name: Count("pk", filter=where(on)) for name, (_, where) in FACETS.items()}
    found = asked.narrowed_beside(rows).order_by().aggregate(**counted)
    return [(label, asked.query(facet=name), found[name], name == asked.facet) for name, (label, _) in FACETS.items()]


def sealed(premises: Premises, shown: str) -> list[Sealed]:
    """Masked, but for the one that somebody has asked to see."""
    known = [(name, getattr(premises, name)) for name in SEALED]
    return [
        Sealed(name, label_of(name), words if name == shown else MASKS[name](words), name != shown)
        for name, words in known
        if words
    ]


def label_of(name: str) -> str:
    return str(Premises._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
