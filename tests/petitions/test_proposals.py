"""Item, grid and unit proposed with their reasons: by the catalogues, the rulings, and what was said before."""

import random
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client

from accounts.models import Unit
from grids.models import Item, Place
from petitions import choices, lessons, proposals, terms, workflow
from petitions.models import Lesson, Petition
from petitions.proposals import ItemProposal
from shouyang.demo import arrivals, city
from tests.cast import MONDAY_TEN as AT
from tests.cast import XIANGYANG_1, Cast, call
from tests.petitions.test_hints import known

XIANGYANG_2 = "370783001901002"
numbers = count()


def first(words: str) -> ItemProposal:
    return proposals.items_for(words)[0]


def heard(cast: Cast, times: int, item: str, content: str) -> None:
    """So many callers say it."""
    for _ in range(times):
        phone = f"138{next(numbers):08}"
        call(cast, item=item, content=content, title="反映", caller_phone=phone, at=AT - timedelta(days=3))


@pytest.fixture
def quiet_days(cast: Cast) -> None:
    """A little of everything, in words of no use here."""
    for code in ("A01", "A03", "A04", "A05", "B02", "B03", "C01", "D01", "D02", "E02"):
        heard(cast, 2, code, "来问一问")


# --- Items ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quiet_days")
def test_what_was_said_before_teaches_the_item(cast: Cast) -> None:
    heard(cast, 6, "C03", "广场舞音响太大吵得睡不着")
    assert "C03" not in [one.item.code for one in proposals.items_for("楼下广场舞太吵")]
    lessons.learn()
    best = first("楼下广场舞太吵")
    assert best.item.code == "C03"
    assert best.reason == "已有 6 件说到“广场舞”的诉求归为此项"


@pytest.mark.usefixtures("quiet_days")
def test_an_item_changed_by_the_centre_teaches_the_changed_one(cast: Cast) -> None:
    heard(cast, 6, "C03", "广场舞音响太大吵得睡不着")
    Petition.objects.filter(item__code="C03").update(item=Item.objects.get(code="E01"))
    lessons.learn()
    assert first("楼下广场舞太吵").item.code == "E01"


@pytest.mark.usefixtures("quiet_days")
def test_what_fewer_than_five_callers_said_is_neither_learned_nor_counted(cast: Cast) -> None:
    """Whoever types a name must not be told that somebody of that name once called."""
    for _ in range(9):
        call(cast, item="B01", content="王秀英被打")
    lessons.learn()
    assert not Lesson.objects.filter(word__in=["王秀", "秀英", "被打"]).exists()
    for times, content in ((4, "广场舞音响"), (3, "广场 音响"), (3, "场舞音")):
        heard(cast, times, "C03", content)
    lessons.learn()
    assert first("广场舞音响").reason == "以往说到“广场舞音响”的诉求多归为此项"


@pytest.mark.usefixtures("quiet_days")
def test_what_nobody_has_sorted_yet_teaches_nothing(cast: Cast) -> None:
    unsorted = choices.unsorted()
    assert unsorted is not None
    heard(cast, 6, unsorted.code, "广场舞音响太大吵得睡不着")
    lessons.learn()
    assert not Lesson.objects.filter(word="广场").exists()


@pytest.mark.usefixtures("quiet_days")
def test_the_database_reads_the_same_signs_of_a_text_as_we_do(cast: Cast) -> None:
    heard(cast, 5, "C03", "ＫＴＶ音响 24小时，吵")
    lessons.learn()
    (petition, *_) = Petition.objects.filter(item__code="C03")
    said = set(lessons.signs(f"{petition.title} {petition.address} {petition.content}"))
    shared = set(lessons.signs(f"{petition.title} {petition.address}"))
    learned = set(Lesson.objects.filter(item=petition.item).values_list("word", flat=True))
    assert learned == said - shared
    assert {"ktv", "音响", "24", "吵", "音", "响"} <= learned


@pytest.mark.usefixtures("quiet_days")
def test_learning_again_leaves_the_same(cast: Cast) -> None:
    heard(cast, 5, "C03", "广场舞音响太大")
    lessons.learn()
    before = sorted(Lesson.objects.values_list("word", "item", "weight"))
    assert lessons.learn() == len(before) > 0
    assert sorted(Lesson.objects.values_list("word", "item", "weight")) == before


def test_the_dispatch_catalogue_names_the_item_too(cast: Cast) -> None:
    item, place = Item.objects.get(code="A08"), Place.objects.get(code=XIANGYANG_1)
    workflow.enter_ruling(
        item=item, place=place, words=["地坑"], unit=cast.construction, basis="纪要", by=cast.reviewer, at=AT
    )
    terms.forget()
    best = first("门口有个地坑")
    assert best.item == item
    assert "派单目录中此项写明“地坑”" in best.reason


