"""What has been kept long enough: proposed once a year, blanked when somebody confirms, counted as before."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.test import Client

from accounts.models import Access, Notice
from accounts.notnow import NotNow
from grids import retention, workflow
from grids.models import Care, Change, Erasure, HomeEvent, Resident, Visit
from grids.workflow import Edit
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import WANG, home, lives

THEN = MONDAY_TEN.replace(year=2030)


@pytest.fixture
def wang(cast: Cast) -> Resident:
    """She was looked after, and has moved away with what we knew of her."""
    household = home(cast)
    resident = lives(cast, household, id_number=WANG, phone="12000000002", workplace="学校")
    Care.objects.create(resident=resident, category=Care.Category.ALONE, health="心脏病", since=date(2026, 1, 1))
    said = {"workplace": "医院", "emergency_contact": "李建国"}
    workflow.edit(household, [Edit(resident, 1, said)], key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    Visit.objects.create(household=household, by=cast.worker, at=MONDAY_TEN, manner="door", met="somebody",
                         finding="none", note="王秀英身体不好")  # fmt: skip
    workflow.move_out(resident, key=uuid4(), by=cast.worker, at=MONDAY_TEN + timedelta(days=1), note="去济南女儿家")
    return resident


def of(kind: str) -> Erasure:
    return Erasure.objects.get(kind=kind)


def test_a_year_later_nothing_of_her_is_left_but_that_there_was_somebody(cast: Cast, wang: Resident) -> None:
    assert retention.propose(MONDAY_TEN + timedelta(days=200)) == 0
    Erasure.objects.all().delete()
    assert retention.propose(THEN) == 3
    assert retention.propose(THEN + timedelta(days=1)) == 0, "once a year"
    assert Notice.objects.of(cast.secretary).filter(path="/homes/retention/").count() == 1
    people = Resident.objects.count()
    assert retention.erase(of("residents"), by=cast.secretary, at=THEN) == 1
    wang.refresh_from_db()
    assert (wang.name, wang.id_number, wang.phone, wang.workplace, wang.born_on) == ("", "", "", "", None)
    assert (wang.id_fingerprint, wang.leaving, Resident.objects.count()) == (None, "moved", people)
    care = Care.objects.get()
    assert (care.category, care.health, care.category_fingerprint) == ("", "", None)
    assert set(Change.objects.values_list("old", "new")) == {("", "")}
    assert {event.note for event in HomeEvent.objects.all()} == {""}
    told = HomeEvent.objects.get(action="erased")
    assert (told.household_id, told.by, told.detail["what"]) == (wang.household_id, cast.secretary, "residents")
    access = Access.objects.get(kind="erase")
    assert (access.by, access.subject) == (cast.secretary, "erasure:370783001901")
    with pytest.raises(NotNow):
        retention.erase(of("residents"), by=cast.secretary, at=THEN)


def test_visits_keep_their_day_and_lose_their_words(cast: Cast, wang: Resident) -> None:
    retention.propose(THEN)
    retention.erase(of("visits"), by=cast.admin, at=THEN)
    visit = Visit.objects.get()
    assert (visit.note, visit.at, visit.met) == ("", MONDAY_TEN, "somebody")


def test_the_record_is_as_closed_as_before(cast: Cast, wang: Resident) -> None:
    retention.propose(THEN)
    retention.erase(of("visits"), by=cast.secretary, at=THEN)
    for rows in (Visit, Change, HomeEvent):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows.objects.update(at=THEN)


def test_nobody_else_erases(client: Client, cast: Cast, wang: Resident) -> None:
    retention.propose(THEN)
    erasure = of("visits")
    for stranger in ("worker", "street", "gridsecretary", "auditor", "operator"):
        client.force_login(getattr(cast, stranger))
        assert client.get("/homes/retention/").status_code == 404
        assert client.post(f"/homes/retention/{erasure.pk}/").status_code == 404
        with pytest.raises(PermissionDenied):
            retention.erase(erasure, by=getattr(cast, stranger), at=THEN)
    assert Visit.objects.get().note == "王秀英身体不好"


def test_the_secretary_decides_on_a_page(client: Client, cast: Cast, wang: Resident) -> None:
    retention.propose(THEN)
    client.force_login(cast.secretary)
    page = client.get("/homes/retention/").content.decode()
    assert "向阳社区：走访记录的文字" in page
    assert "王秀英" not in page
    address = f"/homes/retention/{of('visits').pk}/"
    assert client.post(address, {"do": "keep", "why": ""}).status_code == 422
    client.post(address, {"do": "keep", "why": "有未了的诉求"})
    client.post(f"/homes/retention/{of('residents').pk}/")
    page = client.get("/homes/retention/").content.decode()
    assert "暂不删除：有未了的诉求" in page
    assert "删除 1 条" in page
    assert client.post(address).status_code == 409
