"""The number under which a home is called follows her whose it is."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from grids import workflow
from grids.models import Change, Household, Resident
from grids.workflow import Edit
from tests.cast import Cast
from tests.grids.homes import home, lives
from tests.homes.household import opened, send

OLD, NEW, OTHER = "12000000001", "12000000002", "12000000003"


@pytest.fixture
def household(cast: Cast) -> Household:
    household = home(cast)
    _say(cast, household, phone=OLD)
    return household


@pytest.fixture
def wang(cast: Cast, household: Household) -> Resident:
    return lives(cast, household, phone=OLD)


def _say(cast: Cast, row: Any, **values: Any) -> None:
    row.refresh_from_db()
    edit = Edit(row, row.version, values)
    workflow.edit(getattr(row, "household", row), [edit], key=uuid4(), by=cast.secretary, at=timezone.now())
    row.refresh_from_db()


def changes(household: Household) -> list[tuple[str, str, str]]:
    found = Change.objects.filter(household=household, field="phone").order_by("id")[1:]  # the first is the fixture's
    return [(change.subject, change.old, change.new) for change in found]


def edits(client: Client, household: Household, *rows: dict[str, str]) -> Household:
    assert send(client, household, *rows, do="edit").status_code == 302
    household.refresh_from_db()
    return household


def test_it_goes_along_in_the_same_change(worker: Client, household: Household, wang: Resident) -> None:
    version = household.version
    assert edits(worker, household, opened(wang, phone=NEW)).phone == NEW
    assert household.version == version + 1
    assert changes(household) == [("resident", OLD, NEW), ("household", OLD, NEW)]
    assert Household.objects.with_phone(NEW).get() == household


def test_a_number_of_its_own_stays(worker: Client, cast: Cast, household: Household) -> None:
    li = lives(cast, household, "李建国", phone=OTHER)
    assert edits(worker, household, opened(li, phone=NEW)).phone == OLD


def test_a_number_that_somebody_else_here_has_too_stays(
    worker: Client, cast: Cast, household: Household, wang: Resident
) -> None:
    child = lives(cast, household, "李小宝", relation="child", phone=OLD)
    assert edits(worker, household, opened(child, phone=NEW)).phone == OLD
    _say(cast, household, contact=wang)
    wang.refresh_from_db()
    assert edits(worker, household, opened(wang, phone=OTHER)).phone == OTHER, "she is who is called"


def test_what_is_said_of_the_home_itself_goes_first(worker: Client, household: Household, wang: Resident) -> None:
    assert edits(worker, household, opened(household, phone=OTHER), opened(wang, phone=NEW)).phone == OTHER


def test_a_number_that_is_taken_away_stays_with_the_home(worker: Client, household: Household, wang: Resident) -> None:
    assert edits(worker, household, opened(wang, phone="清空")).phone == OLD


def test_who_has_the_older_page_open_is_asked(worker: Client, cast: Cast, household: Household, wang: Resident) -> None:
    typed = opened(household, phone=OTHER)
    _say(cast, wang, phone=NEW)
    answer = send(worker, household, typed, do="edit")
    assert answer.status_code == 409
    assert "联系电话" in answer.content.decode()
    household.refresh_from_db()
    assert household.phone == NEW
