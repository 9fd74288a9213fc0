"""Finding a home by what somebody says: its number, an identity number, a phone, a whole name, words of its address."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from accounts import phones
from accounts.masking import mask_id_number, mask_name, mask_phone
from accounts.models import User
from accounts.sealing import fingerprints
from grids.models import Household, Resident
from grids.models.household import HouseholdQuerySet
from grids.said import normalise

_NUMBER = re.compile(r"[Hh]([0-9]{7,18})")
_ID = re.compile(r"[0-9]{14,17}[0-9Xx]")
_NAME = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff·]{2,10}")


@dataclass(frozen=True, slots=True)
class Looked:
    homes: HouseholdQuerySet
    by: str  # “电话 138****5678”: never the words themselves, where they are personal
    by_document: bool = False  # what was typed must not be said back by any page


def exactly(words: str, user: User) -> Looked | None:
    """By something that names one home or few; None if the words are none of these."""
    homes = Household.objects.visible_to(user)
    spoken = words.strip()
    if found := _NUMBER.fullmatch(spoken):
        return Looked(homes.filter(pk=int(found[1])), f"户编号 {spoken.upper()}")
    if _ID.fullmatch(spoken.replace(" ", "")):
        number = spoken.replace(" ", "").upper()
        found_homes = _of(homes, id_fingerprint__in=fingerprints(number))
        return Looked(found_homes, f"证件号码 {mask_id_number(number)}", by_document=True)
    if phone := _phone(spoken):
        theirs = Resident.objects.living_here().with_phone(phone).values("household")
        own = Q(phone_fingerprint__in=fingerprints(phone)) | Q(pk__in=theirs)
        return Looked(homes.filter(own), f"电话 {mask_phone(phone)}")
    if _NAME.fullmatch(spoken):
        named = _of(homes, name_fingerprint__in=fingerprints(spoken))
        return Looked(named, f"姓名 {mask_name(spoken)}") if named.exists() else None
    return None


def personal(words: str) -> bool:
    """What looks like somebody's name or number, whether or not it is on record, stands in no address of a page."""
    return bool(_NAME.fullmatch(words.strip())) or sum(c.isdigit() for c in words) >= 7


def by_address(words: str, homes: HouseholdQuerySet) -> HouseholdQuerySet:
    """Every word of it stands in the address."""
    for word in words.split()[:5]:
        homes = homes.filter(dwelling__said__contains=normalise(word))
    return homes


def elsewhere(id_number: str) -> Resident | None:
    """Who is on record under this number anywhere in the city."""
    return Resident.objects.living_here().numbered(id_number).select_related("household__dwelling").first()


def _of(homes: HouseholdQuerySet, **where: list[bytes]) -> HouseholdQuerySet:
    return homes.filter(pk__in=Resident.objects.living_here().filter(**where).values("household"))


def _phone(words: str) -> str:
    try:
        return phones.canonical(words, demo=settings.DEMO)
    except phones.NotAPhone:
        return ""
