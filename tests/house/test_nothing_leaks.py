"""Every address as every member of the cast, as the workers of the grid next door and of one far off, and as nobody.

Each is opened, asked with all that its page is searched by and narrowed to, and sent an empty form and a plausible
one. Whatever comes back, nothing personal of a resident is in it, not even for those who keep the home; for everybody
else nothing of the home is, and nothing that they send changes it.
"""

import re
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from accounts import exports, listings, tasks
from accounts.masking import mask_id_number, mask_name, mask_phone
from accounts.models import Export, Unit, User
from accounts.pictures import bare
from grids import retention, workflow
from grids.models import Care, Duty, Household, Item, Leave, Place, Posting, Resident
from grids.workflow import Found, Seen
from shouyang.demo.cast import CAST
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, call
from tests.grids.homes import home, lives
from tests.grids.patrol import found, shop
from tests.grids.sheets import checked, houses, number, row, xlsx
from tests.house.everywhere import all_of, everywhere, narrowed, plausible, queries, says
from tests.petitions.test_reporting import photo

WOMAN, MAN, BROUGHT, ELSEWHERE = number(742), number(741), number(42), number(744)
NAME, PHONE, ADDRESS = "欧阳秀英", "12000007741", "锦绣华庭3号楼2单元501"
HEALTH, GUARDIAN, HARDSHIP = "心脏搭过桥，怕冷", "欧阳建业", "老伴常年卧床"
PERSONAL = (NAME, "欧阳建国", PHONE, "12000007742", WOMAN, MAN, BROUGHT, ELSEWHERE, HEALTH, GUARDIAN, HARDSHIP)
OF_THE_HOME = (ADDRESS, "药快吃完了", "想要一把轮椅")
NOBODYS = {NAME: "欧阳秀莲", PHONE: "12000007749", WOMAN: number(746), ADDRESS: "锦绣华庭3号楼2单元509"}

STRANGER, NEIGHBOUR, NOBODY = "stranger", "neighbour", "nobody"
PEOPLE = [*(part.username for part in CAST), STRANGER, NEIGHBOUR, NOBODY]
AT_HOME = ("worker", "gridsecretary", "secretary", "street")  # the home lies in their place, and homes are their duty

# What is personal and asked for with a purpose or a reason, which stand on record.
ASKED_FOR = {
    r"exports/\d+/file/": (NAME, PHONE),  # her own list of her own grid, with a purpose
    r"homes/\d+/unmask/": (WOMAN,),  # one field, with a reason
}
# What somebody without a duty towards the home may send about it.
BY_DESIGN = {
    ("admin", r"homes/retention/\d+/"): "erases what is kept too long, and reads counts, no names",
}
ABOUT_US = re.compile(r"(homes|homes/import|homes/retention|hazards|premises|exports)/\d+/")
ONE_TIME = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(X-CSRFToken": |csrfmiddlewaretoken" value=)"\w+"')
REFUSED = (401, 403, 404, 405)
# Tables whose rows tell of a home, of its people, or of what was found at their door.
WRITES = re.compile(
    r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?grids_"
    r"(household|resident|care|visit|visitclock|need|change|homeevent|dwelling|tenancy|hazard|hazardevent|hazardphoto"
    r"|premises|premisesevent|import|importline|importcare|erasure)\b",
    re.I,
)