def test_petitions_in_other_words_are_recognised_more_often_than_by_name(cast: Cast) -> None:
    """A month of the demo city in small; `make bench ONLY=proposals` does it with whole months."""
    rng = random.Random(1)
    callers = arrivals.callers(rng)
    items = {item.code: item for item in Item.objects.select_related("lead")}
    places = {place.code: place for place in Place.objects.select_related("unit").defer("boundary")}
    told = [city.told(rng, next(callers), AT, items, places).petition for _ in range(700)]
    for n, petition in enumerate(told):
        petition.registered_at, petition.number = AT, f"SG{n}"
        petition.index_words()
    asked = told[600:]

    def right() -> int:
        return sum(
            petition.item in [one.item for one in proposals.items_for(petition.content)[:3]] for petition in asked
        )

    by_name = right()
    Petition.objects.bulk_create(told[:600])
    lessons.learn()
    assert right() > max(1.3 * by_name, 0.75 * len(asked))


# --- Grids ----------------------------------------------------------------------------------------------------


def test_the_callers_earlier_petitions_propose_the_grid(operator: Client, cast: Cast) -> None:
    call(cast, caller_phone="13800001111", place_id=XIANGYANG_2)
    page = known(operator, caller_phone="13800001111", address="", place="", item="")
    assert f'value="place:{XIANGYANG_2}"' in page
    assert "该号码此前 1 件诉求在此" in page
    assert "data-sure" not in page.partition('id="item-proposals"')[0]


def test_they_settle_what_the_address_leaves_open(cast: Cast) -> None:
    call(cast, place_id=XIANGYANG_2)
    community, *_ = proposals.places_for("圣城街道向阳社区卫生服务站旁", [])
    assert community.place.code == XIANGYANG_2[:12]
    best, *_ = proposals.places_for("圣城街道向阳社区卫生服务站旁", Petition.objects.all())
    assert best.place.code == XIANGYANG_2
    assert best.reason == "地址中含社区名“向阳社区”；该号码此前 1 件诉求在此"
    assert not best.sure


def test_an_address_elsewhere_is_believed(cast: Cast) -> None:
    call(cast, place_id=XIANGYANG_2)
    for address in ("学院社区第3网格", "学院社区卫生服务站旁"):
        assert proposals.places_for(address, Petition.objects.all()) == proposals.places_for(address, [])


def test_a_grid_worker_learns_no_grid_of_a_confidential_caller(client: Client, cast: Cast) -> None:
    call(cast, caller_phone="13800001111", confidential=True, item="A07")
    client.force_login(cast.worker)
    assert "该号码此前" not in known(client, channel="GRID", caller_phone="13800001111", address="", place="")


# --- Units ----------------------------------------------------------------------------------------------------


@pytest.fixture
def heating(db: None) -> Item:
    """Its line has no unit in the catalogue, as in a city that has not entered its companies."""
    item = Item.objects.get(code="D09")
    assert item.lead is None
    return item


def dispatched(cast: Cast, times: int, item: Item, to: Unit, place: str = XIANGYANG_1) -> None:
    for _ in range(times):
        workflow.dispatch(call(cast, item=item.code, place_id=place), to=to, by=cast.dispatcher, at=AT)


def test_practice_proposes_the_unit_that_the_catalogue_leaves_open(cast: Cast, heating: Item) -> None:
    assert proposals.unit_for(heating, cast.grid) is None
    dispatched(cast, 3, heating, cast.construction)
    dispatched(cast, 1, heating, cast.bureau)
    found = proposals.unit_for(heating, cast.grid)
    assert found is not None
    assert found.unit == cast.construction
    assert found.reason == f"目录没有写明承办单位；近期 4 件“{heating.name}”中 3 件由其承办"


def test_practice_that_is_divided_proposes_nobody(cast: Cast, heating: Item) -> None:
    dispatched(cast, 3, heating, cast.construction)
    dispatched(cast, 3, heating, cast.bureau)
    assert proposals.unit_for(heating, cast.grid) is None


def test_a_unit_that_is_no_more_is_not_proposed(cast: Cast, heating: Item) -> None:
    dispatched(cast, 3, heating, cast.construction)
    Unit.objects.filter(pk=cast.construction.pk).update(active=False)
    assert proposals.unit_for(heating, cast.grid) is None


def test_what_streets_answer_for_is_proposed_to_this_street(cast: Cast) -> None:
    item = Item.objects.filter(lead_line="街道").earliest("code")
    found = proposals.unit_for(item, cast.grid)
    assert found is not None
    assert (found.unit.name, found.reason) == ("圣城街道办事处", "该事项由所在街道承办")
    assert proposals.unit_for(item, None) is None
