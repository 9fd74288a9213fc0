"""Grids are split and merged: homes move with their history, petitions keep the grid of their day."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from shapely.geometry import shape

from accounts.models import Notice, User
from accounts.notnow import NotNow
from grids import coverage, locate, versions, workflow
from grids.models import (
    CITY_CODE,
    Duty,
    Dwelling,
    Hazard,
    Household,
    Item,
    Landmark,
    Place,
    PlaceVersion,
    Posting,
    PostingEvent,
    Premises,
)
from grids.scope import holders, holds, places_of
from grids.workflow import Part
from petitions.models import Petition
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, call
from tests.grids.homes import door, home

COMMUNITY = XIANGYANG_1[:12]
XIANGYANG_2 = f"{COMMUNITY}002"
REASON = "户数过多"


def place(code: str) -> Place:
    return Place.objects.get(pk=code)


def part(building: str, unit: str = "2单元") -> Part:
    return Part(Dwelling.objects.filter(building__name=building).values_list("building", flat=True)[0], unit)


@pytest.fixture
def two_buildings(cast: Cast) -> tuple[Household, Household]:
    return home(cast, "101", building="1号楼"), home(cast, "101", building="2号楼")


def split(cast: Cast, *parts: Part, key: Any = None) -> Place | None:
    key = key or uuid4()
    return workflow.split(
        cast.grid, parts, name="向阳第11网格", reason=REASON, key=key, by=cast.reviewer, at=MONDAY_TEN
    )


def merge(cast: Cast, key: Any = None, by: Any = None) -> int | None:
    into, by, key = place(XIANGYANG_2), by or cast.reviewer, key or uuid4()
    return workflow.merge(cast.grid, into, reason=REASON, key=key, by=by, at=MONDAY_TEN)


def test_a_split_moves_the_chosen_buildings_with_their_history(cast: Cast, two_buildings: Any) -> None:
    stays, goes = two_buildings
    Landmark.objects.create(name="锦绣华庭", place_id=XIANGYANG_1)
    Premises.objects.create(
        name="晨光超市", address="锦绣华庭2号楼底商", place_id=XIANGYANG_1, patrol_due_on=MONDAY_TEN
    )
    new = split(cast, part("2号楼"))
    assert new
    assert new.code == f"{COMMUNITY}011"
    assert [event.action for event in goes.events.all()] == ["found", "moved_grid"]
    assert goes.events.last().detail == {"from": XIANGYANG_1, "to": new.code}
    assert [event.action for event in stays.events.all()] == ["found"]
    assert set(Dwelling.objects.values_list("building__name", "place_id")) == {
        ("1号楼", XIANGYANG_1),
        ("2号楼", new.code),
    }
    assert Premises.objects.get().place == new
    assert set(Landmark.objects.filter(name="锦绣华庭").values_list("place_id", flat=True)) >= {XIANGYANG_1, new.code}
    assert Household.objects.visible_to(cast.worker).count() == 2  # she serves both until somebody is appointed


def test_a_split_leaves_something_and_takes_something(cast: Cast, two_buildings: Any) -> None:
    with pytest.raises(NotNow, match="全部房屋"):
        split(cast, part("1号楼"), part("2号楼"))
    with pytest.raises(NotNow, match="没有这个网格的房屋"):
        split(cast, part("1号楼", "9单元"))
    assert not Place.objects.filter(pk=f"{COMMUNITY}011").exists()


def test_the_same_press_splits_once(cast: Cast, two_buildings: Any) -> None:
    key = uuid4()
    assert split(cast, part("2号楼"), key=key)
    assert split(cast, part("1号楼"), key=key) is None
    assert Place.objects.filter(parent=COMMUNITY).count() == 11


def test_a_merged_grid_gives_all_it_has_and_is_closed(cast: Cast, two_buildings: Any) -> None:
    Premises.objects.create(name="晨光超市", address="向阳路", place_id=XIANGYANG_1, patrol_due_on=MONDAY_TEN)
    hazard = {"item": Item.objects.get(code="A02"), "address": "向阳路", "words": "堵了", "found_by": cast.worker}
    Hazard.objects.create(place_id=XIANGYANG_1, found_at=MONDAY_TEN, **hazard)
    landmarks = set(Landmark.objects.filter(place=XIANGYANG_1).values_list("name", "road"))
    area = sum(shape(place(code).boundary).area for code in (XIANGYANG_1, XIANGYANG_2))
    assert merge(cast) == 2
    assert place(XIANGYANG_1).closed_on == date(2026, 11, 16)
    for rows in (Dwelling.objects.all(), Premises.objects.all(), Hazard.objects.all()):
        assert {row.place_id for row in rows} == {XIANGYANG_2}
    assert landmarks <= set(Landmark.objects.filter(place=XIANGYANG_2).values_list("name", "road"))
    assert shape(place(XIANGYANG_2).boundary).area == pytest.approx(area, rel=1e-4)
    assert not Posting.objects.current(date(2026, 11, 16)).filter(place=XIANGYANG_1).exists()
    assert Posting.objects.filter(place=XIANGYANG_1, until=date(2026, 11, 16)).count() == 2


def test_a_closed_grid_is_in_no_list_and_still_readable(client: Client, cast: Cast, two_buildings: Any) -> None:
    petition = call(cast, at=MONDAY_TEN)
    merge(cast)
    locate.forget()
    codes = [found.place.code for found in locate.by_address("向阳社区第1网格")]
    assert XIANGYANG_1 not in codes
    middle = shape(PlaceVersion.objects.get(place=XIANGYANG_1).boundary).centroid
    beside = locate.by_point(middle.x, middle.y)
    assert beside
    assert beside.place.code == XIANGYANG_2
    on = date(2026, 11, 17)
    assert coverage.counts(place(CITY_CODE), on)["grids"] == 337
    client.force_login(cast.operator)
    assert XIANGYANG_1 not in {child.place.code for child in client.get(f"/places/{COMMUNITY}/").context["children"]}
    place_page = client.get(f"/places/{XIANGYANG_1}/").content.decode()
    assert "撤销" in place_page
    assert "空缺" not in place_page
    page = client.get(f"/petitions/{petition.number}/").content.decode()
    assert "登记时为向阳第1网格第 1 版" in page


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Works in the grid that takes the other one over."""
    user = User.objects.create(username="colleague", name="赵小芳")
    values = {"duty": Duty.GRID_WORKER, "unit": cast.grid.unit, "place_id": XIANGYANG_2, "since": date(2020, 1, 1)}
    Posting.objects.create(user=user, **values)
    return user


