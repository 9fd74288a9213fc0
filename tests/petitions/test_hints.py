"""While the caller speaks: history, look-alikes, and proposals with their reasons."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from petitions import lookalikes, rarity, terms
from petitions.models import Petition
from tests.cast import Cast, call
from tests.petitions.forms import FORM, said

HINTS = "/petitions/new/hints/"


def known(client: Client, **changes: object) -> str:
    return client.post(HINTS, said(**changes)).content.decode()


def test_the_callers_history_is_shown(operator: Client, cast: Cast) -> None:
    mine = call(cast, caller_phone="13800001111", title="上个月反映过的事", at=timezone.now() - timedelta(days=40))
    call(cast, caller_phone="13800002222", title="别人的事", at=timezone.now() - timedelta(days=40))
    page = known(operator, caller_phone="138 0000 1111", item="C03")
    assert mine.title in page
    assert "别人的事" not in page
    assert "首次来电" in known(operator, caller_phone="13800003333")


def test_history_holds_the_last_ten(cast: Cast) -> None:
    for n in range(12):
        call(cast, at=timezone.now() - timedelta(days=n), title=f"第 {n} 天前")
    assert [p.title for p in lookalikes.history("12000000001", to=cast.operator)] == [f"第 {n} 天前" for n in range(10)]


def test_lookalikes_come_with_their_reasons(operator: Client, cast: Cast) -> None:
    at = timezone.now()
    same_place = call(cast, item="A07", caller_phone="13800001111", title="同一处路灯", at=at - timedelta(days=2))
    call(cast, item="A07", caller_phone="13800001111", title="十天前的路灯", content="别的", at=at - timedelta(days=10))
    page = known(operator, caller_phone="13800009999")
    assert same_place.title in page
    assert "7 天内同一网格同一事项" in page
    assert "十天前的路灯" not in page


def test_one_petition_is_shown_once_with_all_reasons(cast: Cast) -> None:
    at = timezone.now()
    call(cast, item="A07", content="路灯不亮三天了", at=at - timedelta(days=1))
    (found,) = lookalikes.lookalikes(
        to=cast.operator,
        at=at,
        phone="12000000001",
        place=cast.grid,
        item=Petition.objects.get().item,
        words="路灯不亮三天",
    )
    assert found.reasons == ["7 天内同一网格同一事项", "同一电话，尚未办结", "内容相近"]


def test_similar_words_are_found_in_another_grid(cast: Cast) -> None:
    at = timezone.now()
    call(cast, place_id="370783001902001", content="夜市烧烤油烟呛人，半夜还在营业", at=at - timedelta(days=3))
    call(cast, place_id="370783001902002", title="别的", content="井盖响", at=at - timedelta(days=3))
    (found,) = lookalikes.lookalikes(to=cast.operator, at=at, words="烧烤油烟呛人，半夜营业")
    assert found.reasons == ["内容相近"]


def test_a_grid_worker_sees_no_lookalike_from_elsewhere(client: Client, cast: Cast) -> None:
    call(cast, place_id="370783001902001", title="外网格的事", content="路灯不亮", at=timezone.now())
    client.force_login(cast.worker)
    assert "外网格的事" not in known(client, channel="GRID", content="路灯不亮")


def test_a_grid_worker_learns_nothing_of_confidential_callers(client: Client, cast: Cast) -> None:
    call(cast, caller_phone="13800001111", confidential=True, title="保密的事", item="B01", at=timezone.now())
    client.force_login(cast.worker)
    page = known(client, channel="GRID", caller_phone="13800001111", content="无关", item="C03")
    assert "保密的事" not in page


def test_the_address_proposes_the_grid_with_its_reason(operator: Client) -> None:
    page = known(operator, address="圣城街道向阳第1网格", place="")
    assert 'value="place:370783001901001"' in page
    assert "地址写明“向阳第1网格”" in page
    assert "data-sure" in page


def test_the_words_propose_the_item(operator: Client) -> None:
    page = known(operator, content="井盖缺失，差点摔倒", item="")
    assert 'value="item:A06"' in page
    assert "事项名称含“井盖缺失”" in page


def test_common_words_find_nothing(cast: Cast) -> None:
    for n in range(60):
        call(cast, content=f"向阳小区居民反映问题{n}号", title="反映")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE petitions_petition")
    terms.forget()
    assert rarity.parts()["向阳"] == 1.0
    assert rarity.telling("向阳小区井盖") == ["区井", "井盖"]


def test_the_item_names_unit_urgency_and_dates(operator: Client) -> None:
    page = known(operator, item="B01", urgency="")
    assert "建议承办" in page
    assert "紧急程度按事项" in page
    assert "时限类别" in page
    assert "从派单起算" in page
    assert "只算工作时间" in page or "昼夜连续计算" in page


def test_without_a_phone_no_contact_is_promised(cast: Cast, operator: Client) -> None:
    assert "首次联系" in known(operator)
    assert "首次联系" not in known(operator, anonymous="on")


def test_without_script_a_proposal_is_a_button(operator: Client) -> None:
    page = operator.post(FORM, said(place="", pick="place:370783001901002"))
    assert page.status_code == 200
    assert page.context["form"]["place"].value() == "370783001901002"
    assert not Petition.objects.exists()
    page = operator.post(FORM, said(item="", check="1", content="井盖缺失"))
    assert page.status_code == 200
    assert "field-error" not in page.content.decode()
    assert 'value="item:A06"' in page.content.decode()


def test_half_a_form_and_nonsense_give_what_they_give(operator: Client) -> None:
    assert operator.post(HINTS, {}).status_code == 200
    assert operator.post(HINTS, {"caller_phone": "\x00", "place": "??", "item": "😀", "nature": "x"}).status_code == 200


def test_hints_take_a_bounded_number_of_queries(
    operator: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(15):
        call(cast, item="A07", at=timezone.now() - timedelta(hours=n))
    known(operator)
    with django_assert_max_num_queries(22):
        known(operator)