@pytest.fixture
def inhabited(settings: Settings, tmp_path: Path, cast: Cast) -> Household:
    """A home of which everything is on record, and whatever has to do with it."""
    settings.MEDIA_ROOT = tmp_path
    household = home(cast, colour="red", room="501")
    Household.objects.filter(pk=household.pk).update(hardship=HARDSHIP)
    woman = lives(cast, household, NAME, id_number=WOMAN, phone=PHONE, emergency_contact="欧阳建国")
    man = lives(cast, household, "欧阳建国", relation=Resident.Relation.SPOUSE, id_number=MAN, phone="12000007742")
    lives(cast, home(cast, room="601"), "李明", id_number=ELSEWHERE)
    hidden = {"health": HEALTH, "guardian": GUARDIAN}
    Care.objects.create(resident=woman, category=Care.Category.ALONE, since=MONDAY_TEN.date(), **hidden)
    said = Found([(Item.objects.get(code="B01"), "楼道里堆着纸箱")], [("wish", "想要一把轮椅")])
    seen = Seen("door", "somebody", "need", "药快吃完了")
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
    grids = Place.objects.filter(kind=Place.Kind.GRID).exclude(code=XIANGYANG_1)
    next_door = grids.filter(code__startswith=XIANGYANG_1[:12])
    unit = Unit.objects.get(pk=cast.worker.postings.get().unit_id)
    for username, places in ((STRANGER, grids.exclude(pk__in=next_door)), (NEIGHBOUR, next_door)):
        user = User.objects.create(username=username, name="别处的网格员")
        Posting.objects.create(user=user, duty=Duty.GRID_WORKER, unit=unit, place=places[0], since="2020-01-01")
    User.objects.update(password=make_password("correct-horse-battery"))
    return household


@pytest.mark.parametrize("username", PEOPLE)
def test_no_address_tells(client: Client, inhabited: Household, username: str) -> None:
    come_in(client, username)
    told = []
    for address, query, answer in asked(client, inhabited, everything=username == NOBODY):
        assert answer.status_code < 500 or address == "healthz", f"/{address}?{query}"
        told += [f"/{address}?{unquote(query)}: {word}" for word in said_to(username, address, answer, but=query)]
    assert told == []
    assert still_in(client, username)


@pytest.mark.parametrize("username", PEOPLE)
def test_nothing_that_is_sent_tells_or_changes_a_home(client: Client, inhabited: Household, username: str) -> None:
    come_in(client, username)
    told = []
    for address, body, answer, changed in sent(client, inhabited, everything=username == NOBODY):
        assert answer.status_code < 500 or address == "healthz", f"/{address}"
        told += [f"/{address}: {word}" for word in said_to(username, address, answer, but=body.get("q", ""))]
        if username not in AT_HOME and not by_design(username, address):
            told += [f"/{address} wrote {table}" for table in changed]
            if ABOUT_US.match(address) and not is_refused(answer):
                told.append(f"/{address} answers {answer.status_code}")
    assert told == []
    assert still_in(client, username)


@pytest.mark.parametrize("username", [one for one in PEOPLE if one not in AT_HOME])
def test_who_is_on_record_is_not_found_out_by_searching(client: Client, inhabited: Household, username: str) -> None:
    """What is on record is answered as what nobody has ever had."""
    come_in(client, username)
    for ours, nobodys in NOBODYS.items():
        for here, there in zip(searched(client, ours), searched(client, nobodys), strict=True):
            assert here == there


def test_the_walk_meets_what_it_looks_for(client: Client, cast: Cast, inhabited: Household) -> None:
    """Who keeps the home reads of it, and with a reason the number: so the walk would have found it."""
    client.force_login(User.objects.get(pk=cast.worker.pk))
    assert says(all_of(client.get(f"/homes/{inhabited.pk}/")), ADDRESS)
    sheet = Export.objects.of(cast.worker).get()
    assert says(all_of(client.get(f"/exports/{sheet.pk}/file/")), NAME)
    unmask = f"homes/{inhabited.pk}/unmask/"
    assert says(all_of(client.post(f"/{unmask}", plausible(unmask, inhabited))), WOMAN)


def test_what_the_walk_sends_is_done_for_who_keeps_the_home(client: Client, cast: Cast, inhabited: Household) -> None:
    """So a form that is refused is refused for who sends it, not for what is in it."""
    client.force_login(User.objects.get(pk=cast.worker.pk))
    walk = sent(client, inhabited, everything=False)
    done = {re.sub(r"\d+", "1", address) for address, _, _, changed in walk if changed}
    of_person = ("care", "move-out", "death")
    assert done >= {"hazards/new/", "hazards/1/solve/", "hazards/1/send_on/", "hazards/1/photos/1/remove/"}
    assert done >= {"premises/new/", "premises/1/edit/", "premises/1/patrol/", "premises/1/close/"}
    assert done >= {"homes/new/", "homes/1/", "homes/1/needs/1/", "homes/1/care/1/end/"}
    assert done >= {"homes/1/move-in/", "homes/1/birth/", "homes/1/move-over/"}
    assert done >= {f"homes/1/residents/1/{verb}/" for verb in of_person}


