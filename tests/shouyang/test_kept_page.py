"""A page is kept as long as nothing that it says has changed, for nobody but her for whom it was drawn."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts import sealing
from accounts.models import Notice, Unit, User
from grids import workflow
from grids.models import (
    Building,
    Care,
    Compound,
    Hazard,
    Household,
    Item,
    Need,
    Place,
    Posting,
    Premises,
    Resident,
    Tenancy,
    VisitClock,
    VisitRule,
)
from petitions.models import Petition
from tests.cast import XIANGYANG_1, Cast, call
from tests.grids.homes import door, home, lives
from tests.grids.patrol import shop

TODAY = "/today/"
OWN = re.compile(r'(name="csrfmiddlewaretoken" value=|name="key" value=|"X-CSRFToken": )"[^"]+"')


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast, colour="yellow")


@pytest.fixture
def wang(cast: Cast, household: Household) -> Resident:
    return lives(cast, household, phone="12000000001", sex="female")


@pytest.fixture
def worker(cast: Cast, client: Client, household: Household) -> Client:
    VisitClock.objects.update(due_on=timezone.localdate())
    client.force_login(cast.worker)
    key = client.session.session_key
    UserSession.objects.create(user=cast.worker, session_key=key, ip="127.0.0.1", user_agent="test", data={})
    return client


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    """The keys of the tests in a file of our own, to be lost."""
    path = tmp_path / "sealing.key"
    path.write_bytes(settings.SEALING_KEY_FILE.read_bytes())
    settings.SEALING_KEY_FILE = path
    return path


def page_of(household: Household) -> str:
    return f"/homes/{household.pk}/"


def said(client: Client, address: str) -> str:
    """The page without what every copy has of its own."""
    answer = client.get(address)
    assert answer.status_code == 200
    return OWN.sub("", answer.content.decode())


@pytest.mark.parametrize("query", ["", "?edit=1&back=today"])
def test_a_home_opened_again_asks_who_she_is_and_whether_anything_changed(
    worker: Client, household: Household, wang: Resident, query: str, django_assert_num_queries: Any
) -> None:
    first = said(worker, page_of(household) + query)
    with django_assert_num_queries(2):
        assert said(worker, page_of(household) + query) == first


def test_a_day_opened_again_asks_who_she_is_and_whether_anything_changed(
    worker: Client, wang: Resident, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    said(worker, TODAY)
    Household.objects.update(colour="orange")
    with django_assert_max_num_queries(6):
        first = said(worker, TODAY)
    with django_assert_num_queries(2):
        assert said(worker, TODAY) == first


def test_every_copy_has_a_token_and_names_of_its_own(worker: Client, cast: Cast, household: Household) -> None:
    for words in ("想装扶手", "想要一台轮椅"):
        Need.objects.create(
            household=household, words=words, found_by=cast.worker, found_at=timezone.now(), kind="need"
        )
    pages = [worker.get(page_of(household)).content.decode() for _ in range(2)]
    keys = [re.findall(r'name="key" value="([^"]+)"', page) for page in pages]
    assert len({*keys[0], *keys[1]}) == 6
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)) for page in pages]
    assert [len(found) for found in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    typed = {"manner": "door", "met": "somebody", "finding": "none", "do": "visit", "key": keys[1][-1]}
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = worker.cookies
    assert strict.post(page_of(household), typed).status_code == 403
    assert strict.post(page_of(household), typed | {"csrfmiddlewaretoken": tokens[1].pop()}).status_code == 302


@pytest.mark.parametrize("address", ["home", TODAY])
def test_a_phone_that_has_the_page_hears_that_it_is_the_same(
    worker: Client, cast: Cast, household: Household, address: str
) -> None:
    address = page_of(household) if address == "home" else address
    tag = worker.get(address)["ETag"]
    again = worker.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" in again["Cache-Control"]
    assert worker.get(f"{address}?edit=1", headers={"If-None-Match": tag}).status_code == 200
    Household.objects.update(colour="red")
    assert worker.get(address, headers={"If-None-Match": tag}).status_code == 200
    other = Client()
    other.force_login(cast.secretary)
    assert other.get(address, headers={"If-None-Match": tag}).status_code == 200


Change = Callable[[Cast, Household, Resident], Any]


def _need(cast: Cast, household: Household, wang: Resident) -> None:
    Need.objects.create(
        household=household, words="想装扶手", found_by=cast.worker, found_at=timezone.now(), kind="need"
    )


def _hazard(cast: Cast, household: Household, wang: Resident) -> None:
    where: dict[str, Any] = {"place_id": XIANGYANG_1, "household": household, "address": "3号楼"}
    item = Item.objects.get(code="B01")
    Hazard.objects.create(item=item, words="堆着纸箱", found_by=cast.worker, found_at=timezone.now(), **where)


def _first_change(cast: Cast, household: Household, wang: Resident) -> None:
    """A page with one of each, so that what is changed stands on it."""
    _need(cast, household, wang)
    _hazard(cast, household, wang)
    Care.objects.create(resident=wang, category="alone", since=date(2026, 1, 1), helper=cast.gridsecretary)
    _posted(cast, user=cast.member, unit=Unit.objects.get(line="环卫"), place_id=XIANGYANG_1, duty="line_assistant")
    Tenancy.objects.create(dwelling=household.dwelling, landlord="赵六")
    call(cast, title="楼道灯不亮", caller_phone="12000000001")
    call(cast, title="下水道堵了", address=household.dwelling.address)


def _renamed(user: User, name: str) -> None:
    User.objects.filter(pk=user.pk).update(name=name)


def _posted(cast: Cast, **said: Any) -> None:
    Posting.objects.create(**({"user": cast.member, "unit": cast.bureau, "since": date(2026, 1, 1)} | said))


OF_A_HOME: dict[str, Change] = {
    "name": lambda cast, home, wang: Resident.objects.filter(pk=wang.pk).update(sex="male"),
    "phone": lambda cast, home, wang: Resident.objects.filter(pk=wang.pk).update(phone=sealing.seal("12000000099")),
    "one more": lambda cast, home, wang: lives(cast, home, "李四", relation="child"),
    "gone": lambda cast, home, wang: workflow.move_out(wang, key=uuid4(), by=cast.worker, at=timezone.now()),
    "colour": lambda cast, home, wang: Household.objects.update(colour="red"),
    "note": lambda cast, home, wang: Household.objects.update(note=sealing.seal("门铃坏了")),
    "occupancy": lambda cast, home, wang: type(home.dwelling).objects.update(occupancy="let"),
    "letting": lambda cast, home, wang: Tenancy.objects.all().delete(),
    "place": lambda cast, home, wang: Place.objects.filter(code=XIANGYANG_1).update(name="向阳第一网格"),
    "care": lambda cast, home, wang: Care.objects.update(ended_at=timezone.now()),
    "helper": lambda cast, home, wang: Care.objects.update(helper=cast.secretary),
    "helper's name": lambda cast, home, wang: _renamed(cast.gridsecretary, "李德"),
    "who could help": lambda cast, home, wang: _posted(cast, place_id=XIANGYANG_1, duty="assistant"),
    "in the community": lambda cast, home, wang: _posted(cast, place_id=XIANGYANG_1[:12], duty="community_secretary"),
    "of which line": lambda cast, home, wang: Unit.objects.filter(line="环卫").update(line="河道"),
    "no longer": lambda cast, home, wang: Posting.objects.filter(user=cast.secretary).update(until=date(2026, 1, 1)),
    "gone from service": lambda cast, home, wang: User.objects.filter(pk=cast.secretary.pk).update(is_active=False),
    "clock": lambda cast, home, wang: VisitClock.objects.update(due_on=timezone.localdate() + timedelta(days=2)),
    "crisis": lambda cast, home, wang: VisitClock.objects.update(crisis_at=timezone.now()),
    "days of a crisis": lambda cast, home, wang: VisitRule.objects.update(crisis_days=2),
    "rule": lambda cast, home, wang: VisitRule.objects.update(phone_percent=0),
    "hazard": lambda cast, home, wang: Hazard.objects.update(recheck_on=timezone.localdate()),
    "item": lambda cast, home, wang: Item.objects.filter(code="B01").update(name="楼道堆物"),
    "need": lambda cast, home, wang: Need.objects.update(state="met"),
    "finder": lambda cast, home, wang: _renamed(cast.worker, "张秀芝"),
    "petition": lambda cast, home, wang: call(cast, title="电梯坏了", caller_phone="12000000001"),
    "title": lambda cast, home, wang: Petition.objects.update(title="下水道又堵了"),
}


@pytest.mark.parametrize("what", OF_A_HOME)
def test_whatever_a_home_shows_draws_it_anew_when_it_changes(
    worker: Client, cast: Cast, household: Household, wang: Resident, what: str
) -> None:
    _first_change(cast, household, wang)
    before = said(worker, page_of(household) + "?edit=1")
    OF_A_HOME[what](cast, household, wang)
    assert said(worker, page_of(household) + "?edit=1") != before


OF_A_DAY: dict[str, Change] = {
    "crisis": lambda cast, home, wang: VisitClock.objects.update(crisis_at=timezone.now()),
    "crisis of a later day": lambda cast, home, wang: VisitClock.objects.update(
        crisis_at=timezone.now(), due_on=timezone.localdate() + timedelta(days=9)
    ),
    "shop": lambda cast, home, wang: (shop(cast), Premises.objects.update(patrol_due_on=timezone.localdate())),
    "one more": lambda cast, home, wang: lives(cast, home, "李四", relation="child"),
    "visited": lambda cast, home, wang: VisitClock.objects.update(due_on=timezone.localdate() + timedelta(days=30)),
    "late": lambda cast, home, wang: VisitClock.objects.update(due_on=timezone.localdate() - timedelta(days=1)),
    "colour": lambda cast, home, wang: Household.objects.update(colour="red"),
    "building": lambda cast, home, wang: Building.objects.update(name="3号楼东"),
    "compound": lambda cast, home, wang: Compound.objects.update(name="锦绣花园"),
    "another door": lambda cast, wang, home: _due(cast),
    "hazard": lambda cast, home, wang: Hazard.objects.update(recheck_on=timezone.localdate()),
    "cleared": lambda cast, home, wang: Hazard.objects.update(state="cleared"),
    "item": lambda cast, home, wang: Item.objects.filter(code="B01").update(name="楼道堆物"),
    "need": lambda cast, home, wang: Need.objects.update(kind="wish"),
    "met": lambda cast, home, wang: Need.objects.update(state="met"),
    "address": lambda cast, home, wang: type(home.dwelling).objects.update(address="锦绣花园3号楼"),
    "petition": lambda cast, home, wang: call(cast, title="电梯坏了"),
    "title": lambda cast, home, wang: Petition.objects.update(title="下水道又堵了"),
}


def _due(cast: Cast) -> None:
    other = home(cast, "602")
    VisitClock.objects.filter(household=other).update(due_on=timezone.localdate())


@pytest.mark.parametrize("what", OF_A_DAY)
def test_whatever_a_day_shows_draws_it_anew_when_it_changes(
    worker: Client, cast: Cast, household: Household, wang: Resident, what: str
) -> None:
    _first_change(cast, household, wang)
    before = said(worker, TODAY)
    OF_A_DAY[what](cast, household, wang)
    assert said(worker, TODAY) != before


@pytest.mark.parametrize("address", ["home", TODAY])
class TestWhose:
    def at(self, address: str, household: Household) -> str:
        return page_of(household) if address == "home" else address

    def test_a_notice_is_counted_on_the_kept_page_too(
        self, worker: Client, cast: Cast, household: Household, address: str
    ) -> None:
        before = said(worker, self.at(address, household))
        Notice.objects.create(person=cast.worker, title="有新的通知", created_at=timezone.now())
        assert said(worker, self.at(address, household)) != before

    def test_what_is_told_once_is_not_kept(self, worker: Client, household: Household, address: str) -> None:
        before = said(worker, self.at(address, household))
        typed = {"manner": "door", "met": "somebody", "finding": "none", "do": "visit", "key": str(uuid4())}
        assert worker.post(page_of(household), typed).status_code == 302
        assert "走访已记下" in said(worker, self.at(address, household))
        after = said(worker, self.at(address, household))
        assert "走访已记下" not in after
        assert after != before

    def test_a_lost_posting_closes_it(self, worker: Client, cast: Cast, household: Household, address: str) -> None:
        said(worker, self.at(address, household))
        Posting.objects.filter(user=cast.worker).delete()
        assert worker.get(self.at(address, household)).status_code == 404

    def test_while_search_keys_change_nothing_is_kept(
        self, worker: Client, household: Household, address: str, keys: Path
    ) -> None:
        said(worker, self.at(address, household))
        sealing.rotate()
        answer = worker.get(self.at(address, household))
        assert answer.status_code == 200
        assert answer.context is not None  # drawn, though nothing has changed

    def test_a_lost_key_file_is_said(
        self, worker: Client, cast: Cast, household: Household, address: str, keys: Path
    ) -> None:
        Need.objects.create(
            household=household, words="想装扶手", found_by=cast.worker, found_at=timezone.now(), kind="need"
        )
        assert "想装扶手" in said(worker, self.at(address, household))
        keys.unlink()
        lost = said(worker, self.at(address, household))
        assert sealing.UNREADABLE in lost
        assert "想装扶手" not in lost


def test_a_visit_without_the_key_is_not_saved_and_keeps_what_was_typed(
    worker: Client, household: Household, wang: Resident, keys: Path
) -> None:
    said(worker, page_of(household))
    backup = keys.read_bytes()
    keys.unlink()
    typed = {"manner": "door", "met": "somebody", "finding": "none", "note": "想装扶手", "do": "visit"}
    answer = worker.post(page_of(household), typed | {"key": str(uuid4())})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "恢复密钥备份" in page
    assert "想装扶手" in page
    assert not keys.exists()
    keys.write_bytes(backup)
    assert household.visits.count() == 0
    assert Resident.objects.get(pk=wang.pk).phone == "12000000001"


def test_a_colleague_sees_a_page_of_her_own(worker: Client, cast: Cast, household: Household) -> None:
    mine = said(worker, page_of(household))
    other = Client()
    other.force_login(cast.secretary)
    theirs = said(other, page_of(household))
    assert cast.secretary.name in theirs
    assert mine != theirs
    stranger = Client()
    stranger.force_login(cast.operator)
    assert stranger.get(page_of(household)).status_code == 404


def test_a_home_that_moved_to_another_grid_is_nobodys_of_the_old_one(
    worker: Client, cast: Cast, household: Household
) -> None:
    said(worker, page_of(household))
    household.dwelling.__class__.objects.filter(pk=household.dwelling_id).update(place_id="370783001901002")
    assert worker.get(page_of(household)).status_code == 404
    assert door("777").place_id == XIANGYANG_1
