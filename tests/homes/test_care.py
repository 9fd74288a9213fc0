"""Care that is on record is edited among the other rows of its home: hidden, with a history, and asked about twice."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Unit, User
from grids import workflow
from grids.models import Care, Change, Household, Posting, Resident, Visit
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
    worker: Client, cast: Cast, household: Household, care: Care, django_assert_num_queries: Any
) -> None:
    def opened_fields() -> None:
        assert worker.get(f"/homes/{household.pk}/fields/").status_code == 200

    opened_fields()
    with django_assert_num_queries(9) as asked:
        opened_fields()
    for category, helper in ((Care.Category.ALONE, None), (Care.Category.OVER_80, cast.gridsecretary)):
        Care.objects.create(resident=care.resident, category=category, since=date(2026, 1, 1), helper=helper)
    with django_assert_num_queries(len(asked)):
        opened_fields()


class TestWhoHelps:
    """帮扶责任人: one of those who answer for the grid and its community."""

    def choices(self, client: Client, household: Household, care: Care) -> list[tuple[str, str]]:
        fields = client.get(f"/homes/{household.pk}/fields/").content.decode()
        found = re.search(rf'<select name="c{care.pk}-helper".*?</select>', fields, re.DOTALL)
        assert found
        return re.findall(r'<option value="(\d*)"[^>]*>([^<]*)</option>', found[0])

    def test_it_is_one_who_answers_for_the_place(
        self, worker: Client, cast: Cast, household: Household, care: Care
    ) -> None:
        assert self.choices(worker, household, care) == [
            ("", "未指定"),
            (str(cast.gridsecretary.pk), "李德厚（网格党支部书记）"),
            (str(cast.worker.pk), "王小燕（专职网格员）"),
            (str(cast.secretary.pk), "张秀兰（社区书记）"),
        ]

    def test_who_helps_is_shown_and_old_and_new_are_kept(
        self, worker: Client, cast: Cast, household: Household, care: Care
    ) -> None:
        assert f"{care.number} · 帮扶责任人：未指定" in page(worker, household)
        for helper in (cast.worker, cast.secretary, None):
            typed = opened(care, helper=str(helper.pk) if helper else "")
            assert send(worker, household, typed, do="edit").status_code == 302
            care.refresh_from_db()
            assert care.helper == helper
            assert f"{care.number} · 帮扶责任人：{helper.name if helper else '未指定'}" in page(worker, household)
        kept = Change.objects.filter(subject="care", row=care.pk, field="helper").order_by("version")
        mine, hers = str(cast.worker.pk), str(cast.secretary.pk)
        assert [(change.old, change.new) for change in kept] == [("", mine), (mine, hers), (hers, "")]
        story = past(worker, household)
        for words in ("改了重点关爱的帮扶责任人", "空 → 王小燕", "王小燕 → 张秀兰", "张秀兰 → 空"):
            assert words in story, words

    @pytest.mark.parametrize("choice", ["mine", "theirs"])
    def test_two_who_name_somebody_are_asked(
        self, worker: Client, cast: Cast, household: Household, care: Care, choice: str
    ) -> None:
        typed = opened(care, helper=str(cast.worker.pk))
        by_secretary(cast, care, helper=cast.secretary)
        answer = send(worker, household, typed)
        question = answer.content.decode()
        assert answer.status_code == 409
        for words in (f"{care.number}的帮扶责任人", "<b>张秀兰</b>", "<b>王小燕</b>"):
            assert words in question, words
        again = dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', question))
        again |= {f"take-c{care.pk}-helper": choice}
        assert worker.post(f"/homes/{household.pk}/", again).status_code == 302
        care.refresh_from_db()
        assert care.helper == (cast.worker if choice == "mine" else cast.secretary)

    def test_what_a_phone_sends_late_leaves_alone_whom_others_named(
        self, worker: Client, cast: Cast, household: Household, care: Care
    ) -> None:
        care.helper = cast.gridsecretary
        care.save()
        typed = opened(care, need="陪同就医")
        by_secretary(cast, care, helper=cast.secretary)
        Posting.objects.filter(user=cast.gridsecretary).delete()
        assert send(worker, household, typed).status_code == 302
        care.refresh_from_db()
        assert (care.helper, care.need) == (cast.secretary, "陪同就医")

    def test_who_serves_elsewhere_by_now_goes_on_helping_and_is_not_chosen_anew(
        self, worker: Client, cast: Cast, household: Household, care: Care
    ) -> None:
        care.helper = cast.gridsecretary
        care.save()
        other = Care.objects.create(resident=care.resident, category="alone", since=date(2026, 1, 1))
        typed = opened(care, device="跌倒报警器"), opened(other, helper=str(cast.gridsecretary.pk))
        Posting.objects.filter(user=cast.gridsecretary).delete()
        assert (str(cast.gridsecretary.pk), "李德厚（现不在本网格任职）") in self.choices(worker, household, care)
        assert send(worker, household, typed[0]).status_code == 302
        care.refresh_from_db()
        assert (care.helper, care.device) == (cast.gridsecretary, "跌倒报警器")
        refused = send(worker, household, typed[1])
        assert refused.status_code == 422
        assert "此人现在不在这个网格任职，请重新选择。" in refused.content.decode()

    def test_two_of_one_name_are_told_apart_by_their_lines(
        self, worker: Client, cast: Cast, household: Household, care: Care
    ) -> None:
        for n, line in enumerate(("综合执法", "环卫")):
            Posting.objects.create(
                user=User.objects.create(username=f"line{n}", name="葛晓彤"),
                unit=Unit.objects.get(line=line),
                duty="line_assistant",
                place=household.dwelling.place,
                since=date(2026, 1, 1),
            )
        labels = [label for _, label in self.choices(worker, household, care)]
        assert labels[3:5] == ["葛晓彤（综合执法责任网格人员）", "葛晓彤（环卫责任网格人员）"]

    @pytest.mark.parametrize("typed", ["operator", "0", "王小燕"])
    def test_nobody_else_is_taken(
        self, worker: Client, cast: Cast, household: Household, care: Care, typed: str
    ) -> None:
        helper = str(cast.operator.pk) if typed == "operator" else typed
        assert send(worker, household, opened(care, helper=helper)).status_code == 422
        care.refresh_from_db()
        assert care.helper is None

    def test_a_new_care_begins_with_who_helps(
        self, worker: Client, cast: Cast, household: Household, wang: Resident
    ) -> None:
        address = f"/homes/{household.pk}/residents/{wang.pk}/care/"
        assert "王小燕（专职网格员）" in worker.get(address).content.decode()
        typed = {"key": str(uuid4()), "category": "alone", "helper": str(cast.worker.pk)}
        assert worker.post(address, typed).status_code == 302
        assert Care.objects.get().helper == cast.worker
        assert "帮扶责任人：王小燕" in worker.get(address).content.decode()