# --- Who asks, and what comes of it ---------------------------------------------------------------------------


def come_in(client: Client, username: str) -> None:
    if username != NOBODY:
        client.force_login(User.objects.get(username=username))


def still_in(client: Client, username: str) -> bool:
    """The walk has not signed itself out on the way, which would have opened every door to nothing."""
    return client.get("/").status_code == (302 if username == NOBODY else 200)


def asked(client: Client, household: Household, *, everything: bool) -> Iterator[tuple[str, str, Any]]:
    """Address, query and answer; only a page that opens reads a query, and the search box, which leads on to others."""
    further, words = narrowed(household), tuple(NOBODYS)
    for address in everywhere(household, everything=everything):
        yield address, "", (first := client.get(f"/{address}"))
        if first.status_code == 200:
            yield address, further, client.get(f"/{address}?{further}")
            yield address, further, client.get(f"/{address}?{further}", headers={"HX-Request": "true"})
        if first.status_code == 200 or address == "search/":
            yield from ((address, query, client.get(f"/{address}?{query}")) for query in queries(address, words))


def sent(client: Client, household: Household, *, everything: bool) -> Iterator[tuple[str, Any, Any, list[str]]]:
    """Address, form, answer and what was written; where an empty form is turned away, so is any other, but of ours."""
    for address in everywhere(household, everything=everything):
        for body in ({}, plausible(address, household)):
            answer, changed = posted(client, address, body)
            yield address, body, answer, changed
            if is_refused(answer) and not ABOUT_US.match(address):
                break


def posted(client: Client, address: str, body: dict[str, Any]) -> tuple[Any, list[str]]:
    """The answer, and the tables of homes into which it wrote; afterwards all is as it was."""
    tables: list[str] = []

    def note(execute: Any, sql: Any, *rest: Any) -> Any:
        if found := WRITES.match(str(sql)):
            tables.append(found[1])
        return execute(sql, *rest)

    cookies = copy(client.cookies)
    with transaction.atomic(), connection.execute_wrapper(note):
        answer = client.post(f"/{address}", body)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer, tables


def is_refused(answer: Any) -> bool:
    return answer.status_code in REFUSED or (answer.status_code == 302 and "/login/" in answer.url)


def by_design(username: str, address: str) -> bool:
    return any(username == who and re.fullmatch(where, address) for who, where in BY_DESIGN)


def said_to(username: str, address: str, answer: Any, *, but: str) -> list[str]:
    """What should not have been said; her own words, in `but`, may be said back."""
    asked_for = next((words for where, words in ASKED_FOR.items() if re.fullmatch(where, address)), ())
    never = PERSONAL if username in AT_HOME else PERSONAL + OF_THE_HOME
    told = all_of(answer)
    return [
        word
        for word in never
        if says(told, word) and not says(but, word) and not (username in AT_HOME and word in asked_for)
    ]


def searched(client: Client, word: str) -> list[str]:
    """One after the other: what a search has to say stands on the page that is opened next."""
    pages = [client.get(f"/{address}", {"q": word}) for address in ("search/", "petitions/", "homes/")]
    return [without(word, answer) for answer in [*pages, client.post("/homes/find/", {"q": word}), client.get("/")]]


def without(word: str, answer: Any) -> str:
    """The answer but for what was asked, hidden or not, and for what no two answers share."""
    told = f"{answer.status_code} {answer.get('Location')} {answer.content.decode()}"
    for hidden in {word, quote(word), quote(quote(word)), mask_phone(word), mask_name(word), mask_id_number(word)} - {
        ""
    }:
        told = told.replace(hidden, "…")
    return ONE_TIME.sub("", told)
