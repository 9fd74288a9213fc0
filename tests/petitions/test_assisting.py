"""A lead and its assisting units: each its own part, its own clocks, its own answer."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import clocks, workflow
from petitions.models import Dispatch, Petition, Promise, Status
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call, hours


def together(cast: Cast, *, item: str = "A08") -> Petition:
    petition = call(cast, item=item, urgency="normal")
    workflow.dispatch(
        petition,
        to=cast.bureau,
        assisting=[cast.construction],
        by=cast.dispatcher,
        opinion="请住建配合",
        at=AT + hours(0.2),
    )
    return petition


def contacted(cast: Cast, petition: Petition) -> None:
    workflow.sign(petition, by=cast.officer, at=AT + hours(0.4))
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已说明", at=AT + hours(0.5))


def replies(cast: Cast, petition: Petition, at: float) -> None:
    workflow.reply(petition, by=cast.officer, result="已修复", basis="条例", assessment="solved", at=AT + hours(at))


def test_an_assisting_unit_has_clocks_of_its_own_that_ring_to_its_people(cast: Cast) -> None:
    petition = together(cast)
    assert petition.unit == cast.bureau
    assert petition.assisting == [cast.construction.pk]
    own = {c.promise: c for c in petition.clocks.running().filter(unit=cast.construction)}
    assert set(own) == {Promise.ASSIST_SIGN, Promise.ASSIST_REPLY}
    resolve = petition.clocks.get(promise=Promise.RESOLVE)
    assert own[Promise.ASSIST_REPLY].length.delta == resolve.length.delta / 2
    assert Notice.objects.filter(person=cast.housing, title__startswith="请协办").exists()
    clocks.ring_due(own[Promise.ASSIST_REPLY].due_at)
    assert Notice.objects.filter(person=cast.housing, title__startswith="红牌", title__endswith="协办办理").exists()
    assert not Notice.objects.filter(person=cast.officer, title__endswith="协办办理").exists()


def test_the_lead_cannot_reply_while_an_assisting_unit_owes_its_part(cast: Cast) -> None:
    petition = together(cast)
    contacted(cast, petition)
    with pytest.raises(NotNow, match="住房和城乡建设局还没有提交协办结果"):
        replies(cast, petition, 1)
    workflow.assist_sign(petition, by=cast.housing, at=AT + hours(0.6))
    with pytest.raises(NotNow, match="还没有提交协办结果"):
        replies(cast, petition, 1)
    workflow.assist_reply(petition, by=cast.housing, result="已补坑", at=AT + hours(2))
    assert petition.assisting is None
    assert not petition.clocks.running().filter(unit=cast.construction).exists()
    assert petition.clocks.running().filter(promise=Promise.RESOLVE, unit=cast.bureau).exists()
    assert Notice.objects.filter(person=cast.officer, title__startswith="协办结果已提交，各协办单位都已完成").exists()
    replies(cast, petition, 2.5)
    assert petition.status == Status.AWAITING_APPROVAL
    part = petition.dispatches.get(role=Dispatch.Role.ASSISTING)
    assert (part.result, part.handled_by, part.ended_at) == ("已补坑", cast.housing, AT + hours(2))


def test_a_part_is_signed_before_it_is_answered_and_once(cast: Cast) -> None:
    petition = together(cast)
    with pytest.raises(NotNow, match="请先签收"):
        workflow.assist_reply(petition, by=cast.housing, result="好了", at=AT + hours(0.5))
    workflow.assist_sign(petition, by=cast.housing, at=AT + hours(0.5))
    with pytest.raises(NotNow, match="已经签收"):
        workflow.assist_sign(petition, by=cast.housing, at=AT + hours(0.6))


def test_only_an_assisting_unit_has_its_verbs(cast: Cast) -> None:
    petition = together(cast)
    assert not {"assist_sign", "assist_reply"} & set(workflow.available(petition, cast.officer, AT + hours(1)))
    assert set(workflow.available(petition, cast.housing, AT + hours(1))) == {"assist_sign", "assist_reply"}
    with pytest.raises(PermissionDenied):
        workflow.assist_sign(petition, by=cast.officer, at=AT + hours(1))
    with pytest.raises(PermissionDenied):
        workflow.sign(petition, by=cast.housing, at=AT + hours(1))


def test_units_are_added_and_let_go_later(cast: Cast) -> None:
    petition = call(cast, item="A08", urgency="normal")
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    contacted(cast, petition)
    workflow.involve(petition, units=[cast.construction], by=cast.reviewer, opinion="请现场认定", at=AT + hours(1))
    with pytest.raises(NotNow, match="已经在协办"):
        workflow.involve(petition, units=[cast.construction], by=cast.dispatcher, opinion="再请", at=AT + hours(1.1))
    with pytest.raises(NotNow, match="主办单位"):
        workflow.involve(petition, units=[cast.bureau], by=cast.dispatcher, opinion="再请", at=AT + hours(1.1))
    workflow.release(petition, unit=cast.construction, by=cast.dispatcher, note="不涉及", at=AT + hours(1.2))
    assert petition.dispatches.get(role=Dispatch.Role.ASSISTING).released
    assert not petition.clocks.running().filter(unit=cast.construction).exists()
    replies(cast, petition, 1.5)
    assert petition.status == Status.AWAITING_APPROVAL


def test_a_part_asked_for_late_is_due_before_the_whole(cast: Cast) -> None:
    petition = call(cast, item="A08", urgency="normal")
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    contacted(cast, petition)
    lead = petition.clocks.get(promise=Promise.RESOLVE)
    late = lead.due_at - timedelta(hours=2)
    workflow.involve(petition, units=[cast.construction], by=cast.dispatcher, opinion="请配合", at=late)
    assert petition.clocks.get(promise=Promise.ASSIST_REPLY).due_at <= lead.due_at


def test_what_ends_a_petition_ends_every_part(cast: Cast) -> None:
    petition = together(cast)
    contacted(cast, petition)
    workflow.assist_sign(petition, by=cast.housing, at=AT + hours(0.6))
    workflow.assist_reply(petition, by=cast.housing, result="已补坑", at=AT + hours(0.8))
    replies(cast, petition, 1)
    workflow.approve(petition, by=cast.head, at=AT + hours(2))
    workflow.pass_review(petition, by=cast.reviewer, at=AT + hours(3))
    workflow.call_back(
        petition, by=cast.caller, contacted=True, solved="yes", satisfied="yes", at=AT + timedelta(days=2)
    )
    assert petition.status == Status.CLOSED
    assert not petition.dispatches.filter(ended_at=None).exists()
    assert not petition.clocks.running().exists()


def test_an_assisting_unit_cannot_become_the_lead_by_the_way(cast: Cast) -> None:
    petition = together(cast)
    workflow.hand_back(
        petition, by=cast.officer, basis="权责清单", proposed_unit=cast.construction, material="x", at=AT + hours(0.5)
    )
    with pytest.raises(NotNow, match="正在协办"):
        workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, at=AT + hours(0.6))
    workflow.release(petition, unit=cast.construction, by=cast.reviewer, note="改主办", at=AT + hours(0.6))
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, at=AT + hours(0.7))
    assert petition.unit == cast.construction


def test_the_form_takes_several_units_by_name(cast: Cast, client: Client) -> None:
    petition = call(cast, item="A08")
    client.force_login(cast.dispatcher)
    address = f"/petitions/{petition.number}/do/dispatch/"
    form = client.get(address).content.decode()
    assert form.count('name="assisting"') == 3
    said = {"to": cast.bureau.name, "assisting": [cast.construction.name, "", "圣城街道办事处"], "seen": "1"}
    twice = client.post(address, said | {"assisting": [cast.bureau.name]})
    assert twice.status_code == 422
    assert "不能同时协办" in twice.content.decode()
    wrong = client.post(address, said | {"assisting": ["没有这个单位"]})
    assert "没有找到这个单位" in wrong.content.decode()
    assert 'value="没有这个单位"' in wrong.content.decode()
    assert client.post(address, said).status_code == 302
    assert petition.dispatches.filter(role=Dispatch.Role.ASSISTING).count() == 2
    page = client.get(f"/petitions/{petition.number}/").content.decode()
    assert "协办：<strong>住房和城乡建设局</strong> 待签收" in page
    assert "请协办：住房和城乡建设局、圣城街道" in page


def test_the_tray_of_the_assisting_unit_shows_its_part(cast: Cast, client: Client) -> None:
    petition = together(cast)
    client.force_login(cast.housing)
    tray = client.get("/petitions/tray/").content.decode()
    assert petition.number in tray
    found = client.get(f"/petitions/?facet=assisting&sort=due&assisting={cast.construction.pk}").content.decode()
    assert petition.number in found
    none = client.get(f"/petitions/?facet=assisting&sort=due&assisting={cast.bureau.pk}").content.decode()
    assert petition.number not in none