def test_what_happened_in_a_closed_grid_is_seen_by_whoever_serves_the_other(
    client: Client, cast: Cast, colleague: User, two_buildings: Any
) -> None:
    petition = call(cast, at=MONDAY_TEN)
    assert not Petition.objects.visible_to(colleague).exists()
    merge(cast)
    colleague.remembered.clear()
    assert list(Petition.objects.visible_to(colleague)) == [petition]
    assert petition.place_id == XIANGYANG_1
    assert places_of(colleague) == [XIANGYANG_1, XIANGYANG_2]
    assert set(holders(Duty.GRID_WORKER, place=XIANGYANG_1)) == {colleague}
    assert not Petition.objects.visible_to(cast.worker).exists()
    client.force_login(colleague)
    assert petition.title in client.get("/petitions/").content.decode()
    assert "向阳第1网格</a> 2026-11-16 并入" in client.get(f"/places/{XIANGYANG_2}/").content.decode()


def test_a_grid_that_took_one_over_hands_it_on(cast: Cast, colleague: User, two_buildings: Any) -> None:
    merge(cast)
    third = place(f"{COMMUNITY}003")
    workflow.merge(place(XIANGYANG_2), third, reason=REASON, key=uuid4(), by=cast.reviewer, at=MONDAY_TEN)
    assert set(third.taken_over.values_list("code", flat=True)) == {XIANGYANG_1, XIANGYANG_2}
    assert not holds(colleague, Duty.GRID_WORKER, place=XIANGYANG_1)


def test_a_closed_grid_is_offered_for_nothing_new(client: Client, cast: Cast, colleague: User) -> None:
    merge(cast)
    client.force_login(colleague)
    for address in ("/hazards/new/", "/premises/new/", "/homes/new/", "/homes/export/"):
        page = client.get(address)
        assert page.status_code == 200
        assert f'value="{XIANGYANG_1}"' not in page.content.decode(), address
    assert client.get("/petitions/new/").context["form"]["place"].value().endswith(XIANGYANG_2), "her only one"


