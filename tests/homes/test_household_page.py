"""The one page of a household: what it shows and hides, and what one press of its button does."""

import re
from datetime import UTC, date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from grids import workflow
from grids.models import Care, Change, Hazard, Household, Item, Need, Resident, Visit
from grids.workflow import Edit
from tests.cast import Cast, call
from tests.grids.homes import WANG, home, lives
from tests.grids.sheets import number
from tests.homes.household import VISITED, opened, page, send
from tests.homes.test_moves import NUMBER


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast, colour="yellow")


@pytest.fixture
def wang(cast: Cast, household: Household) -> Resident:
    said: dict[str, Any] = {"id_number": WANG, "phone": "12000000001", "born_on": date(1944, 8, 11), "sex": "female"}
    return lives(cast, household, **said)


def test_who_lives_here_is_shown_and_hidden(worker: Client, household: Household, wang: Resident) -> None:
    Care.objects.create(resident=wang, category=Care.Category.ALONE, health="心脏病", since=date(2026, 1, 1))
    shown = page(worker, household)
    for words in ("王**", "户主 · 女", "120****0001", "110101********2345", "重点关爱 1 项", "黄色户"):
        assert words in shown, words
    for words in (WANG, "王秀英", "12000000001", "心脏病", Care.Category.ALONE.value):
        assert words not in shown, words


def test_a_visit_with_everything_is_one_press(worker: Client, cast: Cast, household: Household, wang: Resident) -> None:
    typed = {
        "finding": "hazard",
        "note": "家里都好",
        "need": "想装扶手",
        "hazard_item": "B01",
        "hazard": "楼道堆着纸箱",
    }
    answer = send(worker, household, opened(wang, workplace="菜市场"), opened(household), back="today", **typed)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == "/today/"
    assert Visit.objects.get().finding == "hazard"
    assert (Need.objects.get().words, Hazard.objects.get().words) == ("想装扶手", "楼道堆着纸箱")
    assert [(change.field, change.new) for change in Change.objects.all()] == [("workplace", "菜市场")]
    shown = page(worker, household)
    for words in ("想装扶手", "楼道堆着纸箱", "上次走访"):
        assert words in shown, words
    past = worker.get(f"/homes/{household.pk}/story/").content.decode()
    for words in (
        "家里都好",
        "王**：改了居民的工作单位",
        "空 → 菜市场",
        "王**：入户（2026-11-16）",
        "上门走访：见到本人或家人，民情：隐患",
    ):
        assert words in past, words


def test_pressed_twice_it_is_done_once(worker: Client, household: Household) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert send(worker, household, key=key).status_code == 302
    assert Visit.objects.count() == 1


def test_what_was_not_touched_is_not_changed_back(
    worker: Client, cast: Cast, household: Household, wang: Resident
) -> None:
    """The page was opened before somebody else changed another field: hers stays, mine is added."""
    typed = opened(wang, skills="木工")
    workflow.edit(household, [Edit(wang, 1, {"workplace": "学校"})], key=uuid4(), by=cast.secretary, at=timezone.now())
    assert send(worker, household, typed, do="edit").status_code == 302
    wang.refresh_from_db()
    assert (wang.workplace, wang.skills) == ("学校", "木工")
    assert not Visit.objects.exists()


def asked(answer: Any) -> dict[str, str]:
    """The clash page's hidden fields."""
    assert answer.status_code == 409
    return dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', answer.content.decode()))


@pytest.mark.parametrize(("choice", "stays"), [("mine", "医院"), ("theirs", "学校")])
def test_the_same_field_asks_and_nothing_typed_is_lost(
    worker: Client, cast: Cast, household: Household, wang: Resident, choice: str, stays: str
) -> None:
    typed = opened(wang, workplace="医院", skills="木工")
    theirs = {"workplace": "学校", "party_branch": "第二支部"}
    workflow.edit(household, [Edit(wang, 1, theirs)], key=uuid4(), by=cast.secretary, at=timezone.now())
    answer = send(worker, household, typed, note="下午在家")
    question = answer.content.decode()
    assert "张秀兰" in question
    assert "学校" in question
    assert "医院" in question
    assert not Visit.objects.exists()
    again = asked(answer) | {f"take-r{wang.pk}-workplace": choice}
    assert worker.post(f"/homes/{household.pk}/", again).status_code == 302
    wang.refresh_from_db()
    assert (wang.workplace, wang.skills, wang.party_branch) == (stays, "木工", "第二支部")
    assert Visit.objects.get().note == "下午在家"


