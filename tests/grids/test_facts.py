"""Facts of compounds and buildings: typed by whom the pages beside them let, kept with what was, and by two at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Unit
from accounts.notnow import NotNow
from grids import workflow
from grids.models import Building, Compound, FactsChange
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import door

COMPOUND = {
    "owners_committee": "锦绣华庭第二届业主委员会",
    "committee_until": "2027-05-31",
    "parking_spaces": "420",
    "charging_points": "36",
    "renewal": "planned",
    "repair_fund": "True",
}
BUILDING = {
    "built_year": "1998",
    "structure": "brick",
    "heating": "district",
    "gas": "piped",
    "elevator": "False",
    "accessible": "True",
}


@pytest.fixture
def building(cast: Cast) -> Building:
    return door().building


@pytest.fixture
def secretary(cast: Cast, client: Client) -> Client:
    client.force_login(cast.secretary)
    return client


def opened(client: Client, address: str) -> dict[str, str]:
    form = client.get(address).context["form"]
    return {name: str("" if form[name].value() is None else form[name].value()) for name in form.fields}


def test_what_is_known_of_a_compound_is_typed_and_read(secretary: Client, building: Building) -> None:
    company = Unit.objects.create(name="寿光市安居物业有限公司", kind=Unit.Kind.PROPERTY_COMPANY)
    page, form = f"/grids/compounds/{building.compound_id}/", f"/grids/compounds/{building.compound_id}/facts/"
    assert form in secretary.get(page).content.decode()
    sent = opened(secretary, form) | COMPOUND | {"property_company": str(company.pk)}
    assert secretary.post(form, sent).status_code == 302
    compound = Compound.objects.get(pk=building.compound_id)
    assert (compound.property_company, compound.committee_until) == (company, date(2027, 5, 31))
    assert (compound.parking_spaces, compound.charging_points, compound.repair_fund) == (420, 36, True)
    shown = secretary.get(page).content.decode()
    for words in (company.name, "锦绣华庭第二届业主委员会", "2027-05-31", "420", "36", "已列入计划", "改过什么"):
        assert words in shown


def test_what_is_known_of_a_building_is_typed_and_read(secretary: Client, building: Building) -> None:
    page, form = f"/grids/buildings/{building.pk}/", f"/grids/buildings/{building.pk}/facts/"
    assert form in secretary.get(page).content.decode()
    assert secretary.post(form, opened(secretary, form) | BUILDING).status_code == 302
    building.refresh_from_db()
    assert (building.built_year, building.elevator, building.accessible) == (1998, False, True)
    shown = secretary.get(page).content.decode()
    for words in ("1998", "砖混", "集中供暖", "管道天然气"):
        assert words in shown
    summary = secretary.get(f"/grids/compounds/{building.compound_id}/").content.decode()
    assert "1998 年 · 砖混 · 供暖：集中供暖 · 管道天然气 · 无电梯 · 有无障碍设施" in summary


def test_what_was_who_changed_it_and_when_is_kept(cast: Cast, building: Building) -> None:
    for year in (1998, 1999):
        workflow.edit_facts(building, {"built_year": year}, seen=10**9, by=cast.secretary, at=MONDAY_TEN)
    found = building.changes.values_list("field", "old", "new", "by", "at")
    person = cast.secretary.pk
    assert list(found) == [
        ("built_year", "1998", "1999", person, MONDAY_TEN),
        ("built_year", "", "1998", person, MONDAY_TEN),
    ]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        FactsChange.objects.update(old="2000")


def test_what_was_not_changed_leaves_no_trace(secretary: Client, building: Building) -> None:
    form = f"/grids/buildings/{building.pk}/facts/"
    assert secretary.post(form, opened(secretary, form)).status_code == 302
    assert not FactsChange.objects.exists()


def test_two_who_edit_different_facts_both_keep_theirs(cast: Cast, secretary: Client, building: Building) -> None:
    form, other = f"/grids/buildings/{building.pk}/facts/", Client()
    other.force_login(cast.street)
    mine, theirs = opened(secretary, form), opened(other, form)
    secretary.post(form, mine | {"built_year": "1998"})
    assert other.post(form, theirs | {"gas": "bottled"}).status_code == 302
    building.refresh_from_db()
    assert (building.built_year, building.gas) == (1998, "bottled")


def test_the_same_fact_stops_and_asks_and_keeps_what_was_typed(
    cast: Cast, secretary: Client, building: Building
) -> None:
    form, other = f"/grids/buildings/{building.pk}/facts/", Client()
    other.force_login(cast.street)
    mine, theirs = opened(secretary, form), opened(other, form)
    secretary.post(form, mine | {"built_year": "1998", "elevator": "True"})
    answer = other.post(form, theirs | {"built_year": "1989", "gas": "piped"})
    assert answer.status_code == 422
    assert "刚刚被别人改成“1998”" in answer.content.decode()
    again = answer.context["form"]
    sent = {name: str(again[name].value() or "") for name in again.fields}
    assert (sent["built_year"], sent["gas"], sent["elevator"]) == ("1989", "piped", "True")
    assert other.post(form, sent | {"seen": str(FactsChange.objects.latest("id").pk)}).status_code == 302
    assert other.post(form, theirs | {"built_year": "1990"}).status_code == 422, "an old page asks again"
    building.refresh_from_db()
    assert (building.built_year, building.gas, building.elevator) == (1989, "piped", True)
    with pytest.raises(NotNow, match="建筑年代"):
        workflow.edit_facts(building, {"built_year": 2001}, seen=0, by=cast.street, at=MONDAY_TEN)


def test_only_those_who_say_where_it_stands_say_what_it_is(cast: Cast, client: Client, building: Building) -> None:
    pages = (f"/grids/compounds/{building.compound_id}/facts/", f"/grids/buildings/{building.pk}/facts/")
    for name, status in {"secretary": 200, "street": 200, "auditor": 403, "worker": 404, "member": 404}.items():
        client.force_login(getattr(cast, name))
        assert [client.get(page).status_code for page in pages] == [status] * 2, name
    with pytest.raises(PermissionDenied):
        workflow.edit_facts(building, {"built_year": 2001}, seen=0, by=cast.worker, at=MONDAY_TEN)
    client.force_login(cast.auditor)
    page = client.get(f"/grids/compounds/{building.compound_id}/").content.decode()
    assert "维修资金" in page
    assert "修改资料" not in page


def test_what_cannot_be_is_said_beside_its_field(secretary: Client, building: Building) -> None:
    form = f"/grids/buildings/{building.pk}/facts/"
    for year, why in {"98": "不能小于 1900", "2100": "还没有到这一年", "很久": "请填整数"}.items():
        answer = secretary.post(form, opened(secretary, form) | {"built_year": year})
        assert answer.status_code == 422
        assert why in answer.content.decode()
    form = f"/grids/compounds/{building.compound_id}/facts/"
    answer = secretary.post(form, opened(secretary, form) | {"committee_until": "2027-05-31", "parking_spaces": "-1"})
    page = answer.content.decode()
    assert "请先填业主委员会" in page
    assert "不能小于 0" in page


def test_a_committee_whose_term_is_ending_is_seen(cast: Cast, secretary: Client, building: Building) -> None:
    pages = (f"/grids/compounds/{building.compound_id}/", f"/places/{building.compound.community_id}/points/")
    today = timezone.localdate()
    for days, words in {
        91: "",
        90: "业委会还有 90 天届满",
        0: "业委会还有 0 天届满",
        -1: "业委会已届满，应换届",
    }.items():
        Compound.objects.update(owners_committee="业委会", committee_until=today + timedelta(days=days))
        for page in pages:
            shown = secretary.get(page).content.decode()
            assert words in shown if words else "天届满" not in shown
