"""Who answers for a grid: appointed, relieved, on leave, back; and what a deputy sees, and until when."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice, Unit, User
from accounts.notnow import NotNow
from grids import reminding, scope, workflow
from grids.models import Duty, Household, Leave, Place, Posting, PostingEvent
from grids.scope import duties_of_people, holders, holds, postings_of, today
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast, hours
from tests.grids.homes import home

NEIGHBOUR = "370783001901002"
ON = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def on_that_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "today", lambda: ON)


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Works in the grid next door."""
    user = User.objects.create(username="colleague", name="赵小芳")
    place = Place.objects.get(pk=NEIGHBOUR)
    assert place.unit
    Posting.objects.create(user=user, duty=Duty.GRID_WORKER, unit=place.unit, place=place, since=date(2020, 1, 1))
    return user


def fresh(user: User) -> User:
    user.remembered.clear()
    return user


def leave(cast: Cast, deputy: User, *, since: date = ON, days: int = 5, key: UUID | None = None, **said: Any) -> Leave:
    wanted = Leave(user=cast.worker, deputy=deputy, since=since, until=since + timedelta(days=days))
    workflow.take_leave(wanted, key=key or uuid4(), by=said.get("by", cast.secretary), at=MONDAY_TEN)
    return wanted


def post(cast: Cast, user: User, duty: str, *, by: User, key: UUID | None = None, **said: Any) -> Posting | None:
    unit = cast.grid.unit
    assert unit
    values: dict[str, Any] = {"unit": unit, "place": cast.grid, "since": ON} | said
    return workflow.appoint(Posting(user=user, duty=duty, **values), key=key or uuid4(), by=by, at=MONDAY_TEN)


