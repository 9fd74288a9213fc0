"""Care that is on record is edited among the other rows of its home: hidden, with a history, and asked about twice."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from grids import workflow
from grids.models import Care, Change, Household, Resident, Visit
from grids.workflow import Edit
from tests.cast import Cast
from tests.grids.homes import home, lives
from tests.homes.household import opened, page, send


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast, colour="yellow")


@pytest.fixture
def wang(cast: Cast, household: Household) -> Resident:
    return lives(cast, household)


@pytest.fixture
def care(wang: Resident) -> Care:
    said: dict[str, Any] = {"degree": "二级", "guardian": "李建国", "since": date(2026, 1, 1)}
    return Care.objects.create(resident=wang, category=Care.Category.DISABILITY, **said)


def past(client: Client, household: Household) -> str:
    return client.get(f"/homes/{household.pk}/story/").content.decode()


def by_secretary(cast: Cast, care: Care, **values: Any) -> None:
    edit = Edit(care, care.version, values)
    workflow.edit(care.resident.household, [edit], key=uuid4(), by=cast.secretary, at=timezone.now())


def test_a_care_is_a_row_of_the_home_and_shows_nothing_of_itself(
    worker: Client, household: Household, care: Care
) -> None:
    fields = worker.get(f"/homes/{household.pk}/fields/").content.decode()
    assert f"王**的重点关爱 {care.number}，2026-01-01 起" in fields
    assert f'name="c{care.pk}-degree"' in fields
    assert f'name="c{care.pk}-category"' not in fields
    assert fields.count('placeholder="***"') == 2, "that there is something, in the degree and the guardian"
    for words in ("二级", "李建国", "disability", "残疾"):
        assert words not in fields, words
    assert care.number in worker.get(f"/homes/{household.pk}/residents/{care.resident_id}/care/").content.decode()
    assert f"重点关爱 {care.number}（等级）" in page(worker, household)


def test_it_is_edited_with_the_visit_and_old_and_new_are_kept_hidden(
    worker: Client, cast: Cast, household: Household, care: Care
) -> None:
    typed = opened(care, degree="一级", guardian="清空", device="跌倒报警器", assessed_on="2026-11-10")
    assert send(worker, household, typed).status_code == 302
    care.refresh_from_db()
    assert (care.degree, care.guardian, care.device, care.assessed_on) == ("一级", "", "跌倒报警器", date(2026, 11, 10))
    assert (care.category, care.version, Visit.objects.count()) == (Care.Category.DISABILITY, 2, 1)
    kept = {change.field: (change.old, change.new) for change in Change.objects.filter(subject="care", row=care.pk)}
    assert kept == {
        "degree": ("二级", "一级"),
        "guardian": ("李建国", ""),
        "device": ("", "跌倒报警器"),
        "assessed_on": ("", "2026-11-10"),
    }
    story = past(worker, household)
    for words in ("改了重点关爱的等级", "（已隐去） → （已隐去）", "（已隐去） → 空", "空 → 跌倒报警器"):
        assert words in story, words
    assert not re.search("一级|二级|李建国", story)


def test_left_empty_it_stays_as_it_is(worker: Client, household: Household, care: Care) -> None:
    assert send(worker, household, opened(care), do="edit").status_code == 302
    care.refresh_from_db()
    assert (care.degree, care.guardian, care.version) == ("二级", "李建国", 1)
    assert not Change.objects.exists()


@pytest.mark.parametrize(("choice", "stays"), [("mine", "一级"), ("theirs", "三级")])
def test_two_who_change_the_same_are_asked_and_other_fields_merge(
    worker: Client, cast: Cast, household: Household, care: Care, choice: str, stays: str
) -> None:
    typed = opened(care, degree="一级", need="陪同就医")
    by_secretary(cast, care, degree="三级", device="定位手环")
    answer = send(worker, household, typed)
    question = answer.content.decode()
    assert answer.status_code == 409
    assert f"王**的重点关爱 {care.number}的等级" in question
    assert "三级" not in question, "sealed words are not shown to choose between"
    again = dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', question))
    again |= {f"take-c{care.pk}-degree": choice}
    assert worker.post(f"/homes/{household.pk}/", again).status_code == 302
    care.refresh_from_db()
    assert (care.degree, care.need, care.device) == (stays, "陪同就医", "定位手环")


def test_what_has_ended_meanwhile_is_told_and_what_was_typed_stays(
    worker: Client, cast: Cast, household: Household, care: Care
) -> None:
    typed = opened(care, device="跌倒报警器")
    workflow.end_care(care, key=uuid4(), by=cast.secretary, at=timezone.now())
    answer = send(worker, household, typed)
    assert answer.status_code == 409
    for words in ("已不属于这一户", "跌倒报警器"):
        assert words in answer.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"assessed_on": "2999-01-01"}, "不能晚于今天"),
        ({"assessed_on": "去年"}, "请写成日期"),
        ({"guardian": "李" * 61}, "最多 60 个字"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    worker: Client, household: Household, care: Care, typed: dict[str, str], sentence: str
) -> None:
    answer = send(worker, household, opened(care, **typed, device="跌倒报警器"))
    assert answer.status_code == 422
    for words in (sentence, "跌倒报警器"):
        assert words in answer.content.decode()


def test_the_care_of_another_home_is_not_changed(worker: Client, cast: Cast, household: Household, care: Care) -> None:
    other = home(cast, "601")
    assert send(worker, other, opened(care, degree="一级"), do="edit").status_code == 302
    care.refresh_from_db()
    assert care.degree == "二级"


def test_who_does_not_keep_the_home_changes_nothing(
    client: Client, cast: Cast, household: Household, care: Care
) -> None:
    for name, status in {"gridsecretary": 403, "street": 403, "operator": 404}.items():
        client.force_login(getattr(cast, name))
        assert client.get(f"/homes/{household.pk}/fields/").status_code == status, name
        assert send(client, household, opened(care, degree="一级"), do="edit").status_code in (403, 404), name
    care.refresh_from_db()
    assert care.degree == "二级"


def test_the_fields_of_more_care_ask_no_more_questions(
    worker: Client, household: Household, care: Care, django_assert_num_queries: Any
) -> None:
    def opened_fields() -> None:
        assert worker.get(f"/homes/{household.pk}/fields/").status_code == 200

    opened_fields()
    with django_assert_num_queries(8) as asked:
        opened_fields()
    for category in (Care.Category.ALONE, Care.Category.OVER_80):
        Care.objects.create(resident=care.resident, category=category, since=date(2026, 1, 1))
    with django_assert_num_queries(len(asked)):
        opened_fields()
