"""Reference data in the administrators' hands: what they may change, and what they are told when it is wrong."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Unit, User
from grids import locate
from grids.models import Duty, Item, Landmark, Place, Posting
from grids.scope import today
from tests.cast import XIANGYANG_1, Cast

COMMUNITY = XIANGYANG_1[:12]


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(cast.admin)
    return client


def save(client: Client, where: str, values: dict[str, Any], pk: Any = None) -> str:
    """What the page says after the form was sent."""
    address = reverse(f"admin:{where}_change", args=[pk]) if pk else reverse(f"admin:{where}_add")
    answer = client.post(address, values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", ["place", "landmark", "posting", "item"])
@pytest.mark.parametrize("query", ["", "?q=向阳"])
def test_every_list_opens_and_is_searched(admin: Client, model: str, query: str) -> None:
    assert admin.get(reverse(f"admin:grids_{model}_changelist") + query).status_code == 200


@pytest.mark.parametrize(
    ("model", "row"), [("place", XIANGYANG_1), ("landmark", None), ("posting", None), ("item", None)]
)
def test_every_form_opens_in_a_fixed_number_of_queries(
    admin: Client, model: str, row: str | None, django_assert_max_num_queries: Any
) -> None:
    models = {"landmark": Landmark, "posting": Posting, "item": Item}
    pk = row or models[model].objects.first().pk  # type: ignore[attr-defined]
    with django_assert_max_num_queries(12):
        assert admin.get(reverse(f"admin:grids_{model}_change", args=[pk])).status_code == 200


def test_a_person_without_the_right_does_not_come_in(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert client.get(reverse("admin:grids_place_changelist")).status_code in {302, 403}


class TestPlaces:
    def values(self, **changed: Any) -> dict[str, Any]:
        return {"code": COMMUNITY + "011", "kind": "grid", "name": "向阳第11网格", "boundary": "null"} | changed

    def test_a_new_grid_finds_its_parent_by_its_code(self, admin: Client) -> None:
        save(admin, "grids_place", self.values())
        assert Place.objects.get(pk=COMMUNITY + "011").parent_id == COMMUNITY

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"code": "370783002901001"}, "街道码为 001、003、004、005、006"),
            ({"code": "37078300190"}, "编码应为 6 位"),
            ({"code": COMMUNITY, "kind": "community"}, "已存在"),
            ({"code": "370783001955"}, "编码长度与级别不符"),
            ({"code": "370783001955001"}, "上级场所 370783001955 还不存在"),
            ({"boundary": '{"type": "Point", "coordinates": [118.7, 36.8]}'}, "Polygon 或 MultiPolygon"),
            ({"boundary": "[1, 2"}, "JSON"),
            ({"boundary": '{"type": "Polygon", "coordinates": [[[118.7, "x"]]]}'}, "边界坐标无法读取"),
            ({"boundary": '{"type": "Polygon", "coordinates": []}'}, "没有围成面积"),
            (
                {"boundary": '{"type":"Polygon","coordinates":[[[118,36],[119,37],[119,36],[118,37],[118,36]]]}'},
                "自相交",
            ),
            (
                {"boundary": '{"type":"Polygon","coordinates":[[[36,118],[37,118],[37,119],[36,118]]]}'},
                "先经度后纬度",
            ),
        ],
    )
    def test_what_is_wrong_is_said_in_chinese(self, admin: Client, changed: dict[str, str], sentence: str) -> None:
        before = Place.objects.count()
        assert sentence in save(admin, "grids_place", self.values(**changed))
        assert Place.objects.count() == before

    def test_code_and_kind_stay_once_the_place_is_there(self, admin: Client) -> None:
        save(admin, "grids_place", self.values(code="370783001999999", kind="city", name="向阳一网格"), pk=XIANGYANG_1)
        place = Place.objects.get(pk=XIANGYANG_1)
        assert (place.kind, place.name, place.parent_id) == ("grid", "向阳一网格", COMMUNITY)
        assert not Place.objects.filter(pk="370783001999999").exists()

    @pytest.mark.parametrize("model", ["place", "item"])
    def test_what_is_in_use_cannot_be_deleted(self, admin: Client, model: str) -> None:
        pk = XIANGYANG_1 if model == "place" else Item.objects.get(code="A02").pk
        assert admin.post(reverse(f"admin:grids_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403
        everything = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        admin.post(reverse(f"admin:grids_{model}_changelist"), everything)
        assert (Place if model == "place" else Item).objects.filter(pk=pk).exists()


class TestLandmarks:
    def test_a_new_compound_is_proposed_at_once(self, admin: Client, django_capture_on_commit_callbacks: Any) -> None:
        assert locate.by_address("测试新家园3号楼") == []
        with django_capture_on_commit_callbacks(execute=True):
            save(admin, "grids_landmark", {"name": "测试新家园", "place": XIANGYANG_1})
        assert [p.place.code for p in locate.by_address("测试新家园3号楼")] == [XIANGYANG_1]

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"place": XIANGYANG_1}, "请填写小区或道路"),
            ({"name": "某小区", "place": "370783001"}, "应属于一个网格或社区"),
            ({"road": "某路", "first_number": 9, "last_number": 1, "place": XIANGYANG_1}, "止不小于起"),
            ({"name": "某小区", "first_number": 9, "place": XIANGYANG_1}, "门牌应起止都填"),
            ({"name": "某小区"}, "该字段是必填项"),
        ],
    )
    def test_what_is_wrong_is_said_in_chinese(self, admin: Client, values: dict[str, Any], sentence: str) -> None:
        assert sentence in save(admin, "grids_landmark", values)


class TestPostings:
    def values(self, cast: Cast, **changed: Any) -> dict[str, Any]:
        unit = Unit.objects.get(name="寿光市综合行政执法局")
        return {
            "user": cast.auditor.pk,
            "duty": Duty.HANDLER,
            "unit": unit.pk,
            "place": "370783",
            "since": "2026-01-01",
        } | changed

    def test_a_posting_is_made(self, admin: Client, cast: Cast) -> None:
        save(admin, "grids_posting", self.values(cast))
        assert Posting.objects.filter(user=cast.auditor, duty=Duty.HANDLER).exists()

    def test_it_cannot_end_before_it_starts(self, admin: Client, cast: Cast) -> None:
        assert "止（不含）应晚于起" in save(admin, "grids_posting", self.values(cast, until="2026-01-01"))
        assert not Posting.objects.filter(user=cast.auditor, duty=Duty.HANDLER).exists()

    def test_it_is_not_held_twice(self, admin: Client, cast: Cast) -> None:
        save(admin, "grids_posting", self.values(cast))
        assert "已有同一职责的现任任职" in save(admin, "grids_posting", self.values(cast))

    def test_it_ends_by_a_date_and_is_not_deleted(self, admin: Client, cast: Cast) -> None:
        posting = Posting.objects.get(user=cast.worker, duty=Duty.GRID_WORKER)
        assert admin.post(reverse("admin:grids_posting_delete", args=[posting.pk]), {"post": "yes"}).status_code == 403
        action = {"action": "end_today", "_selected_action": [posting.pk]}
        answer = admin.post(reverse("admin:grids_posting_changelist"), action, follow=True)
        assert "1 项任职自" in answer.content.decode()
        posting.refresh_from_db()
        assert posting.until == today()

    def test_one_that_was_not_taken_up_may_be_deleted(self, admin: Client, cast: Cast) -> None:
        coming = Posting.objects.create(
            user=cast.auditor,
            duty=Duty.HANDLER,
            unit=cast.bureau,
            place_id="370783",
            since=today() + timedelta(days=1),
        )
        admin.post(reverse("admin:grids_posting_delete", args=[coming.pk]), {"post": "yes"})
        assert not Posting.objects.filter(pk=coming.pk).exists()

    @pytest.mark.parametrize("current", ["yes", "no"])
    def test_the_list_tells_current_from_past(self, admin: Client, cast: Cast, current: str) -> None:
        past = Posting.objects.get(user=cast.worker, duty=Duty.GRID_WORKER)
        Posting.objects.filter(pk=past.pk).update(until=date(2021, 1, 1))
        answer = admin.get(reverse("admin:grids_posting_changelist"), {"current": current, "q": cast.worker.username})
        assert (past in answer.context["cl"].result_list) == (current == "no")
