"""Who moves in and out, is born, dies, is on record twice: small forms, each with its verb and its refusals."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from stdnum.cn import ric

from grids.models import Care, Dwelling, Household, Resident
from tests.cast import XIANGYANG_1, Cast
from tests.grids.homes import door, home, lives

BODY = "99999919900307123"
NUMBER = BODY + ric.calc_check_digit(BODY + "0")
LI = {"name": "李建国", "relation": "head", "document": "id_card", "since": "2026-11-16", "id_number": NUMBER.lower()}


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast)


def do(client: Client, household: Household, way: str, **said: Any) -> Any:
    form = client.get(f"/homes/{household.pk}/{way}/")
    assert form.status_code == 200
    key = form.context["form"]["key"].value()
    return client.post(f"/homes/{household.pk}/{way}/", {"key": str(key), **said})


def test_a_household_comes_to_be_with_its_door(worker: Client, cast: Cast) -> None:
    key = str(worker.get("/homes/new/").context["form"]["key"].value())
    door = {"grid": XIANGYANG_1, "compound": "锦绣华庭", "building": "3号楼", "unit": "2单元", "room": "501"}
    said = {"key": key, "kind": "permanent", "colour": "red", "since": "2026-11-16", "phone": "12000000001", **door}
    said |= {"fresh": "on"}
    answer = worker.post("/homes/new/", said)
    household = Household.objects.get()
    assert answer["Location"] == f"/homes/{household.pk}/move-in/"
    assert (household.colour, household.dwelling.address, household.phone) == (
        "red",
        "锦绣华庭3号楼2单元501",
        "12000000001",
    )
    assert worker.post("/homes/new/", said).status_code in (302, 422)
    assert Household.objects.count() == 1
    again = said | {"key": str(worker.get("/homes/new/").context["form"]["key"].value())}
    refused = worker.post("/homes/new/", again)
    assert refused.status_code == 422
    assert "已登记了一户" in refused.content.decode()
    assert worker.post("/homes/new/", again | {"apart": "on"}).status_code == 302
    assert (Household.objects.count(), Dwelling.objects.count()) == (2, 1)


def founding(client: Client, **said: str) -> Any:
    key = str(client.get("/homes/new/").context["form"]["key"].value())
    door = {"grid": XIANGYANG_1, "compound": "锦绣华庭", "building": "3号楼", "unit": "2单元", "room": "501"}
    rest = {"key": key, "kind": "permanent", "colour": "green", "since": "2026-11-16"}
    return client.post("/homes/new/", rest | door | said)


@pytest.mark.parametrize(
    "typed",
    [
        {"unit": "2 单元"},
        {"unit": "2"},
        {"room": "５０１"},
        {"room": "501室"},
        {"building": "3 号楼"},
        {"building": "3#楼"},
        {"compound": " 锦绣 华庭"},
    ],
)
def test_a_door_on_record_is_found_however_it_is_typed(
    worker: Client, household: Household, typed: dict[str, str]
) -> None:
    answer = founding(worker, **typed)
    assert answer.status_code == 422
    assert "已登记了一户" in answer.content.decode()
    assert Dwelling.objects.get() == household.dwelling


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"compound": "锦绣花庭"}, "compound", "这个社区没有登记过“锦绣花庭”，相近的有：锦绣华庭"),
        ({"building": "5号楼"}, "building", "锦绣华庭没有登记过“5号楼”，相近的有：3号楼"),
    ],
)
def test_a_new_compound_or_building_is_asked_about_once(
    worker: Client, household: Household, typed: dict[str, str], field: str, sentence: str
) -> None:
    assert "没有登记过，确认新建" not in worker.get("/homes/new/").content.decode()
    answer = founding(worker, **typed)
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert 'name="fresh"' in answer.content.decode()
    assert founding(worker, **typed, fresh="on").status_code == 302
    assert founding(worker, **typed, room="502").status_code == 302, "it is known now"


def test_a_door_of_another_grid_is_said_beside_the_room_and_nothing_typed_is_lost(worker: Client, cast: Cast) -> None:
    door("501", place="370783001901002")
    answer = founding(worker, phone="12000000001")
    assert answer.status_code == 422
    assert "这个房屋在向阳第2网格，请由那里登记" in str(answer.context["form"].errors["room"])
    assert "12000000001" in answer.content.decode()


def test_a_grid_of_others_is_not_offered(worker: Client, cast: Cast) -> None:
    said = {"grid": "370783001902001", "compound": "别处", "building": "1号楼", "room": "101", "since": "2026-11-16"}
    assert worker.post("/homes/new/", said).status_code == 422
    assert not Dwelling.objects.exists()


def test_somebody_moves_in_and_the_number_tells_birthday_and_sex(worker: Client, household: Household) -> None:
    assert do(worker, household, "move-in", **LI).status_code == 302
    li = household.members().get()
    assert (li.id_number, li.born_on, li.sex) == (NUMBER, date(1990, 3, 7), "male")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"id_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "校验码不对"),
        ({"born_on": "1991-03-07"}, "不一致"),
        ({"sex": "female"}, "不一致"),
        ({"since": "2999-01-01"}, "不能晚于今天"),
        ({"phone": "110"}, "号码不完整"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    worker: Client, household: Household, said: dict[str, str], sentence: str
) -> None:
    answer = do(worker, household, "move-in", **(LI | {"note": "亲戚来住"} | said))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "亲戚来住" in answer.content.decode()
    assert not household.members().exists()


def test_nobody_is_on_record_in_two_homes(worker: Client, cast: Cast, household: Household) -> None:
    lives(cast, home(cast, "601"), "李建国", id_number=NUMBER)
    answer = do(worker, household, "move-in", **LI)
    assert answer.status_code == 409
    assert "从另一户迁入" in answer.content.decode()


def test_somebody_moves_over_by_her_number(worker: Client, cast: Cast, household: Household) -> None:
    old = home(cast, "601")
    lives(cast, old, "李建国", id_number=NUMBER)
    unknown = do(worker, household, "move-over", id_number="999999199003071235")
    assert unknown.status_code == 422
    assert do(worker, household, "move-over", id_number=NUMBER).status_code == 302
    assert household.members().get().id_number == NUMBER
    old.refresh_from_db()
    assert old.ending == "moved"
    for one, other, words in ((household, old, "入户，来自"), (old, household, "迁出，迁往")):
        past = worker.get(f"/homes/{one.pk}/story/").content.decode()
        assert f'李**：{words} <a href="/homes/{other.pk}/">{other.number}</a>' in past
        assert "号码已隐去" not in past


def test_a_child_is_born_and_somebody_dies_and_somebody_leaves(
    worker: Client, cast: Cast, household: Household
) -> None:
    mother, father = lives(cast, household), lives(cast, household, "李建国")
    born = {"name": "李小宝", "relation": "child", "sex": "male", "born_on": "2026-11-10"}
    assert do(worker, household, "birth", **born).status_code == 302
    assert do(worker, household, f"residents/{father.pk}/death", on="2026-11-12").status_code == 302
    assert do(worker, household, f"residents/{mother.pk}/move-out", note="去青岛").status_code == 302
    assert {one.name: one.leaving for one in Resident.objects.all()} == {
        "王秀英": "moved",
        "李建国": "died",
        "李小宝": "",
    }
    late = do(worker, household, f"residents/{mother.pk}/move-out", note="又一次")
    assert late.status_code == 409
    assert "已不在这一户" in late.content.decode()
    past = worker.get(f"/homes/{household.pk}/story/").content.decode()
    for words in ("李**：去世登记（2026-11-12）", "李**：出生登记", "王**：迁出", "去青岛"):
        assert words in past, words
    grown_up = do(worker, household, "birth", **(born | {"born_on": "1950-01-01"}))
    assert grown_up.status_code == 422
    assert "请用“登记入户”" in grown_up.content.decode()
    future = do(worker, household, f"residents/{mother.pk}/death", on="2999-01-01")
    assert future.status_code == 422


def test_care_is_written_down_sealed_and_ended(worker: Client, cast: Cast, household: Household) -> None:
    wang = lives(cast, household)
    way = f"residents/{wang.pk}/care"
    assert do(worker, household, way, category="alone", health="心脏病").status_code == 302
    care = Care.objects.get()
    assert (care.category, care.health, care.ended_at) == ("alone", "心脏病", None)
    assert do(worker, household, way, category="alone").status_code == 409
    assert worker.post(f"/homes/{household.pk}/care/{care.pk}/end/").status_code == 302
    care.refresh_from_db()
    assert care.ended_at
    assert worker.post(f"/homes/{household.pk}/care/{care.pk}/end/").status_code == 409


def test_twins_in_one_home_become_one(worker: Client, cast: Cast, household: Household) -> None:
    kept, twin = (lives(cast, household, born_on=date(1944, 8, 11)) for _ in range(2))
    assert "姓名和出生日期相同" in worker.get(f"/homes/{household.pk}/twins/").content.decode()
    assert worker.post(f"/homes/{household.pk}/twins/{twin.pk}/{kept.pk}/").status_code == 404
    assert worker.post(f"/homes/{household.pk}/twins/{kept.pk}/{twin.pk}/").status_code == 302
    assert household.members().get() == kept


def test_twin_households_behind_one_door_become_one(worker: Client, cast: Cast, household: Household) -> None:
    wang = lives(cast, household, born_on=date(1944, 8, 11))
    other = Household.objects.create(dwelling=household.dwelling, since=date(2026, 11, 16))
    twin = lives(cast, other, born_on=date(1944, 8, 11))
    assert "两户合并" in worker.get(f"/homes/{household.pk}/twins/").content.decode()
    assert worker.post(f"/homes/{household.pk}/twins/{wang.pk}/{twin.pk}/").status_code == 302
    other.refresh_from_db()
    assert (other.ending, other.merged_into) == ("merged", household)
    assert household.members().get() == wang
    assert other.number in worker.get(f"/homes/{household.pk}/story/").content.decode()


def test_who_is_on_record_in_another_home_too_is_kept_in_this_one(worker: Client, cast: Cast) -> None:
    household, other = home(cast), home(cast, "601")
    wang = lives(cast, household, born_on=date(1944, 8, 11))
    twin = lives(cast, other, born_on=date(1944, 8, 11), phone="12000000002")
    assert "注销另一户里的登记" in worker.get(f"/homes/{household.pk}/twins/").content.decode()
    assert worker.post(f"/homes/{household.pk}/twins/{wang.pk}/{twin.pk}/").status_code == 302
    assert household.members().get().phone == "12000000002"
    assert not other.members().exists()
    assert f"/homes/{household.pk}/" in worker.get(f"/homes/{other.pk}/story/").content.decode()
