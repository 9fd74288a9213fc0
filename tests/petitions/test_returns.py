"""“Not ours”: once, in time, with a ground; the clocks go on; two units that both say so are ruled upon."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from grids.models import Place
from petitions import clocks, proposals, timeline, workflow
from petitions.dossier import open_dossier
from petitions.models import Clock, Dispatch, Petition, Promise, Return, Ruling, Status
from petitions.models.terms import Effect
from tests.cast import MONDAY_TEN as AT
from tests.cast import XIANGYANG_1, Cast, call, hours


def with_bureau(cast: Cast, **said: Any) -> Petition:
    """A pothole before the market: given to the bureau at ten past ten. Five working days to resolve."""
    petition = call(cast, item="A08", title="市场门口塌陷", urgency="normal", **said)
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT + hours(0.2))
    return petition


def handed_back(cast: Cast, petition: Petition, *, at: float = 0.5, **said: Any) -> None:
    values: dict[str, Any] = {
        "basis": "权责清单第 12 项：道路养护由住建部门负责",
        "proposed_unit": cast.construction,
        "material": "现场是车行道塌陷。",
    } | said
    workflow.hand_back(petition, by=cast.officer, at=AT + hours(at), **values)


def in_arbitration(cast: Cast) -> Petition:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, note="属实", at=AT + hours(0.6))
    workflow.hand_back(
        petition,
        by=cast.housing,
        basis="市政设施移交清单未列此路",
        proposed_unit=cast.bureau,
        material="该路未移交。",
        at=AT + hours(0.8),
    )
    return petition


def running(petition: Petition) -> dict[tuple[str, str], Clock]:
    return {(c.promise, str(c.unit or "")): c for c in petition.clocks.running().select_related("unit")}


def ruled(cast: Cast, petition: Petition, **said: Any) -> None:
    values: dict[str, Any] = {
        "to": cast.bureau,
        "basis": "三定规定第五条",
        "place": Place.objects.get(code=XIANGYANG_1[:9]),
        "words": ["塌陷"],
        "at": AT + hours(1.2),
    } | said
    workflow.arbitrate(petition, by=cast.reviewer, **values)


def test_a_return_goes_to_the_reviewer_and_no_clock_stops(cast: Cast) -> None:
    petition = with_bureau(cast)
    before = {key: clock.due_at for key, clock in running(petition).items()}
    handed_back(cast, petition)
    assert petition.status == Status.RETURN_UNDER_REVIEW
    after = running(petition)
    assert {key: after[key].due_at for key in before} == before
    review = after[Promise.RETURN_REVIEW, ""]
    assert review.length.delta == timedelta(hours=2)
    assert Notice.objects.filter(person=cast.reviewer, title__startswith="退单待审").exists()


def test_an_upheld_return_gives_the_other_unit_clocks_of_its_own(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, note="属实", at=AT + hours(0.75))
    assert petition.status == Status.AWAITING_SIGN
    assert petition.unit == cast.construction
    going = running(petition)
    other = str(cast.construction)
    assert {key for key in going if key[1] == other} == {
        (promise, other) for promise in (Promise.SIGN, Promise.CONTACT, Promise.RESOLVE)
    }
    assert going[Promise.RESOLVE, other].started_at == AT + hours(0.75)
    # Of the first receiver only the contact goes on.
    assert {key for key in going if key[1] == str(cast.bureau)} == {(Promise.CONTACT, str(cast.bureau))}
    assert Return.objects.get().verdict == Return.Verdict.UPHELD
    assert petition.registered_at == AT


def test_the_first_receiver_keeps_the_contact_until_another_unit_signs(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, at=AT + hours(0.75))
    assert petition.contact_unit == cast.bureau
    assert "contact" in workflow.available(petition, cast.officer, AT + hours(0.8))
    assert "contact" not in workflow.available(petition, cast.housing, AT + hours(0.8))
    workflow.contact(petition, by=cast.officer, manner="phone", reached=True, note="已说明转办", at=AT + hours(0.9))
    told = petition.dispatches.get(unit=cast.bureau)
    assert (told.contacted_at, told.contact_note) == (AT + hours(0.9), "已说明转办")
    event = petition.events.get(action="contact")
    assert event.unit == cast.bureau

    workflow.sign(petition, by=cast.housing, at=AT + hours(1))
    petition.refresh_from_db()
    assert petition.contact_unit == cast.construction
    assert "contact" not in workflow.available(petition, cast.officer, AT + hours(1.1))
    assert "登记联系" in workflow.available(petition, cast.housing, AT + hours(1.1))["reply"]


def test_what_the_first_receiver_did_not_contact_stops_when_the_other_signs(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, at=AT + hours(0.75))
    workflow.sign(petition, by=cast.housing, at=AT + hours(1))
    assert {key[1] for key in running(petition)} == {str(cast.construction)}


def test_a_return_that_is_refused_goes_back_where_it_was(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.reject_return(petition, by=cast.reviewer, note="巡查职责在你局", at=AT + hours(0.6))
    assert petition.status == Status.AWAITING_SIGN
    workflow.sign(petition, by=cast.officer, at=AT + hours(0.7))
    assert "已就本件退过一次单" in workflow.available(petition, cast.officer, AT + hours(0.7))["hand_back"]
    with pytest.raises(NotNow, match="退过一次"):
        handed_back(cast, petition, at=0.8)


def test_a_signed_petition_goes_back_into_the_hands_it_was_in(cast: Cast) -> None:
    petition = with_bureau(cast)
    workflow.sign(petition, by=cast.officer, at=AT + hours(0.3))
    handed_back(cast, petition)
    workflow.reject_return(petition, by=cast.reviewer, note="巡查职责在你局", at=AT + hours(0.6))
    assert petition.status == Status.IN_HAND


def test_a_return_comes_in_time_or_not_at_all(cast: Cast) -> None:
    petition = with_bureau(cast)
    resolve = petition.clocks.get(promise=Promise.RESOLVE)
    quarter = resolve.length.delta / 4
    late = AT + hours(0.2) + min(quarter, timedelta(hours=4)) + timedelta(days=1)
    with pytest.raises(NotNow, match="截止"):
        handed_back(cast, petition, at=(late - AT).total_seconds() / 3600)


def test_a_short_promise_leaves_a_quarter_of_itself(cast: Cast) -> None:
    petition = call(cast, item="A02")  # four working hours to resolve: a quarter is one
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=AT)
    with pytest.raises(NotNow, match="11:00"):
        handed_back(cast, petition, at=1.1)
    handed_back(cast, petition, at=0.9)


def test_strangers_and_other_units_cannot_return(cast: Cast) -> None:
    petition = with_bureau(cast)
    for who in (cast.housing, cast.dispatcher, cast.reviewer):
        with pytest.raises(PermissionDenied):
            workflow.hand_back(
                petition, by=who, basis="权责清单", proposed_unit=cast.construction, material="x", at=AT + hours(0.3)
            )
    handed_back(cast, petition)
    for who in (cast.officer, cast.head, cast.dispatcher):
        with pytest.raises(PermissionDenied):
            workflow.uphold_return(petition, to=cast.construction, by=who, at=AT + hours(0.6))


def test_it_cannot_be_given_to_who_handed_it_back(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    with pytest.raises(NotNow, match="退单的单位"):
        workflow.uphold_return(petition, to=cast.bureau, by=cast.reviewer, at=AT + hours(0.6))
    petition.refresh_from_db()
    assert petition.status == Status.RETURN_UNDER_REVIEW
    assert Return.objects.get().verdict == ""


def test_two_units_that_both_say_not_ours_are_ruled_upon(cast: Cast) -> None:
    petition = in_arbitration(cast)
    assert petition.status == Status.IN_ARBITRATION
    going = running(petition)
    assert going[Promise.ARBITRATION, ""].length.delta == timedelta(hours=4)
    assert (Promise.RETURN_REVIEW, "") not in going
    assert (Promise.RESOLVE, str(cast.construction)) in going
    assert [event.action for event in petition.events.order_by("id")][-2:] == ["hand_back", "dispute"]
    moment = timeline.story(petition)[0]
    assert (moment.who, moment.sentence) == ("系统", "转入争议会商")


def test_a_ruling_binds_and_becomes_a_row_of_the_dispatch_catalogue(cast: Cast) -> None:
    petition = in_arbitration(cast)
    ruled(cast, petition)
    assert petition.status == Status.AWAITING_SIGN
    assert petition.unit == cast.bureau
    ruling = Ruling.objects.active().get()
    assert (ruling.item, ruling.unit, ruling.words, ruling.petition) == (petition.item, cast.bureau, ["塌陷"], petition)
    verdicts = {one.unit_id: one.verdict for one in petition.returns.all()}
    assert verdicts == {cast.bureau.pk: Return.Verdict.REJECTED, cast.construction.pk: Return.Verdict.UPHELD}
    with pytest.raises(NotNow, match="有约束力"):
        handed_back(cast, petition, at=1.3)

    proposal = proposals.unit_for(petition.item, petition.place, "路面塌陷，车过不去")
    assert proposal is not None
    assert proposal.unit == cast.bureau
    assert proposal.reason.startswith("会商裁定（2026-11-16 陈国栋）：圣城街道")
    usual = proposals.unit_for(petition.item, petition.place, "路面破损")
    assert usual is not None
    assert usual.unit != cast.bureau


def test_who_hands_back_in_the_second_place_need_not_contact_any_more(cast: Cast) -> None:
    """The first receiver still has to, until the one that is ruled signs."""
    petition = in_arbitration(cast)
    ruled(cast, petition)
    keepers = [unit for promise, unit in running(petition) if promise == Promise.CONTACT]
    assert keepers == [str(cast.bureau)]
    given_on = petition.clocks.get(promise=Promise.CONTACT, unit=cast.construction)
    assert given_on.stopped_at == AT + hours(1.2)
    promised = open_dossier(petition, to=cast.reviewer, at=AT + hours(2)).promises
    assert "已改派" in [one.words for one in promised if one.label.startswith("首次联系")]


def test_a_ruling_for_the_unit_that_has_it_moves_no_date(cast: Cast) -> None:
    petition = in_arbitration(cast)
    due = running(petition)[Promise.RESOLVE, str(cast.construction)].due_at
    ruled(cast, petition, to=cast.construction)
    assert petition.status == Status.AWAITING_SIGN
    assert running(petition)[Promise.RESOLVE, str(cast.construction)].due_at == due
    assert petition.dispatches.count() == 2


def test_a_second_ruling_on_the_same_matter_takes_the_place_of_the_first(cast: Cast) -> None:
    ruled(cast, in_arbitration(cast))
    ruled(cast, in_arbitration(cast), to=cast.construction)
    old, new = Ruling.objects.order_by("id")
    assert not old.active
    assert (new.active, new.replaces) == (True, old)


def test_the_centres_own_promises_ring_too(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    clocks.ring_due(AT + timedelta(days=2))
    rung = petition.events.filter(promise=Promise.RETURN_REVIEW).values_list("action", flat=True)
    assert {Effect.YELLOW_CARD, Effect.RED_CARD} <= set(rung)
    assert Notice.objects.filter(person=cast.reviewer, title__endswith="退单审核").exists()


def test_the_reviewer_may_call_the_units_together_at_once(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.dispute(petition, by=cast.reviewer, note="涉及两家", at=AT + hours(0.6))
    assert petition.status == Status.IN_ARBITRATION
    ruled(cast, petition, to=cast.construction)
    assert petition.unit == cast.construction
    with pytest.raises(NotNow, match="有约束力"):
        workflow.hand_back(
            petition, by=cast.housing, basis="x", proposed_unit=cast.bureau, material="y", at=AT + hours(1.3)
        )


def test_a_redo_is_not_handed_back_and_a_reopened_one_begins_anew(cast: Cast) -> None:
    petition = with_bureau(cast)
    petition.dispatches.update(round=2, signed_at=AT + hours(0.2))
    Petition.objects.filter(pk=petition.pk).update(redo_count=1, status=Status.IN_HAND)
    petition.refresh_from_db()
    with pytest.raises(NotNow, match="重办件"):
        handed_back(cast, petition)


def test_each_unit_has_one_return_held_by_the_database(cast: Cast) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    assert Dispatch.objects.filter(handed_back__isnull=False).count() == 1
    assert {c.name for c in Return._meta.constraints} >= {"one_return_per_unit", "return_has_material"}


def test_the_page_says_whose_promise_it_is_and_what_became_of_it(cast: Cast, client: Client) -> None:
    petition = with_bureau(cast)
    handed_back(cast, petition)
    workflow.uphold_return(petition, to=cast.construction, by=cast.reviewer, at=AT + hours(0.75))
    said = {(one.label, one.words) for one in open_dossier(petition, to=cast.reviewer, at=AT + hours(1)).promises}
    assert ("签收（综合行政执法局）", "已改派") in said
    assert ("办结（综合行政执法局）", "已改派") in said
    assert any(label == "首次联系（综合行政执法局）" and words.startswith("还剩") for label, words in said)
    workflow.sign(petition, by=cast.housing, at=AT + hours(1))
    said = {(one.label, one.words) for one in open_dossier(petition, to=cast.reviewer, at=AT + hours(1.1)).promises}
    assert ("首次联系（综合行政执法局）", "已由签收单位接续") in said
    client.force_login(cast.reviewer)
    page = client.get(f"/petitions/{petition.number}/").content.decode()
    assert "联系诉求人：<strong>住房和城乡建设局</strong>" in page
    assert "退单成立" in page