def test_a_third_hand_asks_again(worker: Client, cast: Cast, household: Household, wang: Resident) -> None:
    typed = opened(wang, workplace="医院")

    def meanwhile(words: str, version: int) -> None:
        edit = [Edit(wang, version, {"workplace": words})]
        workflow.edit(household, edit, key=uuid4(), by=cast.secretary, at=timezone.now())

    meanwhile("学校", 1)
    again = asked(send(worker, household, typed)) | {f"take-r{wang.pk}-workplace": "mine"}
    meanwhile("工厂", 2)
    answer = worker.post(f"/homes/{household.pk}/", again)
    assert answer.status_code == 409
    assert "工厂" in answer.content.decode()


def test_a_hidden_field_left_empty_stays_and_is_cleared_by_its_word(
    worker: Client, household: Household, wang: Resident
) -> None:
    assert send(worker, household, opened(wang), do="edit").status_code == 302
    wang.refresh_from_db()
    assert (wang.phone, wang.version) == ("12000000001", 1)
    assert send(worker, household, opened(wang, phone="清空"), do="edit").status_code == 302
    wang.refresh_from_db()
    assert (wang.phone, wang.phone_fingerprint, wang.name) == ("", None, "王秀英")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"id_number": "110101900307123"}, "15 位的旧号码"),
        ({"id_number": "11010119900307123"}, "现在是 17 位"),
        ({"phone": "1380013800"}, "手机号码应为 11 位"),
        ({"born_on": "去年"}, "请写成日期"),
        ({"relation": "emperor"}, "没有这个选项"),
        ({"name": "清空"}, "姓名不能清空"),
        ({"born_on": "2030-01-01", "id_number": ""}, "不能晚于今天"),
        ({"skills": "木" * 61}, "最多 60 个字"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    worker: Client, household: Household, wang: Resident, typed: dict[str, str], sentence: str
) -> None:
    answer = send(worker, household, opened(wang, **typed, workplace="菜市场"), note="家里都好")
    shown = answer.content.decode()
    assert answer.status_code == 422
    for words in (sentence, "家里都好", "菜市场"):
        assert words in shown, words
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"finding": "need"}, "请写明需求或微心愿"),
        ({"finding": "hazard"}, "请写明现场情况"),
        ({"hazard": "漏气"}, "请选择是哪一类隐患"),
        ({"finding": "dispute"}, "请在记录里写明"),
        ({"manner": "drone"}, "没有这个选项"),
        ({"at": "2099-01-01 08:00"}, "这个时间不能晚于现在"),
        ({"note": "好" * 501}, "最多 500 个字"),
    ],
)
def test_a_visit_that_says_too_little_is_asked_again(
    worker: Client, household: Household, typed: dict[str, str], sentence: str
) -> None:
    answer = send(worker, household, **typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize("do", ["visit", "edit"])
def test_the_number_of_somebody_in_another_home_is_refused_beside_its_field(
    worker: Client, cast: Cast, household: Household, do: str
) -> None:
    lives(cast, home(cast, "601"), "王秀英", id_number=NUMBER)
    li = lives(cast, household, "李建国")
    answer = send(worker, household, opened(li, id_number=NUMBER, workplace="菜市场"), do=do)
    assert answer.status_code == 409
    form = next(form for form in answer.context["rows"] if form.row == li)
    assert "已登记在另一户" in form.errors["id_number"][0]
    assert answer.content.decode().count("已登记在另一户") == 1
    assert "菜市场" in answer.content.decode()
    li.refresh_from_db()
    assert (li.id_number, li.workplace) == ("", "")
    assert not Visit.objects.exists()


def test_a_call_where_the_rule_wants_a_visit_is_refused_and_nothing_typed_is_lost(worker: Client, cast: Cast) -> None:
    household = home(cast, "601", colour="orange")
    answer = send(worker, household, manner="phone", note="说一切都好")
    assert answer.status_code == 409
    assert "须上门" in answer.content.decode()
    assert "说一切都好" in answer.content.decode()


def test_a_visit_of_too_long_ago_is_refused_beside_its_time(worker: Client, household: Household) -> None:
    long_ago = timezone.localtime() - timedelta(days=9)
    answer = send(worker, household, at=f"{long_ago:%Y-%m-%d %H:%M}", note="家里都好")
    assert answer.status_code == 409
    assert not answer.context["visit"].non_field_errors()
    assert "已超过 7 天" in str(answer.context["visit"].errors["at"])
    assert "家里都好" in answer.content.decode()


def test_a_neighbour_on_the_telephone_is_asked_about_beside_its_question(worker: Client, household: Household) -> None:
    answer = send(worker, household, manner="phone", met="neighbour", note="听邻居说的")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("电话或自助确认见不到邻居") == 1
    assert "听邻居说的" in page


def test_the_page_after_a_press_opened_by_its_address_leads_back(worker: Client, household: Household) -> None:
    answer = worker.get(f"/homes/{household.pk}/unmask/")
    assert answer.status_code == 405
    assert f'href="/homes/{household.pk}/"' in answer.content.decode()


def test_the_instant_of_a_phone_comes_back_as_people_write_it(worker: Client, household: Household) -> None:
    at = timezone.localtime().replace(hour=14, minute=50, second=0, microsecond=0) - timedelta(days=9)
    answer = send(worker, household, at=at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    assert f'value="{at:%Y-%m-%d} 14:50"' in answer.content.decode()


def test_a_passport_is_changed_and_an_identity_card_is_checked(
    worker: Client, cast: Cast, household: Household
) -> None:
    smith = lives(cast, household, "史密斯", document="passport", id_number="E1234567")
    typed = opened(smith, id_number="E7654321", ethnicity="汉族", consent="T-2026-007")
    assert send(worker, household, typed, do="edit").status_code == 302
    smith.refresh_from_db()
    assert (smith.id_number, smith.ethnicity, smith.consent) == ("E7654321", "汉族", "T-2026-007")
    refused = send(worker, household, opened(smith, document="id_card"), do="edit")
    assert refused.status_code == 422
    assert "现在是 8 位" in refused.content.decode()
    right = opened(smith, document="id_card", id_number=number(742))
    answer = send(worker, household, right, do="edit")
    assert answer.status_code == 302, answer.content.decode()
    smith.refresh_from_db()
    assert (smith.document, smith.id_number) == ("id_card", number(742))


def test_somebody_who_has_left_meanwhile_is_told_of(
    worker: Client, cast: Cast, household: Household, wang: Resident
) -> None:
    lives(cast, household, "李建国")
    typed = opened(wang, workplace="菜市场")
    workflow.move_out(wang, key=uuid4(), by=cast.secretary, at=timezone.now())
    answer = send(worker, household, typed)
    assert answer.status_code == 409
    assert "已不属于这一户" in answer.content.decode()


def test_open_petitions_are_those_of_its_telephones_and_its_address(
    worker: Client, cast: Cast, household: Household, wang: Resident
) -> None:
    call(cast, title="自己打来的", caller_phone="12000000001")
    call(cast, title="邻居说的", caller_phone="12000000077", address=household.dwelling.address)
    call(cast, title="别人的事", caller_phone="12000000078", address="别处")
    call(cast, title="要求保密的", caller_phone="12000000001", confidential=True)
    shown = page(worker, household)
    assert [words in shown for words in ("自己打来的", "邻居说的", "别人的事", "要求保密的")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_petition_about_a_neighbours_door_stands_there(worker: Client, cast: Cast, household: Household) -> None:
    address = household.dwelling.address
    call(cast, title="邻居家的事", caller_phone="12000000077", address=f"{address}7")
    call(cast, title="这一家的事", caller_phone="12000000077", address=f"{address}7的楼下{address}室")
    for shown in (page(worker, household), page(worker, household)):
        assert ("邻居家的事" in shown, "这一家的事" in shown) == (False, True)


def test_a_petition_is_one_tap_away_with_the_address_filled_in(worker: Client, household: Household) -> None:
    href = re.search(r'class="find" href="([^"]+)"', page(worker, household))
    assert href
    form = worker.get(href[1].replace("&amp;", "&"), follow=True).content.decode()
    assert f'value="{household.dwelling.address}"' in form
    assert household.dwelling.place_id in form


def test_a_need_is_settled_on_the_page(worker: Client, cast: Cast, household: Household) -> None:
    send(worker, household, wish="要一个收音机，回电 13812345678")
    need = Need.objects.get()
    assert "13812345678" not in page(worker, household)
    refused = worker.post(f"/homes/{household.pk}/needs/{need.pk}/", {"state": "met", "answer": ""})
    assert refused.status_code == 422
    assert (
        worker.post(f"/homes/{household.pk}/needs/{need.pk}/", {"state": "met", "answer": "送到了"}).status_code == 302
    )
    assert "收音机" not in page(worker, household)
    past = worker.get(f"/homes/{household.pk}/story/").content.decode()
    settled = re.search(r"微心愿已满足：要一个收音机.*?</li>", past, re.DOTALL)
    assert settled
    assert "13812345678" not in past
    for words in ("送到了", "王小燕"):
        assert words in settled[0]


@pytest.mark.parametrize("way", ["move-out", "death"])
def test_what_is_wished_for_ends_with_the_home(worker: Client, household: Household, wang: Resident, way: str) -> None:
    send(worker, household, wish="要一个收音机")
    key = str(uuid4())
    assert (
        worker.post(
            f"/homes/{household.pk}/residents/{wang.pk}/{way}/", {"key": key, "on": f"{timezone.localdate()}"}
        ).status_code
        == 302
    )
    need = Need.objects.get()
    assert (need.state, need.settled_at is None) == ("withdrawn", False)
    assert "收音机" not in worker.get("/today/").content.decode()
    past = worker.get(f"/homes/{household.pk}/story/").content.decode()
    for words in ("微心愿已撤回：要一个收音机", "这一户已注销"):
        assert words in past, words


def test_without_script_opening_the_fields_keeps_what_was_typed(
    worker: Client, household: Household, wang: Resident
) -> None:
    answer = worker.post(f"/homes/{household.pk}/", VISITED | {"do": "open", "note": "话说到一半"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "话说到一半" in shown
    assert f'name="r{wang.pk}-workplace"' in shown


def test_the_page_asks_each_kind_of_row_once(
    worker: Client, cast: Cast, household: Household, wang: Resident, django_assert_max_num_queries: Any
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(14) as queries:
            page(worker, household)
        return len(queries)

    Care.objects.create(resident=wang, category=Care.Category.ALONE, since=date(2026, 1, 1))
    send(worker, household, need="第一件", hazard_item="B01", hazard="堆物")
    page(worker, household)
    before = asked()
    for n in range(3):
        lives(cast, household, f"张三{n}", phone=f"1200000001{n}")
        send(worker, household, opened(wang, skills=f"第{n}样"), need=f"第{n}件", hazard_item="B01", hazard="堆物")
        wang.refresh_from_db()
        call(cast, caller_phone="12000000001")
    assert asked() == before
    assert Item.objects.get(code="B01").hazards.count() == 4


def test_an_ended_household_shows_its_history_and_no_form(
    worker: Client, cast: Cast, household: Household, wang: Resident
) -> None:
    workflow.move_out(wang, key=uuid4(), by=cast.worker, at=timezone.now() - timedelta(minutes=1))
    shown = page(worker, household)
    assert "已注销：迁出" in shown
    assert "记下这次走访" not in shown
    late = send(worker, household, opened(wang, workplace="菜市场"), note="她说要搬走")
    assert late.status_code == 409
    for words in ("这一户已经注销", "她说要搬走", "菜市场"):
        assert words in late.content.decode(), words
