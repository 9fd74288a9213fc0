"""The dispatch catalogue on its pages: who reads it, who changes it, and what a change leaves behind."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.notnow import NotNow
from grids.models import Item, Place
from petitions import handed_back, periods, proposals, workflow
from petitions.models import Petition, Ruling
from tests.cast import MONDAY_TEN as AT
from tests.cast import XIANGYANG_1, Cast, hours
from tests.petitions.test_returns import handed_back as hand_back
from tests.petitions.test_returns import in_arbitration, ruled, with_bureau


def a_ruling(cast: Cast) -> Ruling:
    ruled(cast, in_arbitration(cast))
    return Ruling.objects.active().get()


@pytest.mark.parametrize("username", ["officer", "worker", "member", "admin", "leader"])
def test_a_stranger_gets_nothing(cast: Cast, client: Client, username: str) -> None:
    ruling = a_ruling(cast)
    client.force_login(getattr(cast, username))
    for address in ("/rulings/", f"/rulings/{ruling.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/rulings/{ruling.pk}/end/", {"why": "不要了"}).status_code == 404
    assert Ruling.objects.active().exists()


def test_the_desk_reads_it_and_only_the_reviewer_changes_it(cast: Cast, client: Client) -> None:
    ruling = a_ruling(cast)
    client.force_login(cast.dispatcher)
    page = client.get("/rulings/").content.decode()
    assert "道路破损" in page
    assert "含“塌陷”" in page
    assert "改写或停用</a>" not in page
    assert client.get(f"/rulings/{ruling.pk}/").status_code == 403
    client.force_login(cast.reviewer)
    assert "改写或停用</a>" in client.get("/rulings/").content.decode()
    assert "没有符合的目录" in client.get("/rulings/?q=噪声").content.decode()
    assert "道路破损" in client.get("/rulings/?q=塌陷").content.decode()


def test_another_wording_is_another_row(cast: Cast, client: Client) -> None:
    ruling = a_ruling(cast)
    client.force_login(cast.reviewer)
    said = {
        "item": "A08",
        "place": "寿光市",
        "words": "塌陷、车行道",
        "unit": cast.construction.name,
        "basis": "移交纪要",
    }
    wrong = client.post(f"/rulings/{ruling.pk}/", said | {"words": "塌", "unit": "没有的局"})
    assert wrong.status_code == 422
    assert "每个 2 到 20 个字" in wrong.content.decode()
    assert "没有找到这个单位" in wrong.content.decode()
    assert client.post(f"/rulings/{ruling.pk}/", said).status_code == 302
    old, new = Ruling.objects.order_by("id")
    assert (old.ended_by, old.ended_why) == (cast.reviewer, "改写")
    assert (new.replaces, new.ruled_by, new.petition) == (old, cast.reviewer, old.petition)
    assert new.words == ["塌陷", "车行道"]
    late = client.post(f"/rulings/{ruling.pk}/", said)
    assert late.status_code == 409
    assert "刚刚被别人改过" in late.content.decode()
    assert "改写" in client.get("/rulings/?ended=1").content.decode()


def test_an_ended_ruling_proposes_nothing(cast: Cast, client: Client) -> None:
    ruling = a_ruling(cast)
    client.force_login(cast.reviewer)
    assert client.post(f"/rulings/{ruling.pk}/end/", {"why": ""}).status_code == 422
    assert client.post(f"/rulings/{ruling.pk}/end/", {"why": "职责已调整"}).status_code == 302
    proposal = proposals.unit_for(ruling.item, Place.objects.get(code=XIANGYANG_1), "塌陷")
    assert proposal is not None
    assert "会商裁定" not in proposal.reason
    with pytest.raises(NotNow):
        workflow.end_ruling(ruling, why="再停一次", by=cast.reviewer, at=AT)


def test_only_those_who_keep_it_may_change_it(cast: Cast) -> None:
    ruling = a_ruling(cast)
    with pytest.raises(PermissionDenied):
        workflow.end_ruling(ruling, why="不要了", by=cast.dispatcher, at=AT)


def test_the_more_particular_ruling_goes_first(cast: Cast) -> None:
    item, place = Item.objects.get(code="A08"), Place.objects.get(code=XIANGYANG_1)

    def rule(code: str, words: list[str], unit: str) -> None:
        workflow.enter_ruling(
            item=item,
            place=Place.objects.get(code=code),
            words=words,
            unit=getattr(cast, unit),
            basis="纪要",
            by=cast.reviewer,
            at=AT,
        )

    rule("370783", [], "construction")
    rule(XIANGYANG_1[:12], [], "bureau")
    found = proposals.unit_for(item, place, "门口塌陷")
    assert found is not None
    assert found.unit == cast.bureau
    rule("370783", ["塌陷"], "construction")
    found = proposals.unit_for(item, place, "门口塌陷")
    assert found is not None
    assert found.unit == cast.construction


def test_every_number_of_the_returns_opens_what_it_counted(cast: Cast, client: Client) -> None:
    with_bureau(cast)
    petition = with_bureau(cast)
    hand_back(cast, petition)
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, at=AT + hours(0.6))
    period = periods.read("2026-11", AT)
    units = {line.name: line.numbers for line in handed_back.of_units(cast.reviewer, period)}
    bureau = {number.label: number for number in units[cast.bureau.name]}
    assert (bureau["派单"].count, bureau["退单"].count, bureau["退单成立（错派）"].count) == (2, 1, 1)
    assert bureau["退单"].percent == "50.0%"
    client.force_login(cast.reviewer)
    for numbers in units.values():
        for number in numbers:
            page = client.get(number.href).content.decode()
            assert f"共 {number.count} 件" in page, number
    people = {
        line.name: [number.count for number in line.numbers]
        for line in handed_back.of_dispatchers(cast.reviewer, period)
    }
    assert people == {"刘志远": [2, 1], "陈国栋": [1, 0]}
    page = client.get("/returns/?period=2026-11").content.decode()
    assert "各派单人" in page
    client.force_login(cast.officer)
    assert "刘志远" not in client.get("/returns/?period=2026-11").content.decode()
    assert client.get("/returns/?period=去年").status_code == 422


def test_a_redo_is_no_new_dispatch(cast: Cast) -> None:
    petition = with_bureau(cast)
    petition.dispatches.update(round=2, signed_at=AT + hours(0.2))
    found = Petition.objects.filter(handed_back.turned("sent", periods.read("2026-11", AT)))
    assert not found.exists()
