"""准入: what is not on the list of what enters the grid is ordered onto no grid worker."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, Unit, User
from accounts.notnow import NotNow
from grids.models import CatalogueVersion, Duty, Item, ListedItem, Place, Posting
from petitions import clocks, proposals, terms, timeline, workflow
from petitions.models import Petition, Status
from petitions.permissions import why_not_ordered
from tests.cast import CITY_CODE, MONDAY_TEN, Cast, call, hours

ON = date(2026, 11, 16)
PAGE = "/petitions/dispatch/"


@pytest.fixture(autouse=True)
def on_that_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("grids.scope", "petitions.permissions", "petitions.clocks"):
        monkeypatch.setattr(f"{module}.today", lambda: ON)


@pytest.fixture
def committee(cast: Cast) -> Unit:
    """Its petitions are taken in by a worker of one of its grids, as in most communities."""
    unit = Unit.objects.get(name="圣城街道向阳社区居委会")
    post(cast.worker, Duty.RECEIVER, unit)
    post(cast.worker, Duty.HANDLER, unit)
    return unit


def post(user: User, duty: str, unit: Unit) -> Posting:
    place = Place.objects.get(pk="370783001901")
    return Posting.objects.create(user=user, duty=duty, unit=unit, place=place, since=date(2020, 1, 1))


def head(unit: Unit) -> User:
    user = User.objects.create(username="deputy", name="马丽")
    post(user, Duty.HEAD, unit)
    return user


def put_on_the_list(code: str, until: date | None) -> None:
    version, item = CatalogueVersion.objects.latest("pk"), Item.objects.get(code=code)
    said = {name: getattr(item, name) for name in ListedItem.FIELDS}
    ListedItem.objects.create(version=version, item=item, code=code, until=until, **said)
    terms.forget()


def told(petition: Petition) -> set[str]:
    return set(Notice.objects.filter(title__contains=petition.number).values_list("person__name", flat=True))


def test_what_is_on_the_list_goes_to_the_worker_at_the_desk(cast: Cast, committee: Unit) -> None:
    petition = call(cast, item="A02")
    workflow.dispatch(petition, to=committee, by=cast.dispatcher, at=MONDAY_TEN)
    assert told(petition) == {cast.worker.name}
    assert str(timeline.holder(petition)) == "向阳社区收件员（王小燕）"


def test_what_is_not_goes_to_the_head_of_the_committee(cast: Cast, committee: Unit) -> None:
    petition, deputy = call(cast, item="F01"), head(committee)
    workflow.dispatch(petition, to=committee, by=cast.dispatcher, at=MONDAY_TEN)
    assert told(petition) == {deputy.name}
    assert str(timeline.holder(petition)) == "向阳社区（马丽）"
    clocks.ring_due(MONDAY_TEN + timedelta(days=9))
    rung = set(Notice.objects.filter(key__startswith="clock:").values_list("person__name", flat=True))
    assert deputy.name in rung
    assert cast.worker.name not in rung
    workflow.sign(petition, by=deputy, at=MONDAY_TEN + hours(1))
    assert str(timeline.holder(petition)) == "向阳社区（马丽）"


def test_a_receiver_who_works_in_no_grid_receives(cast: Cast, committee: Unit) -> None:
    other = User.objects.create(username="desk", name="周敏")
    post(other, Duty.RECEIVER, committee)
    petition = call(cast, item="F01")
    workflow.dispatch(petition, to=committee, by=cast.dispatcher, at=MONDAY_TEN)
    assert told(petition) == {other.name}


def test_where_nobody_else_is_it_is_refused_beside_the_unit(client: Client, cast: Cast, committee: Unit) -> None:
    petition = call(cast, item="F01")
    sentence = "不在入格事项清单内，不能派给网格员"
    with pytest.raises(NotNow, match=sentence):
        workflow.dispatch(petition, to=committee, by=cast.dispatcher, at=MONDAY_TEN)
    with pytest.raises(NotNow, match=sentence):
        workflow.dispatch(petition, to=cast.bureau, assisting=[committee], by=cast.dispatcher, at=MONDAY_TEN)
    petition.refresh_from_db()
    assert petition.status == Status.AWAITING_DISPATCH
    client.force_login(cast.dispatcher)
    said: dict[str, Any] = {"to": committee.name, "seen": petition.version}
    page = client.post(f"/petitions/{petition.number}/do/dispatch/", said)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    said = {"to": cast.bureau.name, "assisting": [committee.name], "seen": petition.version}
    assert sentence in client.post(f"/petitions/{petition.number}/do/dispatch/", said).content.decode()


def test_several_at_once_are_looked_at_one_by_one(client: Client, cast: Cast, committee: Unit) -> None:
    on, beyond = call(cast, item="A02"), call(cast, item="F01")
    client.force_login(cast.dispatcher)
    said = {"to": committee.name, "opinion": "", "number": [on.number, beyond.number]}
    page = client.post(PAGE, said).content.decode()
    assert "共 2 件，能派 1 件" in page
    assert "不在入格事项清单内" in page
    assert "派出 1 件" in client.post(PAGE, said | {"do": "1"}).content.decode()
    assert [Petition.objects.get(pk=one.pk).unit for one in (on, beyond)] == [committee, None]


def test_a_temporary_item_counts_up_to_its_last_day(
    cast: Cast, committee: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = Item.objects.get(code="F01")
    put_on_the_list("F01", until=ON)
    assert why_not_ordered(item, committee) == ""
    monkeypatch.setattr("petitions.permissions.today", lambda: ON + timedelta(days=1))
    terms.forget()
    assert "不能派给网格员" in why_not_ordered(item, committee)


def test_a_department_answers_for_anything(cast: Cast, committee: Unit) -> None:
    assert why_not_ordered(Item.objects.get(code="F01"), cast.bureau) == ""
    empty = Unit.objects.filter(kind=Unit.Kind.COMMUNITY_COMMITTEE).exclude(pk=committee.pk)[0]
    assert why_not_ordered(Item.objects.get(code="F01"), empty) == "", "nobody is there yet"


def test_a_proposal_says_why_not(client: Client, cast: Cast, committee: Unit) -> None:
    item = Item.objects.get(code="F01")
    ruled: dict[str, Any] = {"place": Place.objects.get(pk=CITY_CODE), "words": [], "unit": committee}
    workflow.enter_ruling(item=item, basis="就近", by=cast.reviewer, at=MONDAY_TEN, **ruled)
    proposal = proposals.unit_for(item, cast.grid)
    assert proposal
    assert "但“中小学幼儿园招生入学、转学”不在入格事项清单内" in proposal.reason
    client.force_login(cast.dispatcher)
    page = client.get(f"/petitions/{call(cast, item='F01').number}/do/dispatch/").content.decode()
    assert "不在入格事项清单内" in page
    assert f'name="to" value="{committee.name}"' not in page
