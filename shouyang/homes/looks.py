"""Who looked at whose hidden fields in the homes that a supervisor answers for, and who took homes of her places along.

Newest first, turned over by key.
"""

from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast, Substr

from accounts.models import Access, User
from grids.exports import LISTS
from grids.models import Duty, Dwelling, Household, Posting, Resident
from grids.scope import places_of

SUPERVISORS = (Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER)
EXPORTS = tuple(listing.name for listing in LISTS)
SUBJECTS = {"household": Household, "resident": Resident, "dwelling": Dwelling}


def looks(user: User) -> QuerySet[Any, Any]:
    shown = Q(kind=Access.Kind.UNMASK) | Q(kind=Access.Kind.EXPORT, subject__in=EXPORTS)
    rows: QuerySet[Any, Any] = Access.objects.filter(shown).annotate(**{name: _number(name) for name in SUBJECTS})
    hers = Q(Exists(Household.objects.filter(_hers(user, "dwelling__place__code"), pk=OuterRef("household"))))
    hers |= Q(Exists(Resident.objects.filter(_hers(user, "household__dwelling__place__code"), pk=OuterRef("resident"))))
    hers |= Q(Exists(Dwelling.objects.filter(_hers(user, "place__code"), pk=OuterRef("dwelling"))))
    at_hers = Exists(Posting.objects.filter(_hers(user, "place__code"), user=OuterRef("by")))
    hers |= Q(kind=Access.Kind.EXPORT) & Q(at_hers)
    return rows.filter(hers).values("id", "at", "kind", "by__name", "subject", "field", "reason", *SUBJECTS)


def homes_of(rows: list[dict[str, Any]]) -> dict[str, Household]:
    """The household behind each subject, in one question; behind a person's with her name as `called`."""
    people = {row["resident"] for row in rows} - {None}
    doors = {row["dwelling"] for row in rows} - {None}
    named = {row["household"] for row in rows} - {None}
    at_home = Q(pk__in=named) | Q(residents__in=people) | Q(dwelling__in=doors, ended_at=None)
    found = Household.objects.filter(at_home).select_related("dwelling").order_by("pk")
    found = found.annotate(person=F("residents"), called=F("residents__name"))
    homes: dict[str, Household] = {}
    for household in found:
        homes[f"household:{household.pk}"] = homes[f"dwelling:{household.dwelling_id}"] = household
        homes[f"resident:{household.person}"] = household
    return homes


def _hers(user: User, path: str) -> Q:
    codes = places_of(user, *SUPERVISORS)
    return Q(*(Q(**{f"{path}__startswith": code}) for code in codes), _connector=Q.OR) if codes else Q(pk__in=[])


def _number(name: str) -> Case:
    """What stands behind “household:”; CASE keeps the cast away from all other subjects."""
    number = Cast(Substr("subject", len(name) + 2), BigIntegerField())
    return Case(When(subject__regex=rf"^{name}:[0-9]{{1,18}}$", then=number))
