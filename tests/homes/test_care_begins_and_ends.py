"""What somebody is looked after for: told apart before it ends, asked about once, and told in the history."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Access
from grids.models import Care, Change, Household, Resident
from grids.models.record import APPEND_ONLY
from tests.cast import Cast
from tests.grids.homes import home, lives


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast)


@pytest.fixture
def wang(cast: Cast, household: Household) -> Resident:
    return lives(cast, household, born_on=date(1990, 3, 7))


def of(wang: Resident) -> str:
    return f"/homes/{wang.household_id}/residents/{wang.pk}/care/"


def registers(client: Client, wang: Resident, **said: Any) -> Any:
    return client.post(of(wang), {"key": str(uuid4()), **said})


def past(client: Client, household: Household) -> str:
    return client.get(f"/homes/{household.pk}/story/").content.decode()


def test_each_is_told_by_what_is_not_hidden(worker: Client, cast: Cast, wang: Resident) -> None:
    said: dict[str, Any] = {"resident": wang, "since": date(2025, 10, 15)}
    alone = Care.objects.create(category="alone", helper=cast.worker, device="跌倒报警器", **said)
    ill = Care.objects.create(category="serious_illness", degree="近期突发", assessed_on=date(2026, 3, 1), **said)
    items = re.findall(r"<li>.*?</li>", worker.get(of(wang)).content.decode(), re.DOTALL)
    first, second = (next(one for one in items if care.number in one) for care in (alone, ill))
    for words in ("帮扶责任人：王小燕", "物联设备：跌倒报警器", "没有登记等级"):
        assert words in first, words
    for words in ("帮扶责任人：未指定", "等级已隐去", "2026-03-01 评估"):
        assert words in second, words
    assert not re.search("独居|重病|近期突发", first + second)


def test_its_category_is_one_look_away_and_the_look_is_on_record(worker: Client, wang: Resident) -> None:
    care = Care.objects.create(resident=wang, category="alone", since=date(2025, 10, 15))
    field = f"care-{care.pk}-category"
    form = worker.get(of(wang)).content.decode()
    assert f'action="/homes/{wang.household_id}/unmask/"' in form
    assert f'value="{field}"' in form
    looked = worker.post(f"/homes/{wang.household_id}/unmask/", {"field": field, "reason": "核对后结束"})
    assert f"重点关爱 {care.number}（类别）：<b>独居</b>" in looked.content.decode()
    assert Access.objects.get(kind="unmask").reason == "核对后结束"


def test_the_end_is_asked_about_by_its_number(worker: Client, wang: Resident) -> None:
    care = Care.objects.create(resident=wang, category="alone", since=date(2025, 10, 15))
    asked = re.search(r'<details class="fold confirm">.*?</details>', worker.get(of(wang)).content.decode(), re.DOTALL)
    assert asked
    for words in (f"结束 {care.number}？", f'action="/homes/{wang.household_id}/care/{care.pk}/end/"', "确定结束"):
        assert words in asked[0], words
    ended = worker.post(f"/homes/{wang.household_id}/care/{care.pk}/end/", follow=True).content.decode()
    assert f"重点关爱 {care.number} 已结束。" in ended
    assert "confirm" not in worker.get(of(wang)).content.decode()


def test_other_small_forms_do_not_list_it(worker: Client, wang: Resident) -> None:
    Care.objects.create(resident=wang, category="alone", since=date(2025, 10, 15))
    assert "已登记 1 项" in worker.get(of(wang)).content.decode()
    assert "已登记 1 项" not in worker.get(of(wang).replace("/care/", "/death/")).content.decode()


def test_the_history_says_that_it_began_and_ended(worker: Client, household: Household, wang: Resident) -> None:
    registers(worker, wang, category="alone")
    care = Care.objects.get()
    assert f"王**：登记了重点关爱 {care.number}" in past(worker, household)
    worker.post(f"/homes/{household.pk}/care/{care.pk}/end/")
    both = past(worker, household)
    assert both.count(f"登记了重点关爱 {care.number}") == both.count(f"结束了重点关爱 {care.number}") == 1
    assert "类别" not in both


def test_so_it_does_when_its_words_are_long_gone(worker: Client, household: Household, wang: Resident) -> None:
    registers(worker, wang, category="alone")
    worker.post(f"/homes/{household.pk}/care/{Care.objects.get().pk}/end/")
    changes: Any = Change
    with connection.cursor() as cursor:  # as `retention` blanks them
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{APPEND_ONLY.get_pgid(changes)}}}"])
        cursor.execute("UPDATE grids_change SET old = '', new = ''")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
    both = past(worker, household)
    assert both.count("登记了重点关爱") == both.count("结束了重点关爱") == 1


class TestFromEighty:
    def test_who_is_known_to_be_younger_is_not(self, worker: Client, wang: Resident) -> None:
        refused = registers(worker, wang, category="over_80", need="陪同就医")
        assert refused.status_code == 422
        age = wang.age(timezone.localdate())
        assert f"此人 {age} 岁，不是“80 岁以上”" in str(refused.context["form"].errors["category"])
        assert "陪同就医" in refused.content.decode()
        assert not Care.objects.exists()

    def test_on_the_birthday_and_where_no_birthday_is_known_it_is_taken(
        self, worker: Client, cast: Cast, household: Household
    ) -> None:
        today = timezone.localdate()
        people = [
            lives(cast, household, "甲", born_on=today.replace(year=today.year - 80, day=min(today.day, 28))),
            lives(cast, household, "乙"),
        ]
        assert [registers(worker, one, category="over_80").status_code for one in people] == [302, 302]

    def test_other_care_has_no_age(self, worker: Client, wang: Resident) -> None:
        assert registers(worker, wang, category="alone").status_code == 302
