"""What has been kept long enough: proposed once a year, blanked when somebody confirms, counted as before."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.test import Client

from accounts.models import Access, Notice
from accounts.notnow import NotNow
from grids import retention, workflow
from grids.models import (
    Care,
    Change,
    CollectedField,
    Dwelling,
    Erasure,
    HazardPhoto,
    HomeEvent,
    Need,
    Resident,
    Tenancy,
    Visit,
)
from grids.workflow import Edit, hazards, premises
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast
from tests.grids.homes import WANG, home, lives
from tests.grids.patrol import shop, solved
from tests.grids.test_hazard_photos import shot
from tests.petitions.test_attachments import kept

TUESDAY = MONDAY_TEN + timedelta(days=1)
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


def test_a_cleared_hazard_keeps_what_and_where_and_loses_its_words_and_photos(
    cast: Cast, store: Path, django_capture_on_commit_callbacks: Any
) -> None:
    one = solved(cast, photos=[shot(True)])
    hazards.recheck(one, cleared=True, words="通道畅通，王秀英在家", key=uuid4(), by=cast.worker, at=TUESDAY)
    retention.propose(THEN)
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.erase(of("hazards"), by=cast.secretary, at=THEN) == 1
    one.refresh_from_db()
    assert (one.words, one.after_words, one.item.code, one.place_id, one.found_at) == (
        "", "", "A02", XIANGYANG_1, MONDAY_TEN
    )  # fmt: skip
    events = list(one.events.all())
    assert {event.note for event in events} == {""}
    assert [event.said for event in events[-2:]] == ["删除照片（保存期满）", "到期删除文字和照片"]
    photo = HazardPhoto.objects.get()
    assert (photo.removed, str(photo.file), kept(store)) == (events[-2], "", [])
    client = Client()
    client.force_login(cast.worker)
    assert "到期删除文字和照片" in client.get(f"/hazards/{one.pk}/").content.decode()
    Erasure.objects.all().delete()
    retention.propose(THEN)
    assert not Erasure.objects.filter(kind="hazards").exists(), "nothing is left to erase"


def test_a_closed_shop_keeps_its_name_and_loses_its_people(cast: Cast) -> None:
    one, open_one = shop(cast, contact="李店长"), shop(cast, "小张修车")
    premises.close(one, note="王建国搬去潍坊", key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    retention.propose(THEN)
    assert retention.erase(of("premises"), by=cast.secretary, at=THEN) == 1
    one.refresh_from_db()
    open_one.refresh_from_db()
    assert (one.name, one.owner, one.contact, one.phone) == ("老王烧烤店", "", "", "")
    assert open_one.owner == "王建国"
    assert [(event.action, event.note) for event in one.events.all()][-2:] == [("closed", ""), ("erased", "")]


def test_the_landlord_goes_when_the_home_is_let_no_longer(cast: Cast) -> None:
    household = home(cast)
    still = home(cast, "502")
    for one, occupancy in ((household, "owner"), (still, "let")):
        Dwelling.objects.filter(pk=one.dwelling_id).update(occupancy=occupancy)
        Tenancy.objects.create(dwelling=one.dwelling, landlord="赵房东", tenants=2)
    Change.objects.create(household=household, subject="dwelling", row=household.dwelling_id, field="occupancy",
                          old="let", new="owner", version=2, by=cast.worker, at=MONDAY_TEN)  # fmt: skip
    assert not retention.propose(MONDAY_TEN + timedelta(days=30)), "let until lately"
    retention.propose(THEN)
    assert retention.erase(of("tenancies"), by=cast.secretary, at=THEN) == 1
    assert dict(Tenancy.objects.values_list("dwelling__occupancy", "landlord")) == {"owner": "", "let": "赵房东"}
    assert HomeEvent.objects.get(action="erased").household == household


def test_a_need_that_is_settled_loses_its_words(cast: Cast) -> None:
    household = home(cast)
    Need.objects.create(household=household, words="想要一副助听器", found_by=cast.worker, found_at=MONDAY_TEN,
                        settled_at=MONDAY_TEN, state="met", answer="王秀英的助听器已送到")  # fmt: skip
    Need.objects.create(household=household, words="楼下的灯", found_by=cast.worker, found_at=MONDAY_TEN)
    retention.propose(THEN)
    assert retention.erase(of("needs"), by=cast.secretary, at=THEN) == 1
    assert set(Need.objects.values_list("state", "words", "answer")) == {("met", "", ""), ("open", "楼下的灯", "")}


def test_care_that_ended_goes_from_somebody_who_still_lives_there(cast: Cast) -> None:
    household = home(cast)
    resident = lives(cast, household)
    ended, lasts = (
        Care(category=category, health="心脏病", need="助餐", since=date(2026, 1, 1))
        for category in (Care.Category.SERIOUS_ILLNESS, Care.Category.ALONE)
    )
    for care in (ended, lasts):
        workflow.add_care(resident, care, key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    workflow.end_care(ended, key=uuid4(), by=cast.worker, at=TUESDAY)
    assert not retention.propose(MONDAY_TEN + timedelta(days=30)), "ended lately"
    retention.propose(THEN)
    assert retention.erase(of("cares"), by=cast.secretary, at=THEN) == 1
    ended.refresh_from_db()
    lasts.refresh_from_db()
    assert (ended.category, ended.health, ended.need, ended.category_fingerprint) == ("", "", "", None)
    assert (ended.since, ended.ended_at) == (date(2026, 1, 1), TUESDAY)
    assert (lasts.category, lasts.health) == (Care.Category.ALONE, "心脏病")
    assert set(Change.objects.filter(row=ended.pk).values_list("old", "new")) == {("", "")}
    assert set(Change.objects.filter(row=lasts.pk).values_list("old", "new")) == {("", "alone")}
    assert HomeEvent.objects.get(action="erased").detail["what"] == "cares"
    Erasure.objects.all().delete()
    retention.propose(THEN)
    assert not Erasure.objects.filter(kind="cares").exists(), "nothing is left to erase"


def test_how_long_stands_in_the_catalogue(cast: Cast, wang: Resident) -> None:
    CollectedField.objects.filter(subject="visit", name="note").update(kept_years=9)
    assert retention.propose(THEN) == 2, "residents and changes"
    assert not Erasure.objects.filter(kind="visits").exists()
    client = Client()
    client.force_login(cast.worker)
    assert "走访后 9 年" in client.get("/homes/fields/").content.decode()