def test_who_serves_is_told_and_recorded(cast: Cast, colleague: User, two_buildings: Any) -> None:
    new = split(cast, part("2号楼"))
    assert new
    event = PostingEvent.objects.get()
    assert (event.posting.user, event.posting.place, event.action) == (cast.worker, new, "appointed")
    assert (event.by, event.note) == (cast.reviewer, "由向阳第1网格分出，配备新人前代管")
    assert Notice.objects.of(cast.worker).get().title == "您担任向阳第11网格专职网格员"
    merge(cast)
    ended = PostingEvent.objects.filter(action="relieved")
    assert {(one.posting.user, one.note) for one in ended} == {
        (cast.worker, "并入向阳第2网格"),
        (cast.gridsecretary, "并入向阳第2网格"),
    }
    assert Notice.objects.of(cast.gridsecretary).get().title == "您自 2026-11-16 起不再担任向阳第1网格网格党支部书记"
    assert Notice.objects.of(colleague).get().title.startswith("向阳第1网格已并入向阳第2网格")


def test_a_petition_of_a_grid_that_is_as_it_was_says_nothing(client: Client, cast: Cast) -> None:
    petition = call(cast, at=MONDAY_TEN)
    client.force_login(cast.operator)
    assert "登记时为" not in client.get(f"/petitions/{petition.number}/").content.decode()


def test_a_number_is_never_used_again(cast: Cast, two_buildings: Any) -> None:
    new = split(cast, part("2号楼"))
    assert new
    workflow.merge(new, cast.grid, reason=REASON, key=uuid4(), by=cast.reviewer, at=MONDAY_TEN)
    again = split(cast, part("2号楼"))
    assert again
    assert again.code == f"{COMMUNITY}012"


def test_what_is_closed_is_not_changed_again(cast: Cast, two_buildings: Any) -> None:
    grid = cast.grid
    merge(cast)
    with pytest.raises(NotNow, match="已经撤销"):
        workflow.assign([part("1号楼")], grid, key=uuid4(), by=cast.reviewer, at=MONDAY_TEN)
    other = place("370783001902001")
    with pytest.raises(NotNow, match="同一社区"):
        workflow.merge(place(XIANGYANG_2), other, reason=REASON, key=uuid4(), by=cast.reviewer, at=MONDAY_TEN)


@pytest.mark.parametrize("who", ["worker", "gridsecretary", "operator", "leader", "member"])
def test_a_stranger_changes_no_grid(client: Client, cast: Cast, two_buildings: Any, who: str) -> None:
    stranger = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        merge(cast, by=stranger)
    with pytest.raises(PermissionDenied):
        workflow.assign([part("1号楼")], place(XIANGYANG_2), key=uuid4(), by=stranger, at=MONDAY_TEN)
    client.force_login(stranger)
    for way in ("split", "merge"):
        assert client.get(f"/places/{XIANGYANG_1}/{way}/").status_code == 403


