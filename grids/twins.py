"""Look-alikes: people who may be on record twice, each with the reasons for which they are shown."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import User
from grids.models import Household, Resident

MOST = 20


@dataclass(frozen=True, slots=True)
class Twins:
    kept: Resident  # of the household that was asked about
    twin: Resident
    reasons: tuple[str, ...]

    @property
    def same_home(self) -> bool:
        return self.kept.household_id == self.twin.household_id

    @property
    def same_door(self) -> bool:
        """Two households behind one door become one."""
        return not self.same_home and self.kept.household.dwelling_id == self.twin.household.dwelling_id


def twins_of(household: Household, user: User) -> list[Twins]:
    """Of everybody who lives here, among all that she may see; one pair once."""
    members = list(household.members().select_related("household"))
    looked_for = [where for member in members for where in _alike(member, household)]
    if not looked_for:
        return []
    others = Resident.objects.visible_to(user).living_here().filter(reduce(or_, looked_for))
    found = []
    for other in others.select_related("household__dwelling__place").order_by("pk")[: MOST + len(members)]:
        for member in members:
            reasons = _reasons(member, other)
            # Inside of one home each pair is met twice: the older record is kept.
            if reasons and (other.household_id != household.pk or member.pk < other.pk):
                found.append(Twins(member, other, reasons))
    return found[:MOST]


def _alike(member: Resident, household: Household) -> list[Q]:
    """In the database only exact digests are compared; who shares none of these is no look-alike."""
    here = {"household__dwelling__place__code__startswith": household.dwelling.place_id[:12]}
    found = []
    if member.id_fingerprint:
        found.append(Q(id_fingerprint=member.id_fingerprint) & ~Q(pk=member.pk))
    if member.name_fingerprint and member.born_on:
        found.append(Q(name_fingerprint=member.name_fingerprint, born_on=member.born_on) & ~Q(pk=member.pk))
    if member.name_fingerprint and member.phone_fingerprint:
        same = Q(name_fingerprint=member.name_fingerprint, phone_fingerprint=member.phone_fingerprint, **here)
        found.append(same & ~Q(pk=member.pk))
    return found


def _reasons(member: Resident, other: Resident) -> tuple[str, ...]:
    if member.pk == other.pk:
        return ()
    same_name = member.name_fingerprint == other.name_fingerprint
    reasons = {
        "证件号码相同": member.id_fingerprint is not None and member.id_fingerprint == other.id_fingerprint,
        "姓名和出生日期相同": same_name and member.born_on is not None and member.born_on == other.born_on,
        "姓名和电话相同": same_name
        and member.phone_fingerprint is not None
        and member.phone_fingerprint == other.phone_fingerprint,
    }
    # Two different numbers are two people, however alike they are otherwise.
    if member.id_fingerprint and other.id_fingerprint and not reasons["证件号码相同"]:
        return ()
    return tuple(reason for reason, holds in reasons.items() if holds)
