"""Every address as every member of the cast: whatever comes back, no number of a resident's document is in it.

To the worker of a grid in another community, and to whoever is not signed in, the home itself is not there either.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.test import Client
from pytest_django import Settings

from accounts import exports, listings, tasks
from accounts.models import Export, Notice, Unit, User
from accounts.pictures import bare
from grids import retention, workflow
from grids.models import (
    OF_A_GRID,
    Admission,
    Building,
    Care,
    Compound,
    Duty,
    Erasure,
    Hazard,
    HazardPhoto,
    Household,
    Import,
    Item,
    Leave,
    Need,
    Place,
    Posting,
    Premises,
    Resident,
)
from grids.workflow import Found, Seen, hazards
from petitions.models import Petition
from shouyang.demo.cast import CAST
from shouyang.homes.forms import OF_RESIDENT, VERBS
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, call
from tests.grids.homes import home, lives
from tests.grids.patrol import found, shop
from tests.grids.sheets import checked, houses, number, row, xlsx
from tests.house.test_doors import addresses
from tests.petitions.test_reporting import photo

WOMAN, MAN, BROUGHT = number(742), number(741), number(42)
PHONES = ("12000007741", "12000007742")
OURS = ("欧阳秀英", "欧阳建国", "锦绣华庭3号楼2单元501", *PHONES)
STRANGER, NOBODY = "stranger", "nobody"
PEOPLE = [*(part.username for part in CAST), STRANGER, NOBODY]
HOLE = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")
PATTERNS = list(addresses())
ENDS_THE_SESSION = re.compile(r"^(account|admin)/logout/|^account/sessions/")
SAME_TO_ALL = ("healthz", "api/schema/")
SENDING = ("worker", "gridsecretary", "secretary", "street", STRANGER, NOBODY)  # an empty form, in what is about homes
OF_HOMES = ("homes/", "today/", "hazards/", "premises/", "grids/", "items/", "exports/", "places/", "map/")

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


@pytest.fixture
def inhabited(settings: Settings, tmp_path: Path, cast: Cast) -> Household:
    """A home of which everything is on record, and whatever has to do with it."""
    settings.MEDIA_ROOT = tmp_path
    household = home(cast, colour="red", room="501")
    woman = lives(cast, household, "欧阳秀英", id_number=WOMAN, phone=PHONES[0], emergency_contact="欧阳建国")
    man = lives(cast, household, "欧阳建国", relation=Resident.Relation.SPOUSE, id_number=MAN, phone=PHONES[1])
    Care.objects.create(resident=woman, category=Care.Category.ALONE, since=MONDAY_TEN.date())
    said = Found([(Item.objects.get(code="B01"), "楼道里堆着纸箱")], [("wish", "想要一把轮椅")])
    seen = Seen("door", "somebody", "need", "老人在家")
    workflow.visit(household, seen, found=said, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    workflow.move_out(man, key=uuid4(), by=cast.worker, at=MONDAY_TEN, note="去济南女儿家")
    retention.propose(MONDAY_TEN.replace(year=2030))
    found(cast, photos=[bare(photo())])
    shop(cast)
    call(cast)
    houses()
    checked(xlsx([row(42, room="502"), row(43, room="")]), cast.secretary)
    listing = listings.lists()["homes_full"]
    for by in (cast.worker, cast.secretary):
        query = f"place={XIANGYANG_1}"
        exports.ask(listing, query, "网格", purpose="上门通知体检", token=uuid4(), by=by, at=MONDAY_TEN)
    Export.objects.update(state=Export.State.WAITING)
    tasks.write_exports()
    today = MONDAY_TEN.date()
    away = {"since": today, "until": today + timedelta(days=1), "by": cast.secretary, "at": MONDAY_TEN}
    Leave.objects.create(user=cast.worker, deputy=cast.gridsecretary, **away)
    stranger = User.objects.create(username=STRANGER, name="外来的网格员")
    unit = Unit.objects.get(pk=cast.worker.postings.get().unit_id)
    elsewhere = Place.objects.filter(kind=Place.Kind.GRID).exclude(code__startswith=XIANGYANG_1[:12])[0]
    Posting.objects.create(user=stranger, duty=Duty.GRID_WORKER, unit=unit, place=elsewhere, since="2020-01-01")
    User.objects.update(password=make_password("correct-horse-battery"))
    return household


@pytest.mark.parametrize("username", PEOPLE)
def test_no_address_tells(client: Client, inhabited: Household, username: str) -> None:
    if username != NOBODY:
        client.force_login(User.objects.get(username=username))
    never = (WOMAN, MAN, BROUGHT) + (OURS if username in (STRANGER, NOBODY) else ())
    told = []
    for method, address in asked_by(username, inhabited):
        with nothing_stays() if method == "post" else nullcontext():
            answer = getattr(client, method)(f"/{address}")
            assert answer.status_code < 500 or address == "healthz", f"{method} /{address}"
            told += [f"{method} /{address}: {word}" for word in never if word in all_of(answer)]
    assert told == []


def test_the_walk_meets_what_it_looks_for(client: Client, cast: Cast, inhabited: Household) -> None:
    """Who keeps the home reads of it, and with a reason the number: so the walk would have found it."""
    client.force_login(User.objects.get(pk=cast.worker.pk))
    assert inhabited.dwelling.address in all_of(client.get(f"/homes/{inhabited.pk}/"))
    sheet = Export.objects.of(cast.worker).get()
    assert "欧阳秀英" in all_of(client.get(f"/exports/{sheet.pk}/file/"))
    woman = inhabited.members().get(relation=Resident.Relation.HEAD)
    reason = {"field": f"resident-{woman.pk}-id_number", "reason": "核对证件"}
    assert WOMAN in all_of(client.post(f"/homes/{inhabited.pk}/unmask/", reason))


@contextmanager
def nothing_stays() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- Addresses ------------------------------------------------------------------------------------------------


def asked_by(username: str, household: Household) -> Iterator[tuple[str, str]]:
    for pattern in PATTERNS:
        if ENDS_THE_SESSION.match(pattern) or (pattern in SAME_TO_ALL and username != NOBODY):
            continue
        for address in filled(pattern, household):
            yield "get", address
            if username in SENDING and address.startswith(OF_HOMES):
                yield "post", address


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
        if "/leaves/" in pattern:
            return [Leave.objects.get().pk]
        kind = next((kind for begin, kind in PK.items() if pattern.startswith(begin)), None)
        return list(kind._default_manager.values_list("pk", flat=True)[:3]) if kind else [1]
    return list(WORDS.get(name, ("1",)))


def all_of(answer: Any) -> str:
    """Every byte, what is compressed in a sheet too, and where one is sent."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [raw, str(answer.headers).encode(), str(answer.cookies).encode()]
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts += [packed.read(name) for name in packed.namelist()]
    return b"\n".join(parts).decode("utf-8", "replace")