def test_versions_follow_each_other_and_stand(cast: Cast, two_buildings: Any) -> None:
    merge(cast)
    first, second = PlaceVersion.objects.filter(place=XIANGYANG_2)
    assert (first.until, second.since, second.until) == (date(2026, 11, 16), date(2026, 11, 16), None)
    assert second.reason == "户数过多（并入向阳第1网格）"
    assert versions.on(XIANGYANG_2, date(2026, 11, 15)) == first
    assert versions.on(XIANGYANG_2, date(2026, 11, 16)) == second
    assert versions.on(XIANGYANG_2, date(1999, 1, 1)) == first
    for change in ({"name": "改名"}, {"until": date(2030, 1, 1)}, {"since": date(2030, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PlaceVersion.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()


def test_every_place_has_a_first_version(cast: Cast) -> None:
    assert not Place.objects.filter(versions=None).exists()
    versions.begin()
    assert PlaceVersion.objects.count() == Place.objects.count()


class TestPages:
    def test_a_split_is_seen_before_it_is_done(self, client: Client, cast: Cast, two_buildings: Any) -> None:
        client.force_login(cast.reviewer)
        said = {
            "part": f"{part('2号楼').building}:2单元",
            "name": "向阳第11网格",
            "reason": REASON,
            "key": str(uuid4()),
        }
        page = client.post(f"/places/{XIANGYANG_1}/split/", said)
        assert "向阳第11网格：1 户，每年应走访 1 次" in page.content.decode()
        assert not Place.objects.filter(pk=f"{COMMUNITY}011").exists()
        confirm = {"confirm": "1", "previewed": said["part"]}
        done = client.post(f"/places/{XIANGYANG_1}/split/", said | confirm, follow=True)
        assert "已从向阳第1网格分出向阳第11网格" in done.content.decode()
        assert Dwelling.objects.filter(place=f"{COMMUNITY}011").count() == 1

    def test_a_merger_is_seen_before_it_is_done(self, client: Client, cast: Cast, two_buildings: Any) -> None:
        client.force_login(cast.reviewer)
        said = {"into": XIANGYANG_2, "reason": REASON, "key": str(uuid4())}
        page = client.post(f"/places/{XIANGYANG_1}/merge/", said).content.decode()
        assert "向阳第1网格的 2 户、商户、未销隐患都归向阳第2网格" in page
        assert place(XIANGYANG_1).closed_on is None
        client.post(f"/places/{XIANGYANG_1}/merge/", said | {"confirm": "1", "previewed": XIANGYANG_2})
        assert place(XIANGYANG_1).closed_on
        assert client.get(f"/places/{XIANGYANG_1}/merge/").status_code == 404

    def test_what_was_changed_after_the_preview_is_previewed_again(
        self, client: Client, cast: Cast, two_buildings: Any
    ) -> None:
        home(cast, "201", building="3号楼")
        client.force_login(cast.reviewer)
        two, three = (f"{part(name).building}:2单元" for name in ("2号楼", "3号楼"))
        said = {"part": [two, three], "name": "向阳第11网格", "reason": REASON, "key": str(uuid4()), "confirm": "1"}
        page = client.post(f"/places/{XIANGYANG_1}/split/", said | {"previewed": two}).content.decode()
        assert "还没有执行" in page
        assert "向阳第11网格：2 户" in page
        assert not Place.objects.filter(pk=f"{COMMUNITY}011").exists()
        client.post(f"/places/{XIANGYANG_1}/split/", said | {"previewed": [three, two]})
        assert Dwelling.objects.filter(place=f"{COMMUNITY}011").count() == 2
        said = {"into": f"{COMMUNITY}003", "reason": REASON, "key": str(uuid4()), "confirm": "1"}
        page = client.post(f"/places/{XIANGYANG_1}/merge/", said | {"previewed": XIANGYANG_2}).content.decode()
        assert "还没有执行" in page
        assert "都归向阳第3网格" in page
        assert place(XIANGYANG_1).closed_on is None

    def test_a_building_is_named_with_its_compound(self, client: Client, cast: Cast, two_buildings: Any) -> None:
        client.force_login(cast.reviewer)
        page = client.get(f"/places/{XIANGYANG_1}/split/").content.decode()
        assert "<h2><small>锦绣华庭</small> 1号楼</h2>" in page

    def test_what_is_missing_is_said_beside_its_field(self, client: Client, cast: Cast, two_buildings: Any) -> None:
        client.force_login(cast.reviewer)
        page = client.post(f"/places/{XIANGYANG_1}/split/", {"name": "向阳第2网格", "key": str(uuid4())})
        assert page.status_code == 422
        for words in ("请勾选楼栋单元。", "本社区已有同名网格", "请填写事由。", 'value="向阳第2网格"'):
            assert words in page.content.decode()
        merger = client.post(f"/places/{XIANGYANG_1}/merge/", {"into": XIANGYANG_1, "key": "x"})
        assert "没有这个网格，或已撤销" in merger.content.decode()

    def test_versions_are_listed(self, client: Client, cast: Cast, two_buildings: Any) -> None:
        merge(cast)
        client.force_login(cast.worker)
        page = client.get(f"/places/{XIANGYANG_2}/versions/").content.decode()
        assert "第 2 版" in page
        assert "户数过多（并入向阳第1网格）" in page

    def test_a_closed_grid_takes_no_new_petition(self, cast: Cast, two_buildings: Any) -> None:
        from petitions import choices, terms

        merge(cast)
        terms.forget()
        with pytest.raises(choices.NotFound, match="撤销"):
            choices.standing_place_named(XIANGYANG_1)
        assert choices.place_named(XIANGYANG_1).closed_on


def test_an_assistant_who_comes_tomorrow_does_not_come_to_a_closed_grid(cast: Cast, two_buildings: Any) -> None:
    tomorrow = MONDAY_TEN.date() + timedelta(days=1)
    coming = Posting(user=cast.member, duty=Duty.ASSISTANT, unit=cast.bureau, place=cast.grid, since=tomorrow)
    workflow.appoint(coming, key=uuid4(), by=cast.organiser, at=MONDAY_TEN)
    merge(cast)
    assert not Posting.objects.kept().filter(place=XIANGYANG_1, duty=Duty.ASSISTANT).exists()
    assert not Posting.objects.current(tomorrow).filter(place=XIANGYANG_1).exists()
    assert [event.action for event in coming.events.all()] == ["cancelled", "appointed"]
    assert door("601", building="3号楼").place.closed_on