class TestDeputies:
    def test_a_deputy_sees_the_homes_from_the_first_day_to_the_last(
        self, cast: Cast, colleague: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        household = home(cast)
        leave(cast, colleague, since=ON + timedelta(days=1), days=3)
        seen = {}
        for day in range(6):
            monkeypatch.setattr(scope, "today", lambda day=day: ON + timedelta(days=day))
            seen[day] = Household.objects.visible_to(fresh(colleague)).filter(pk=household.pk).exists()
        assert seen == {0: False, 1: True, 2: True, 3: True, 4: False, 5: False}

    def test_the_deputy_is_found_wherever_the_worker_is_looked_for(self, cast: Cast, colleague: User) -> None:
        before = duties_of_people([colleague.pk])
        assert set(holders(Duty.GRID_WORKER, place=XIANGYANG_1)) == {cast.worker}
        leave(cast, colleague)
        assert set(holders(Duty.GRID_WORKER, place=XIANGYANG_1)) == {cast.worker, colleague}
        assert set(holders(Duty.GRID_SECRETARY, place=XIANGYANG_1)) == {cast.gridsecretary}
        assert holds(fresh(colleague), Duty.GRID_WORKER, place=XIANGYANG_1)
        assert duties_of_people([colleague.pk]) == before == {colleague.pk: {Duty.GRID_WORKER}}
        assert duties_of_people([cast.gridsecretary.pk, cast.worker.pk])[cast.worker.pk] == {Duty.GRID_WORKER}

    def test_a_secretary_who_stands_in_holds_the_worker_s_duty_too(self, cast: Cast) -> None:
        leave(cast, cast.gridsecretary)
        assert duties_of_people([cast.gridsecretary.pk]) == {
            cast.gridsecretary.pk: {Duty.GRID_SECRETARY, Duty.GRID_WORKER}
        }

    def test_who_holds_a_duty_and_who_is_found_for_it_are_the_same(self, cast: Cast, colleague: User) -> None:
        """One is asked in fixed words by every request, the other by the ORM."""
        leave(cast, colleague)
        everybody = [fresh(user) for user in (*cast.people.values(), colleague)]
        for place in (XIANGYANG_1, NEIGHBOUR):
            for duty in (Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY):
                assert {user for user in everybody if holds(user, duty, place=place)} == set(holders(duty, place=place))

    def test_who_is_back_early_ends_it_at_once(self, cast: Cast, colleague: User) -> None:
        taken, key = leave(cast, colleague), uuid4()
        for _ in range(2):  # pressed twice
            workflow.return_from_leave(taken, key=key, by=cast.secretary, at=MONDAY_TEN + hours(1))
        assert not holds(fresh(colleague), Duty.GRID_WORKER, place=XIANGYANG_1)
        with pytest.raises(NotNow, match="已经结束"):
            workflow.return_from_leave(taken, key=uuid4(), by=cast.secretary, at=MONDAY_TEN + hours(2))

    def test_a_worker_who_leaves_the_service_leaves_nothing_to_her_deputy(self, cast: Cast, colleague: User) -> None:
        leave(cast, colleague)
        User.objects.filter(pk=cast.worker.pk).update(is_active=False)
        assert not holds(fresh(colleague), Duty.GRID_WORKER, place=XIANGYANG_1)
        assert not holders(Duty.GRID_WORKER, place=XIANGYANG_1).exists()

    def test_a_deputy_passes_nothing_on(self, cast: Cast, colleague: User) -> None:
        leave(cast, colleague)
        third = cast.gridsecretary
        Leave.objects.create(
            user=colleague, deputy=third, since=ON, until=date(2026, 12, 1), by=cast.secretary, at=MONDAY_TEN
        )
        assert holds(fresh(third), Duty.GRID_WORKER, place=NEIGHBOUR)
        assert not holds(third, Duty.GRID_WORKER, place=XIANGYANG_1)

    def test_both_are_told(self, cast: Cast, colleague: User) -> None:
        leave(cast, colleague)
        titles = {notice.person.name: notice.title for notice in Notice.objects.select_related("person")}
        assert "由您代管向阳第1网格" in titles[colleague.name]
        assert f"由{colleague.name}代管" in titles[cast.worker.name]

    @pytest.mark.parametrize("who", ["housing", "member", "worker", "street"])
    def test_only_a_colleague_of_the_community_stands_in(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotNow, match="同一社区"):
            leave(cast, getattr(cast, who))
        assert not Leave.objects.exists()

    def test_nobody_is_away_twice_or_stands_in_while_away(self, cast: Cast, colleague: User) -> None:
        leave(cast, colleague)
        with pytest.raises(NotNow, match="已经登记过"):
            leave(cast, cast.gridsecretary, since=ON + timedelta(days=4))
        Leave.objects.update(user=colleague, deputy=cast.gridsecretary)
        with pytest.raises(NotNow, match="也请假"):
            leave(cast, colleague, since=ON + timedelta(days=2))

    def test_who_stands_in_does_not_go_away_meanwhile(self, cast: Cast, colleague: User) -> None:
        leave(cast, colleague)
        hers = Leave(user=colleague, deputy=cast.gridsecretary, since=ON + timedelta(days=2), until=date(2026, 11, 19))
        with pytest.raises(NotNow, match=r"赵小芳 2026-11-16 至 2026-11-21 正为王小燕代管"):
            workflow.take_leave(hers, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
        hers.since, hers.until = date(2026, 11, 21), date(2026, 11, 23)  # the worker is back
        assert workflow.take_leave(hers, key=uuid4(), by=cast.secretary, at=MONDAY_TEN)

    @pytest.mark.parametrize("who", ["worker", "gridsecretary", "operator", "leader", "street"])
    def test_others_do_not_arrange_leave(self, cast: Cast, colleague: User, who: str) -> None:
        with pytest.raises(PermissionDenied):
            leave(cast, colleague, by=getattr(cast, who))
        other = cast.secretary.postings.get()
        Posting.objects.filter(pk=other.pk).update(place="370783001902")
        with pytest.raises(PermissionDenied):  # of another community
            leave(cast, colleague)

    def test_the_secretary_of_one_community_cannot_open_another_one(self, cast: Cast, colleague: User) -> None:
        """A worker of two communities is away by the city's word alone."""
        assert cast.grid.unit
        Posting.objects.create(
            user=cast.worker, duty=Duty.GRID_WORKER, unit=cast.grid.unit, place_id="370783001902001", since=ON
        )
        with pytest.raises(PermissionDenied):
            leave(cast, colleague)
        leave(cast, colleague, by=cast.organiser)


class TestAppointing:
    def test_a_neighbour_becomes_an_assistant_and_cannot_sign_in(self, cast: Cast, client: Client) -> None:
        neighbour = User(username="neighbour", name="孙桂香")
        made = post(cast, neighbour, Duty.ASSISTANT, by=cast.secretary, source=Posting.Source.BUILDING_HEAD)
        assert made
        assert not User.objects.get(username="neighbour").has_usable_password()
        event = PostingEvent.objects.get()
        assert (event.action, event.by, event.posting) == ("appointed", cast.secretary, made)

    def test_the_same_press_is_done_once(self, cast: Cast) -> None:
        key = uuid4()
        people = (User(username=f"n{n}", name="孙桂香") for n in range(2))
        first, second = (post(cast, user, Duty.ASSISTANT, by=cast.secretary, key=key) for user in people)
        assert first
        assert second is None
        assert Posting.objects.filter(duty=Duty.ASSISTANT).count() == 1

    @pytest.mark.parametrize(
        ("who", "may"),
        [
            ("secretary", {"assistant", "grid_secretary"}),
            ("organiser", {"assistant", "grid_secretary", "grid_worker", "line_assistant"}),
            ("admin", {"assistant", "grid_secretary", "grid_worker", "line_assistant"}),
            ("worker", set()),
            ("street", set()),
            ("leader", set()),
            ("member", set()),
        ],
    )
    def test_who_puts_whom_into_a_grid(self, cast: Cast, who: str, may: set[str]) -> None:
        Posting.objects.filter(duty=Duty.GRID_SECRETARY).update(until=ON)
        allowed = set()
        for duty in ("assistant", "grid_secretary", "grid_worker", "line_assistant", "community_secretary"):
            try:
                post(cast, User(username=f"u{duty}", name="新人"), duty, by=getattr(cast, who))
            except PermissionDenied:
                continue
            allowed.add(duty)
        assert allowed == may

    def test_a_grid_has_one_secretary_who_is_not_its_worker(self, cast: Cast, colleague: User) -> None:
        with pytest.raises(NotNow, match="已有网格党支部书记李德厚"):
            post(cast, cast.member, Duty.GRID_SECRETARY, by=cast.secretary)
        workflow.relieve(cast.gridsecretary.postings.get(), why="届满", key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
        with pytest.raises(NotNow, match="不能兼任"):
            post(cast, colleague, Duty.GRID_SECRETARY, by=cast.secretary)
        assert post(cast, cast.member, Duty.GRID_SECRETARY, by=cast.secretary, until=date(2029, 11, 16))

    def test_a_worker_is_no_assistant_of_the_same_grid(self, cast: Cast) -> None:
        with pytest.raises(NotNow, match="不再计作"):
            post(cast, cast.worker, Duty.ASSISTANT, by=cast.secretary)

    def test_who_is_relieved_sees_nothing_from_that_day_on(self, cast: Cast) -> None:
        household, posting = home(cast), cast.gridsecretary.postings.get()
        assert workflow.relieve(posting, why="搬家", key=uuid4(), by=cast.secretary, at=MONDAY_TEN) == ON
        assert not Household.objects.visible_to(cast.gridsecretary).filter(pk=household.pk).exists()
        with pytest.raises(NotNow, match="已经结束"):
            workflow.relieve(posting, why="搬家", key=uuid4(), by=cast.secretary, at=MONDAY_TEN)

    def test_who_began_today_ends_tomorrow(self, cast: Cast) -> None:
        made = post(cast, User(username="n", name="孙桂香"), Duty.ASSISTANT, by=cast.secretary)
        assert made
        until = workflow.relieve(made, why="登记错了", key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
        assert until == ON + timedelta(days=1)

    def test_what_has_not_begun_is_cancelled(self, cast: Cast) -> None:
        first, begins = cast.gridsecretary.postings.get(), ON + timedelta(days=20)
        workflow.relieve(first, why="届满", key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
        made = post(cast, cast.member, Duty.GRID_SECRETARY, by=cast.secretary, since=begins)
        assert made
        assert workflow.relieve(made, why="另有安排", key=uuid4(), by=cast.secretary, at=MONDAY_TEN) == begins
        assert [event.action for event in made.events.all()] == ["cancelled", "appointed"]
        assert (
            Notice.objects.of(cast.member).order_by("-pk")[0].title
            == "您 2026-12-06 起的向阳第1网格网格党支部书记任职已取消"
        )
        for day in range(-1, 3):
            assert (
                not Posting.objects.current(begins + timedelta(days=day))
                .filter(user=cast.member)
                .filter(duty=Duty.GRID_SECRETARY)
            )
        with pytest.raises(NotNow, match="已经结束"):
            workflow.relieve(made, why="另有安排", key=uuid4(), by=cast.secretary, at=MONDAY_TEN)
        assert post(cast, User(username="n", name="孙桂香"), Duty.GRID_SECRETARY, by=cast.secretary), "the post is free"

    def test_nobody_comes_to_a_closed_grid(self, cast: Cast) -> None:
        grid = cast.grid
        Place.objects.filter(pk=grid.pk).update(closed_on=ON)
        with pytest.raises(NotNow, match="已于 2026-11-16 撤销"):
            post(cast, cast.member, Duty.ASSISTANT, by=cast.secretary, place=grid)

    def test_the_community_does_not_dismiss_its_worker(self, cast: Cast) -> None:
        with pytest.raises(PermissionDenied):
            workflow.relieve(cast.worker.postings.get(), why="不合适", key=uuid4(), by=cast.secretary, at=MONDAY_TEN)


def test_a_request_asks_no_more_for_a_deputy_than_for_anybody(
    cast: Cast, colleague: User, client: Client, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert scope.today() == today()
    with django_assert_num_queries(1):
        postings_of(fresh(colleague))
    Leave.objects.create(
        user=cast.worker,
        deputy=colleague,
        since=today(),
        until=today() + timedelta(days=1),
        by=cast.secretary,
        at=MONDAY_TEN,
    )
    with django_assert_num_queries(1):
        assert len(postings_of(fresh(colleague))) == 2


def test_a_line_is_a_unit(cast: Cast) -> None:
    police = Unit.objects.get(line="公安")
    made = post(cast, User(username="police", name="高飞"), Duty.LINE_ASSISTANT, by=cast.organiser, unit=police)
    assert made
    assert made.unit.line == "公安"


class TestReminders:
    def told(self, cast: Cast) -> list[str]:
        return list(Notice.objects.of(cast.secretary).order_by("pk").values_list("title", flat=True))

    def test_a_term_that_ends_is_told_once_to_the_community(self, cast: Cast) -> None:
        Posting.objects.filter(user=cast.gridsecretary).update(until=ON + timedelta(days=60))
        for day in range(3):
            reminding.remind(MONDAY_TEN + timedelta(days=day))
        assert self.told(cast) == ["向阳第1网格书记的任期到 2027-01-15 届满"]

    def test_a_term_with_long_to_go_is_not_told(self, cast: Cast) -> None:
        Posting.objects.filter(user=cast.gridsecretary).update(until=ON + timedelta(days=61))
        assert reminding.remind(MONDAY_TEN) == 0

    def test_a_grid_whose_deputy_is_gone_is_told(self, cast: Cast, colleague: User) -> None:
        leave(cast, colleague)
        assert reminding.remind(MONDAY_TEN) == 0
        User.objects.filter(pk=colleague.pk).update(is_active=False)
        reminding.remind(MONDAY_TEN)
        assert self.told(cast) == ["向阳第1网格：王小燕请假，无人代管"]
