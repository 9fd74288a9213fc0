"""Every address with every fitting key, the ways to ask it, what to send it, and all the bytes of an answer."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.apps import apps
from django.db import models
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts import listings
from accounts.models import Export, Notice, Unit
from grids import facets, hazard_facets, shops
from grids.models import (
    OF_A_GRID,
    Admission,
    Building,
    Care,
    Compound,
    Erasure,
    Hazard,
    HazardPhoto,
    Household,
    Import,
    Leave,
    Need,
    Posting,
    Premises,
    Resident,
)
from grids.workflow import hazards
from petitions.forms.hazards import SOLVED
from petitions.models import Petition
from shouyang.homes.forms import OF_RESIDENT, VERBS
from tests.cast import XIANGYANG_1
from tests.house.test_doors import addresses

HOLE = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")
PATTERNS = list(addresses())
ENDS_THE_SESSION = re.compile(r"^(account|admin)/logout/|^account/sessions/")
SAME_TO_ALL = ("healthz", "api/schema/")

# Whose key stands in an address, by how the address begins.
PK: dict[str, type[models.Model]] = {
    "homes/import/": Import,
    "homes/retention/": Erasure,
    "homes/": Household,
    "hazards/": Hazard,
    "premises/": Premises,
    "exports/": Export,
    "account/inbox/": Notice,
    "grids/compounds/": Compound,
    "grids/buildings/": Building,
    "items/admissions/": Admission,
    "api/v1/units/": Unit,
    "grids/": Posting,
}
WORDS: dict[str, tuple[str, ...]] = {
    "code": (XIANGYANG_1, XIANGYANG_1[:12]),
    "duty": tuple(OF_A_GRID),
    "form": ("json",),
    "token": ("1",),
    "path": ("x",),
}

# What forms ask, as somebody of the place would fill them in.
PLAUSIBLE: dict[str, Any] = {
    "place": XIANGYANG_1,
    "grid": XIANGYANG_1,
    "compound": "锦绣华庭",
    "building": "9号楼",
    "room": "101",
    "fresh": "on",
    "address": "锦绣华庭3号楼",
    "colour": "green",
    "kind": "permanent",
    "name": "李明",
    "relation": "child",
    "sex": "male",
    "document": "none",
    "category": "alone",
    "do": "visit",
    "manner": "door",
    "met": "somebody",
    "finding": "none",
    "state": "met",
    "answer": "送到了",
    "note": "都看过了",
    "item": "A02",
    "words": "楼道里堆着纸箱",
    "next": SOLVED,
    "after_words": "已请住户搬走",
    "cleared": "yes",
    "content": "请清运",
    "seen": 1,
    "agreed": "yes",
    "why": "拍错了地方",
    "reason": "核对证件",
    "purpose": "上门通知",
}


def everywhere(household: Household, *, everything: bool) -> Iterator[str]:
    for pattern in PATTERNS:
        if not ENDS_THE_SESSION.match(pattern) and (everything or pattern not in SAME_TO_ALL):
            yield from (address for address in filled(pattern, household) if is_address(address))


def is_address(address: str) -> bool:
    """Not every key fits every hole: a community has no people of its own."""
    try:
        resolve(f"/{address}")
    except Resolver404:
        return False
    return True


def filled(pattern: str, household: Household) -> Iterator[str]:
    """The address with every fitting key in the place of its parameters."""
    pattern = pattern.replace("\\.", ".").replace("^", "").replace("$", "").removesuffix("?")
    holes = [(match[0], match[1] or match[2]) for match in HOLE.finditer(pattern)]
    for chosen in product(*(fitting(name, pattern, household) for _, name in holes)):
        address = pattern
        for (hole, _), word in zip(holes, chosen, strict=True):
            address = address.replace(hole, str(word), 1)
        yield address


def fitting(name: str, pattern: str, household: Household) -> list[Any]:
    if name == "number":
        return [Petition.objects.latest("pk").number]
    if name == "object_id" and pattern.count("<path:") == 1:
        app, model = pattern.split("/")[1:3]
        return list(apps.get_model(app, model)._default_manager.values_list("pk", flat=True)[:2]) or [1]
    if name in ("resident_pk", "kept_pk", "twin_pk"):
        return list(Resident.objects.filter(household=household).values_list("pk", flat=True))
    if name == "care_pk":
        return [Care.objects.get().pk]
    if name == "need_pk":
        return [Need.objects.get().pk]
    if name == "photo":
        return [HazardPhoto.objects.get().pk]
    if name == "action":
        return (
            [*VERBS, *OF_RESIDENT]
            if pattern.startswith("homes/")
            else ["sign", *hazards.FROM, "patrol", "close", "reopen"]
        )
    if name == "name":
        return list(listings.lists()) if pattern.startswith("exports/") else ["v2019.1"]
    if name == "pk":
        if pattern.startswith("homes/<int:pk>/"):
            return [household.pk]
        if "/leaves/" in pattern:
            return [Leave.objects.get().pk]
        kind = next((kind for begin, kind in PK.items() if pattern.startswith(begin)), None)
        return list(kind._default_manager.values_list("pk", flat=True)[:3]) if kind else [1]
    return list(WORDS.get(name, ("1",)))


# --- What is asked and sent -----------------------------------------------------------------------------------


def narrowed(household: Household) -> str:
    """What any page may be asked besides its address, all at once; most read little of it."""
    who = f"resident-{household.members().get().pk}"
    return urlencode(
        {"place": XIANGYANG_1, "household": household.pk, "premises": Premises.objects.get().pk, "who": who}
        | {"edit": 1, "back": "today", "show": "all", "level": "grid", "page": 1, "address": "锦绣华庭"}
    )


def queries(address: str, words: Sequence[str]) -> Iterator[str]:
    """What this page is searched by and narrowed to, one after the other."""
    named: dict[str, tuple[str, ...]] = {
        "homes/": tuple(facets.FACETS),
        "hazards/": tuple(hazard_facets.FACETS),
        "premises/": tuple(shops.FACETS),
        "petitions/": ("closed", "overdue"),
    }
    if address in ("search/", *named) or re.fullmatch(r"admin/\w+/\w+/", address):
        yield from (urlencode({"q": word}) for word in words)
    if address == "search/":
        yield from (urlencode({"q": word, "petitions": 1}) for word in words)
    yield from (urlencode({"facet": facet, "place": XIANGYANG_1}) for facet in named.get(address, ()))


def plausible(address: str, household: Household) -> dict[str, Any]:
    """A form as somebody of the place would fill it in: enough for most that have to do with homes."""
    woman = household.members().get()
    said = PLAUSIBLE | {"q": woman.name, "field": f"resident-{woman.pk}-id_number", "key": uuid4(), "token": uuid4()}
    said |= dict.fromkeys(("since", "until", "on", "born_on"), timezone.localdate())
    if address.startswith("premises/"):
        said |= {"kind": "small", "name": "小李超市", "field": "phone"}
    if address.endswith("/move-over/"):
        said |= {"id_number": Resident.objects.exclude(household=household).get().id_number}
    return said


# --- What comes back ------------------------------------------------------------------------------------------


def all_of(answer: Any) -> str:
    """Every byte, what is compressed in a sheet too, and where one is sent."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [*unpacked(raw), str(answer.headers).encode(), str(answer.cookies).encode()]
    return b"\n".join(parts).decode("utf-8", "replace")


def unpacked(raw: bytes) -> Iterator[bytes]:
    """A file, and all files that it holds."""
    yield raw
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                yield from unpacked(packed.read(name))


def says(told: str, words: str) -> bool:
    """Plainly, as JSON writes it, or as an address does."""
    return any(form in told for form in (words, json.dumps(words)[1:-1], quote(words)))
