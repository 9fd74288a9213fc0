"""The page of a place, as different people see it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from shapely.geometry import shape

from accounts.models import Unit, User
from grids import outlines
from grids.models import Duty, Place, Posting
from petitions.models import Petition
from tests.cast import XIANGYANG_1, Cast, call

COMMUNITY = XIANGYANG_1[:12]


@pytest.fixture(autouse=True)
def fresh_outlines() -> None:
    outlines.forget()


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("code", ["370783", "370783001", COMMUNITY, XIANGYANG_1])
@pytest.mark.parametrize("who", ["operator", "worker", "member"])
def test_everybody_signed_in_sees_every_place(client: Client, cast: Cast, who: str, code: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(f"/places/{code}/", follow=True)
    assert answer.status_code == 200
    assert Place.objects.get(pk=code).name in answer.content.decode()


@pytest.mark.parametrize("address", ["/places/", f"/places/{COMMUNITY}/", f"/places/{COMMUNITY}/boundaries.json"])
def test_a_stranger_is_sent_to_sign_in(client: Client, db: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("code", ["370783002", "999999999", "370783001901999"])
def test_a_place_that_is_not_there_is_not_found(client: Client, cast: Cast, code: str) -> None:
    client.force_login(cast.operator)
    assert client.get(f"/places/{code}/").status_code == 404
    assert client.get(f"/places/{code}/boundaries.json").status_code == 404


def test_the_breadcrumb_follows_the_tree(client: Client, cast: Cast) -> None:
    answer = page(client, cast.operator, f"/places/{XIANGYANG_1}/")
    links = ['href="/places/">寿光市', 'href="/places/370783001/">圣城街道', f'href="/places/{COMMUNITY}/">向阳社区']
    assert [answer.count(link) for link in links] == [1, 1, 1]
    assert '<span aria-current="page">向阳第1网格</span>' in answer


def test_who_answers_is_named_and_who_is_missing_is_said(client: Client, cast: Cast) -> None:
    Posting.objects.filter(duty=Duty.GRID_SECRETARY, place=XIANGYANG_1).delete()
    answer = page(client, cast.operator, f"/places/{XIANGYANG_1}/")
    assert cast.worker.name in answer
    assert "空缺" in answer


def test_every_number_is_the_length_of_its_list(client: Client, cast: Cast) -> None:
    now = timezone.now()
    call(cast, at=now - timedelta(days=5))
    call(cast, at=now - timedelta(minutes=1))
    call(cast, at=now - timedelta(minutes=1), place_id="370783001902001")
    client.force_login(cast.operator)
    figures = client.get(f"/places/{COMMUNITY}/").context["figures"]
    assert [(figure.label, figure.count) for figure in figures[:3]] == [("在办", 2), ("已超期", 1), ("近 30 天登记", 2)]
    for figure in figures:
        assert len(client.get(figure.href).context["rows"]) == figure.count, figure.label


def test_the_children_say_how_much_is_open_in_each(client: Client, cast: Cast) -> None:
    call(cast, at=timezone.now() - timedelta(days=5))
    client.force_login(cast.operator)
    for code, below in (("370783", "370783001"), ("370783001", COMMUNITY), (COMMUNITY, XIANGYANG_1)):
        children = client.get(f"/places/{code}/", follow=True).context["children"]
        assert [child.place.code for child in children] == sorted(child.place.code for child in children)
        assert {c.place.code: (c.open, c.overdue) for c in children if c.open} == {below: (1, 1)}


def test_the_numbers_are_those_that_the_viewer_may_see(client: Client, cast: Cast) -> None:
    call(cast, at=timezone.now())
    client.force_login(cast.member)
    assert client.get(f"/places/{COMMUNITY}/").context["figures"][0].count == 0


def test_a_work_phone_is_shown_to_whom_the_staffing_shows_it_and_none_is_missed_aloud(
    client: Client, cast: Cast
) -> None:
    User.objects.filter(pk=cast.worker.pk).update(mobile="13812345678")
    address = f"/places/{XIANGYANG_1}/"
    assert "工作电话 138****5678" in page(client, cast.secretary, address)
    shown = page(client, cast.member, address)
    assert "工作电话" not in shown
    assert "5678" not in shown
    assert "未登记" not in shown


def test_who_answers_for_a_line_is_called_by_it(client: Client, cast: Cast) -> None:
    unit = Unit.objects.get(line="环卫")
    said: dict[str, Any] = {"duty": Duty.LINE_ASSISTANT, "place_id": XIANGYANG_1, "since": date(2020, 1, 1)}
    Posting.objects.create(user=User.objects.create(username="line", name="葛晓彤"), unit=unit, **said)
    assert "环卫责任网格人员" in page(client, cast.operator, f"/places/{XIANGYANG_1}/")


@pytest.mark.parametrize("name", ["no_worker", "shared_worker", "no_secretary"])
def test_a_shortage_opens_its_list(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.organiser)
    staffing = client.get("/places/").context["staffing"]
    figure = next(figure for figure in staffing if figure.href.endswith(name))
    listed = client.get(figure.href)
    assert len(listed.context["grids"]) == figure.count
    assert len(listed.content) < 100_000


def test_an_unknown_shortage_shows_the_page(client: Client, cast: Cast) -> None:
    assert "下级场所" in page(client, cast.operator, "/places/?show=%00nonsense")


def test_the_number_of_queries_does_not_grow(
    client: Client, cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.operator)
    client.get("/places/")
    with django_assert_max_num_queries(24) as before:
        client.get("/places/370783001/")
    unit = Unit.objects.get(name="寿光市综合行政执法局")
    for i in range(6):
        person = User.objects.create(username=f"more{i}", name=f"多{i}")
        Posting.objects.create(
            user=person, duty=Duty.STREET_OFFICER, unit=unit, place_id="370783001", since=date(2020, 1, 1)
        )
        call(cast, at=timezone.now())
    assert Petition.objects.count() == 6
    with django_assert_num_queries(len(before)):
        client.get("/places/370783001/")


class TestBoundaries:
    def drawn(self, client: Client, cast: Cast, code: str) -> list[dict[str, Any]]:
        client.force_login(cast.worker)
        answer = client.get(f"/places/{code}/boundaries.json")
        assert answer.headers["Content-Type"] == "application/json"
        assert "private" in answer.headers["Cache-Control"]
        features: list[dict[str, Any]] = json.loads(answer.content)["features"]
        return features

    @pytest.mark.parametrize(("code", "count"), [("370783", 5), ("370783001", 18), (COMMUNITY, 10), (XIANGYANG_1, 1)])
    def test_the_outlines_of_what_lies_in_it(self, client: Client, cast: Cast, code: str, count: int) -> None:
        features = self.drawn(client, cast, code)
        assert len(features) == count
        assert all(shape(feature["geometry"]).is_valid for feature in features)
        assert all(client.get(feature["properties"]["href"]).status_code == 200 for feature in features[:2])

    def test_the_outline_of_a_community_is_the_sum_of_its_grids(self, client: Client, cast: Cast) -> None:
        whole = next(f for f in self.drawn(client, cast, "370783001") if f["properties"]["code"] == COMMUNITY)
        parts = [shape(feature["geometry"]) for feature in self.drawn(client, cast, COMMUNITY)]
        assert shape(whole["geometry"]).area == pytest.approx(sum(part.area for part in parts), rel=1e-3)

    def test_what_nobody_has_drawn_is_left_out(self, client: Client, cast: Cast) -> None:
        Place.objects.filter(pk=XIANGYANG_1).update(boundary=None)
        assert self.drawn(client, cast, XIANGYANG_1) == []
        assert len(self.drawn(client, cast, COMMUNITY)) == 9
